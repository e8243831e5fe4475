/** A network with all that is needed to run it without this lab: a few files, or one zip of them. */
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { BadInput } from '../../errors';
import { isComparator } from '../../families/anyArch';
import type { AnyModel, Model } from '../../nn/model';
import { encodeSafetensors } from '../safetensors';
import { logitsOfPicture } from './logits';
import { patternPixels } from './pattern';
import { type PlainConfig, plainNetwork } from './plain';
import { readmeOf } from './readme';
import { RUNNER } from './runner';

export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface TakeAlong {
  readonly config: PlainConfig;
  /** What the lab's own network makes of the test pattern. */
  readonly check: readonly number[];
  readonly files: readonly NamedFile[];
}

/**
 * The files of a network; its logits of the test pattern are computed on the engine that runs. Throws `BadInput` for a
 * comparator.
 */
export async function takeAlong(given: AnyModel): Promise<TakeAlong> {
  const { arch } = given;
  if (isComparator(arch)) {
    throw new BadInput(
      `This network is ${arch.id}, a comparator: only networks of the lab's own kind can be taken along with a script ` +
        'that runs them. Save its file as it is, or choose another network.',
    );
  }
  const model = { ...given, arch };
  const { size, channels } = model.arch.input;
  return filesOf(model, await logitsOfPicture(model, patternPixels(size, channels)));
}

/** The same with the logits given: a pure function. */
export function filesOf(model: Model, check: readonly number[]): TakeAlong {
  const network = plainNetwork(model);
  const { config, tensors } = network;
  const { provenance } = model;
  const metadata = {
    format: config.format,
    config: JSON.stringify({ ...config, check }),
    provenance: JSON.stringify(provenance),
  };
  const files: NamedFile[] = [
    { name: 'network.safetensors', bytes: encodeSafetensors({ metadata, tensors }) },
    text('run.py', RUNNER),
  ];
  if (provenance.recipe) files.push(text('recipe.json', `${JSON.stringify(provenance.recipe, null, 2)}\n`));
  const sizes = files.map(({ name, bytes }) => ({ name, bytes: bytes.length }));
  const readme = text('README.md', readmeOf({ model, network, check, files: sizes }));
  return { config, check, files: [readme, ...files] };
}

/** One zip with the files in a folder; the same files give the same bytes. */
export async function zipFolder(folder: string, files: readonly NamedFile[]): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    useWebWorkers: false,
    extendedTimestamp: false,
    lastModDate: new Date(1980, 0, 1),
  });
  for (const { name, bytes } of files) await writer.add(`${folder}/${name}`, new Uint8ArrayReader(bytes));
  return writer.close();
}

const text = (name: string, content: string): NamedFile => ({
  name,
  bytes: new TextEncoder().encode(content),
});

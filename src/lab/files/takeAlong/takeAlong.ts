/** A network with all that is needed to run it without this lab: a few files, or one zip of them. */
import { BadInput } from '../../errors';
import type { PortableConfig } from '../../families/family';
import { familyOf } from '../../families/registry';
import type { Model } from '../../nn/model';
import { provenanceIn } from '../../recipe/provenance';
import { encodeSafetensors, safeTensors } from '../safetensors';
import { logitsOfPicture } from './logits';
import { PATTERN, patternPixels } from './pattern';
import { readmeOf } from './readme';
import type { NamedFile } from './zip';

export { type NamedFile, zipFolder } from './zip';

export interface TakeAlong {
  readonly config: PortableConfig;
  /** What the lab's own network makes of the test pattern. */
  readonly check: readonly number[];
  readonly files: readonly NamedFile[];
}

/**
 * The files of a network; its logits of the test pattern are computed on the engine that runs. Throws `BadInput` for a
 * network whose family has no form that runs elsewhere.
 *
 * @param figures what the README says of how it does on tiles, as Markdown; left out where nothing was measured.
 */
export async function takeAlong(model: Model, figures?: string): Promise<TakeAlong> {
  portableOf(model);
  const { size, channels } = model.arch.input;
  return filesOf(model, await logitsOfPicture(model, patternPixels(size, channels)), figures);
}

/** The same with the logits given: a pure function. */
export function filesOf(model: Model, check: readonly number[], figures?: string): TakeAlong {
  const portable = portableOf(model);
  const network = portable.network(model);
  const { config } = network;
  const tensors = safeTensors(network.tensors);
  const { provenance } = model;
  const metadata = {
    format: config.format,
    config: JSON.stringify({ ...config, check }),
    provenance: JSON.stringify(provenance),
  };
  const script = portable.script(PATTERN, model.arch);
  const files: NamedFile[] = [
    { name: 'network.safetensors', bytes: encodeSafetensors({ metadata, tensors }) },
    text('run.py', script),
  ];
  const origin = provenanceIn(model);
  if (origin) files.push(text('recipe.json', `${JSON.stringify(origin.recipe, null, 2)}\n`));
  const sizes = files.map(({ name, bytes }) => ({ name, bytes: bytes.length }));
  const [title, steps] = [portable.title(model.arch), portable.steps(network)];
  const readme = text(
    'README.md',
    readmeOf({ model, title, steps, script, tensors, check, figures, files: sizes }),
  );
  return { config, check, files: [readme, ...files] };
}

function portableOf({ arch }: Model) {
  const { portable } = familyOf(arch);
  if ('refusal' in portable) throw new BadInput(`This network is ${arch.id}, ${portable.refusal}.`);
  return portable;
}

const text = (name: string, content: string): NamedFile => ({
  name,
  bytes: new TextEncoder().encode(content),
});

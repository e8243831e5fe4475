/** The manifests under `datasets/`, by name. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, parseManifest } from '../src/lab/data/fetch/manifest';
import { BadInput } from '../src/lab/errors';
import { readJson } from './node/files';

/** The manifest of a name. Throws BadInput when there is none, naming those there are. */
export async function readManifest(name: string, folder: string): Promise<Manifest> {
  const names = (await readdir(folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
  if (!names.includes(name)) {
    throw new BadInput(`There is no data set "${name}" to fetch. Choose one of: ${names.join(', ')}.`);
  }
  const file = join(folder, `${name}.json`);
  return parseManifest(await readJson(file), file);
}

/** The manifests under `datasets/`: where a published data set comes from, and how to know that it came whole. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BadInput } from '../src/lab/errors';
import { readJson } from './files';

const File = z
  .object({
    url: z.url({ protocol: /^https?$/ }),
    bytes: z.int().min(1).optional(),
    md5: z.hex().length(32).optional(),
    sha256: z.hex().length(64).optional(),
  })
  .refine(({ md5, sha256 }) => md5 || sha256, 'a file needs md5 or sha256');

const Published = z.object({
  title: z.string(),
  files: z.array(File).min(1),
});
/** A set made here from another one: a rotated draw of it (src/lab/data/rotated.ts). */
const Made = z.object({ title: z.string(), rotated: z.string() });
const Manifest = z.union([Made, Published]);

export type RemoteFile = z.infer<typeof File>;
export type Manifest = z.infer<typeof Manifest>;

/** The manifest of a name. Throws BadInput when there is none, naming those there are. */
export async function readManifest(name: string, folder: string): Promise<Manifest> {
  const names = (await readdir(folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
  if (!names.includes(name)) {
    throw new BadInput(`There is no data set "${name}" to fetch. Choose one of: ${names.join(', ')}.`);
  }
  const parsed = Manifest.safeParse(await readJson(join(folder, `${name}.json`)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BadInput(`${join(folder, name)}.json is wrong at ${issue.path.join('.')}: ${issue.message}.`);
}

/**
 * What decides the numbers of a job beside what it does: the software, the data, and the store that its networks lie in.
 * Jobs of one ground share a queue; a worker takes those that it stands on itself.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type BandWish, bandWishSchema } from '../../src/lab/pictures/bands';
import { hashOf } from '../../src/lab/recipe/identity';
import { VERSION } from '../../src/lab/version';

export const softwareSchema = z.object({
  version: z.string(),
  /** Of the lab's sources: two checkouts may have one version and not the same code. */
  code: z.string(),
  /** What computes, with the fingerprint of its kernels. */
  engine: z.string(),
});
export type Software = z.infer<typeof softwareSchema>;

/** Tiles, which a worker must have. */
const tilesSchema = z.object({
  // Of sweeps of earlier versions, which had no others, too.
  kind: z.literal('tiles').default('tiles'),
  ...{ name: z.string(), title: z.string(), count: z.int() },
  /** `datasetHash` of the tiles as they are opened, with these bands. */
  fingerprint: z.string(),
  bands: bandWishSchema.optional(),
});

/** What a task makes by itself, wherever it is. */
const taskSchema = z.object({
  kind: z.literal('task'),
  title: z.string(),
  /** Of the settings that decide it. */
  fingerprint: z.string(),
});

export const groundSchema = softwareSchema.extend({
  data: z.union([tilesSchema, taskSchema]),
  store: z.object({ id: z.string(), reference: z.string() }),
});
export type TilesData = Omit<z.infer<typeof tilesSchema>, 'bands'> & { readonly bands?: BandWish };
export type Ground = Software & {
  readonly data: TilesData | z.infer<typeof taskSchema>;
  readonly store: z.infer<typeof groundSchema>['store'];
};

/** What a ground is beside its data. */
export interface Place {
  readonly software: Software;
  readonly store: Ground['store'];
}

/** 16 hex digits. */
export const groundId = ({ version, code, engine, data, store }: Ground): string =>
  hashOf({ version, code, engine, data: data.fingerprint, store: store.id }).slice(0, 16);

const LAB = fileURLToPath(new URL('../../src/lab', import.meta.url));

/** What computes on this machine. */
export async function softwareHere(): Promise<Software> {
  const files = await readdir(LAB, { recursive: true });
  const code = files.filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|[\\/]testing[\\/]/.test(file));
  const kernels = files.filter((file) => file.endsWith('.wasm'));
  return {
    version: VERSION,
    code: await fingerprint(code, (bytes) => bytes.toString('utf8').replaceAll('\r\n', '\n')),
    engine: `wasm ${await fingerprint(kernels, (bytes) => bytes)}`,
  };
}

async function fingerprint(files: string[], read: (bytes: Buffer) => string | Buffer): Promise<string> {
  const hash = createHash('sha256');
  const named = files.map((file) => file.split(path.sep).join('/')).sort();
  for (const name of named) hash.update(`${name}\n`).update(read(await readFile(path.join(LAB, name))));
  return hash.digest('hex').slice(0, 12);
}

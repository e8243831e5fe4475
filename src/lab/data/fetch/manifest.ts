/**
 * A manifest (`datasets/<name>.json`) says where a published data set comes from, how to know that it came whole, and
 * what to know before using it.
 */
import { z } from 'zod';
import { BadInput } from '../../errors';

const fileSchema = z
  .object({
    url: z.url({ protocol: /^https?$/ }),
    bytes: z.int().min(1).optional(),
    md5: z.hex().length(32).optional(),
    sha256: z.hex().length(64).optional(),
    /** Whether the host lets pages of other origins read the file; where nobody knows, it does not. */
    crossOrigin: z.boolean().default(false),
    /** Hosts that the address leads on to, as a Content-Security-Policy writes them: the page may connect to no others. */
    redirects: z.array(z.string().regex(/^https:\/\/[\w.*-]+$/)).optional(),
  })
  .refine(({ md5, sha256 }) => md5 || sha256, 'a file needs md5 or sha256');
export type RemoteFile = z.infer<typeof fileSchema>;
export const remoteFilesSchema = z.array(fileSchema).min(1);

const facts = {
  /** As on the command line and under `datasets/`. */
  name: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  about: z.string(),
  /** Tiles, and pixels on a side. */
  count: z.int().min(1),
  size: z.int().min(1),
  licence: z.string(),
  citations: z.array(z.string()),
};
const publishedSchema = z.object({ ...facts, files: remoteFilesSchema });
/** A set made here from another one: a rotated draw of it (rotated.ts). */
const madeSchema = z.object({ ...facts, rotated: z.string() });

export type Published = z.infer<typeof publishedSchema>;
export type Made = z.infer<typeof madeSchema>;
export type Manifest = Published | Made;

/** Checks parsed JSON as a manifest; throws `BadInput` that calls it `name` and tells its first misfit. */
export function parseManifest(value: unknown, name: string): Manifest {
  const isMade = typeof value === 'object' && value !== null && 'rotated' in value;
  const parsed = (isMade ? madeSchema : publishedSchema).safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BadInput(`${name} is wrong at ${issue.path.join('.')}: ${issue.message}.`);
}

export const isMade = (manifest: Manifest): manifest is Made => 'rotated' in manifest;

/** The name a file has at its address. */
export function fileName({ url }: Pick<RemoteFile, 'url'>): string {
  const { pathname } = new URL(url);
  return pathname.slice(pathname.lastIndexOf('/') + 1);
}

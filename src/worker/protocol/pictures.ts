/** What page and picture worker say to each other, checked on arrival: one request at a time, and what comes of it. */
import { z } from 'zod';
import type { FileOrProblem } from '../../lab/data/readers/intake';
import type { Picture } from '../../lab/pictures/picture';
import type { Preview } from '../../lab/pictures/preview';

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null;

export const pictureRequestSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('decode'),
    name: z.string(),
    bytes,
    /** The longest side of a preview; null for none. */
    preview: z.number().nullable(),
    /** Whether the pixels themselves are wanted. */
    pixels: z.boolean(),
  }),
  /** The files of a zip, each by itself and not decoded. */
  z.object({ type: z.literal('unpack'), name: z.string(), file: z.instanceof(File) }),
]);
export type PictureRequest = z.infer<typeof pictureRequestSchema>;

export const pictureReplySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('done'),
    picture: z.custom<Picture>(isRecord),
    preview: z.custom<Preview>(isRecord).nullable(),
  }),
  z.object({ type: z.literal('entry'), entry: z.custom<FileOrProblem>(isRecord) }),
  z.object({ type: z.literal('unpacked') }),
  z.object({ type: z.literal('failed'), kind: z.enum(['bad-input', 'failure']), message: z.string() }),
]);
export type PictureReply = z.infer<typeof pictureReplySchema>;

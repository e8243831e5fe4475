/** What every architecture says, whatever its family, and how weights are stored in 8-bit integers. JSON. */
import { z } from 'zod';
import { type Bands, bandsSchema, MAX_CHANNELS } from '../pictures/bands';
import type { GroupName } from '../symmetry/group';

export const INT8_LAYERS = ['dense', 'all'] as const;
export const INT8_RANGES = ['tile', 'batch'] as const;

/** Weights stored as 8-bit integers (quantize/quantise.ts). */
export const int8Schema = z.object({
  layers: z
    .enum(INT8_LAYERS)
    .describe('`dense`: the dense layers; `all`: the convolutions too, their norms folded in.'),
  range: z
    .enum(INT8_RANGES)
    .describe(
      'What shares one range of activations: each tile alone, or the batch that it is in (as in PyTorch, and so in the ' +
        'paper): then an answer may change when its neighbours are turned.',
    ),
});

export type Int8 = z.infer<typeof int8Schema>;

/** `bands`: which of a file's each channel is; absent: the colours of any picture, or grey. */
export const inputSchema = z
  .object({
    size: z.int().min(4).max(512),
    channels: z.int().min(1).max(MAX_CHANNELS),
    bands: bandsSchema.optional(),
  })
  .refine(({ channels, bands }) => !bands || bands.numbers.length === channels, 'as many bands as channels');

export interface ArchInput {
  readonly size: number;
  readonly channels: number;
  readonly bands?: Bands | undefined;
}

/** The part that all families have in common; the rest is read by the family alone (families/family.ts). */
export interface AnyArch {
  /** Absent in the family that was here first. */
  readonly family?: string;
  /** The name of the design it came from. */
  readonly id: string;
  /** Under which it is equivariant; C1 for a plain network. */
  readonly group: GroupName;
  /** Square input: size × size × channels. */
  readonly input: ArchInput;
  readonly classes: number;
  /** Absent: all weights are floats. */
  readonly int8?: Int8;
}

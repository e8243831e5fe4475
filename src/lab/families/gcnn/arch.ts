/**
 * An architecture is JSON: what a network is made of, with no tensor in sight. Pruning, quantising and
 * exporting change this value and the parameters beside it; nothing else remembers a shape.
 */
import { z } from 'zod';
import { inputSchema, int8Schema } from '../../nn/arch';
import { GROUP_NAMES } from '../../symmetry/group';

export const HEAD_KINDS = ['flat', 'orbit', 'pooled', 'averaged'] as const;

/** One (group) convolution: stride 1, odd kernel, padding (k−1)/2, then norm, ReLU and maybe 2×2 max-pool. */
export const blockSchema = z.object({
  /** Output fields; the block has fields · |G| output channels. */
  fields: z.int().min(1).max(1024),
  kernel: z.literal([1, 3, 5, 7, 9]),
  /** 2×2 max-pooling after the ReLU. */
  pool: z.boolean(),
  /**
   * The orbits of kernel positions that carry weights, ascending indices into `positionOrbits` (grid filters only); the
   * others are zero and not stored. Absent: all.
   */
  support: z.array(z.int().min(0).max(80)).min(1).optional(),
});

/**
 * The classifier. `flat`: the field maps, group-pooled, flattened into a hidden layer (not invariant).
 * `orbit`: each hidden neuron's pattern is applied in all |G| orientations of the pooled map, ReLU, maximum
 * (exactly invariant, the parameters of `flat`). `pooled`: average over the map first (exactly invariant). `averaged`:
 * as `pooled`, but the |G| channels of a field are averaged too, in place of their maximum: the one linear map of fields
 * to numbers that is invariant, and so what a plain network's head becomes when it is projected (adapt/project.ts).
 */
export const headSchema = z.object({
  kind: z.enum(HEAD_KINDS),
  hidden: z.int().min(1).max(65536),
  dropout: z.number().min(0).max(0.95),
});

export const archSchema = z.object({
  /** The name of the design in the zoo it came from; pruned descendants keep it. */
  id: z.string().min(1).max(64),
  group: z.enum(GROUP_NAMES),
  /** How a filter is parametrised: all k² values, or a combination of band-limited functions. */
  filters: z.enum(['grid', 'steerable']),
  /** Square input: size × size × channels. */
  input: inputSchema,
  blocks: z.array(blockSchema).min(1).max(32),
  head: headSchema,
  classes: z.int().min(2).max(256),
  /** Absent: all weights are floats. */
  int8: int8Schema.optional(),
});

export type HeadKind = (typeof HEAD_KINDS)[number];
export type Block = z.infer<typeof blockSchema>;
export type Head = z.infer<typeof headSchema>;
export type ArchSpec = z.infer<typeof archSchema>;

/** Whether a head reads a number for each field, whatever the size of the map. */
export const averagesMap = ({ kind }: Pick<Head, 'kind'>): boolean =>
  kind === 'pooled' || kind === 'averaged';

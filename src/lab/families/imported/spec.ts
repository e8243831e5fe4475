/**
 * Networks that came in from elsewhere: a graph of ordinary layers, as JSON, with nothing said of symmetry but what was found.
 *
 * Other families are designs of the lab, whose shapes follow from a few numbers. Here every layer says what it reads, by name,
 * so that residual sums and whatever else a network has can be said. Norms are folded into the convolutions in front of them
 * where there are any (files/foreign/fold.ts); one without becomes a `scale`.
 */
import { z } from 'zod';
import { inputSchema, int8Schema } from '../../nn/arch';
import { GROUP_NAMES } from '../../symmetry/group';

/** What the first layers read. */
export const PICTURE = 'picture';

export const MOST_LAYERS = 2000;
const width = z.int().min(1).max(65536);
const layer = { name: z.string().min(1).max(200), from: z.string().min(1).max(200) };
const pool = {
  kernel: z.int().min(1).max(64),
  stride: z.int().min(1).max(64),
  /** On all four sides. */
  padding: z.int().min(0).max(32),
};

export const layerSchema = z.discriminatedUnion('op', [
  /** Depthwise: `groups` is its inputs and its outputs; else 1. Always with a bias. */
  z.strictObject({
    op: z.literal('convolution'),
    ...layer,
    outputs: width,
    ...pool,
    groups: width,
  }),
  /** A factor and a shift for each channel. */
  z.strictObject({ op: z.literal('scale'), ...layer }),
  z.strictObject({ op: z.literal('relu'), ...layer }),
  z.strictObject({ op: z.literal('relu6'), ...layer }),
  z.strictObject({ op: z.literal('maximum pool'), ...layer, ...pool }),
  /** Without padding: there is no telling whether it would count. */
  z.strictObject({ op: z.literal('average pool'), ...layer, kernel: pool.kernel, stride: pool.stride }),
  /** Over all positions: maps become rows. */
  z.strictObject({ op: z.literal('average'), ...layer }),
  /** Over `order` channels side by side: the maximum, or the mean, of a field. */
  z.strictObject({ op: z.literal('field maximum'), ...layer, order: z.int().min(2).max(64) }),
  z.strictObject({ op: z.literal('field mean'), ...layer, order: z.int().min(2).max(64) }),
  z.strictObject({ op: z.literal('sum'), ...layer, and: layer.from }),
  /** Maps become rows in the order (channel, y, x). */
  z.strictObject({ op: z.literal('flatten'), ...layer }),
  z.strictObject({ op: z.literal('dense'), ...layer, outputs: width }),
  /** Reads maps, flattened as by `flatten`, in every orientation of the group: the largest response of each output. */
  z.strictObject({ op: z.literal('turned dense'), ...layer, outputs: width, group: z.enum(GROUP_NAMES) }),
]);

export const importedSchema = z.object({
  family: z.literal('imported'),
  id: z.string().min(1).max(64),
  /** Under which its layers are equivariant as its weights say, all of them up to the head; C1: no group was found. */
  group: z.enum(GROUP_NAMES),
  /**
   * By which the channels of its convolutions are taken in fields of |G|, field · |G| + g, when it is turned and pruned: its
   * first convolution has its filters in all orientations. Absent: channels are taken as they stand.
   */
  acting: z.enum(GROUP_NAMES).optional(),
  input: inputSchema,
  /** Each reads the picture or layers before it; the last one leaves the logits. */
  layers: z.array(layerSchema).min(1).max(MOST_LAYERS),
  classes: z.int().min(2).max(65536),
  /** Absent: all weights are floats. */
  int8: int8Schema.optional(),
});

export type ImportedLayer = z.infer<typeof layerSchema>;
export type ImportedSpec = z.infer<typeof importedSchema>;
export type LayerOf<Op extends ImportedLayer['op']> = Extract<ImportedLayer, { op: Op }>;
export type Convolution = LayerOf<'convolution'>;

/** The layers that a layer reads, by name. */
export const readBy = (layer: ImportedLayer): readonly string[] =>
  layer.op === 'sum' ? [layer.from, layer.and] : [layer.from];

export const isDepthwise = ({ groups }: Pick<Convolution, 'groups'>): boolean => groups > 1;

/**
 * The comparators of Table V (arXiv 2511.17242): MobileNet-V2 and EfficientNet-Lite0, as JSON.
 *
 * They are a family of their own (`MobileSpec`) and not rows of the zoo, whose `ArchSpec` says "blocks of group
 * convolutions, then two dense layers": a comparator has depthwise and strided convolutions, ReLU6, residual sums and
 * a single dense layer, and nothing that is pruned. Stretching one type over both would put an `undefined` in front
 * of everyone who reads `arch.head.hidden`. What all families have in common is said once, in family.ts. Whatever needs
 * hidden neurons takes a `GcnnModel` and refuses a comparator in words (units.ts, `requireHidden`).
 *
 * Strides break C4 on purpose here: sampling every second position of an even map singles out a corner, so even the
 * maps of symmetric filters would not turn with the picture. These are plain networks and are measured as such.
 *
 * Sources: Sandler et al. 2018 (arXiv 1801.04381, table 2; torchvision's `mobilenet_v2`, 3,504,872 parameters for 1000
 * classes) and EfficientNet-Lite0 (tensorflow/tpu, models/official/efficientnet/lite: EfficientNet-B0 without
 * squeeze-and-excitation, with ReLU6; timm's `efficientnet_lite0`, 4,652,008).
 */
import { z } from 'zod';
import { BadInput } from '../../errors';
import { inputSchema, int8Schema } from '../../nn/arch';
import type { DesignChoices } from '../family';

/** Inverted residual blocks in a row: expand by 1×1, depthwise k×k, project by 1×1 without an activation. */
const stageSchema = z.object({
  /** Channels between expansion and projection, as a multiple of the block's inputs; 1: no expansion. */
  expansion: z.int().min(1).max(16),
  channels: z.int().min(1).max(4096),
  repeats: z.int().min(1).max(32),
  /** Of the first block's depthwise convolution; the others have stride 1. */
  stride: z.literal([1, 2]),
  kernel: z.literal([3, 5]),
});

export const mobileSchema = z.object({
  family: z.literal('mobile'),
  id: z.string().min(1).max(64),
  /** Always plain: no group acts on the channels. */
  group: z.literal('C1'),
  /** Square input: size × size × channels. */
  input: inputSchema,
  /** The first 3×3 convolution. */
  stem: z.object({ channels: z.int().min(1).max(1024), stride: z.literal([1, 2]) }),
  stages: z.array(stageSchema).min(1).max(16),
  /** Channels of the last 1×1 convolution, which global average pooling hands to the dense layer. */
  features: z.int().min(1).max(8192),
  /** Share of the pooled features dropped in training. */
  dropout: z.number().min(0).max(0.95),
  classes: z.int().min(2).max(4096),
  /** Absent: all weights are floats. */
  int8: int8Schema.optional(),
});

export type MobileStage = z.infer<typeof stageSchema>;
export type MobileSpec = z.infer<typeof mobileSchema>;

/**
 * Up to this input size the stem keeps the resolution (stride 1 for 2): the usual adaptation to CIFAR's 32×32, as
 * in kuangliu/pytorch-cifar, whose EfficientNet changes this stride alone. (Its MobileNet-V2 also takes the second
 * stage's stride from 2 to 1, at four times the multiply-adds; here both nets change the same one stride.)
 */
const LARGEST_CIFAR_STEM = 64;

type Row = readonly [expansion: number, channels: number, repeats: number, stride: 1 | 2, kernel: 3 | 5];

const stages = (rows: readonly Row[]): MobileStage[] =>
  rows.map(([expansion, channels, repeats, stride, kernel]) => ({
    expansion,
    channels,
    repeats,
    stride,
    kernel,
  }));

const design = (id: string, rows: readonly Row[]): Omit<MobileSpec, 'stem'> => ({
  family: 'mobile',
  id,
  group: 'C1',
  input: { size: 32, channels: 3 },
  stages: stages(rows),
  features: 1280,
  dropout: 0.2,
  classes: 10,
});

const STEM_CHANNELS = 32;

const DESIGNS: readonly Omit<MobileSpec, 'stem'>[] = [
  design('mobilenet-v2', [
    [1, 16, 1, 1, 3],
    [6, 24, 2, 2, 3],
    [6, 32, 3, 2, 3],
    [6, 64, 4, 2, 3],
    [6, 96, 3, 1, 3],
    [6, 160, 3, 2, 3],
    [6, 320, 1, 1, 3],
  ]),
  design('efficientnet-lite0', [
    [1, 16, 1, 1, 3],
    [6, 24, 2, 2, 3],
    [6, 40, 2, 2, 5],
    [6, 80, 3, 2, 3],
    [6, 112, 3, 1, 5],
    [6, 192, 4, 2, 5],
    [6, 320, 1, 1, 3],
  ]),
];

export const COMPARATOR_IDS: readonly string[] = DESIGNS.map(({ id }) => id);

/** A named comparator at an input size (32 by default). Throws `BadInput` for an unknown name or impossible sizes. */
export function namedComparator(id: string, overrides: DesignChoices = {}): MobileSpec {
  const found = DESIGNS.find((each) => each.id === id);
  if (!found)
    throw new BadInput(`There is no comparator "${id}". Choose one of: ${COMPARATOR_IDS.join(', ')}.`);
  const size = overrides.size ?? found.input.size;
  const parsed = mobileSchema.safeParse({
    ...found,
    input: {
      size,
      channels: overrides.channels ?? found.input.channels,
      ...(overrides.bands && { bands: overrides.bands }),
    },
    stem: { channels: STEM_CHANNELS, stride: size <= LARGEST_CIFAR_STEM ? 1 : 2 },
    classes: overrides.classes ?? found.classes,
    dropout: overrides.dropout ?? found.dropout,
  });
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new BadInput(`The comparator "${id}" cannot have that ${path.join('.')}: ${message}.`);
}

/**
 * A family that is no part of the lab: its tests add it to show that a family is one folder and one line. It looks at
 * 3×3 patches, takes the mean over all of them, and says a class. Nothing in it is named as elsewhere:
 *
 *   look.kernel [9 · channels, width]   level.gain, .lift (trained), .centre, .spread (running) [width]
 *   say.kernel [width, classes]         say.offset [classes]; as integers say.kernel stands beside say.step [1]
 */
import { z } from 'zod';
import { BadInput } from '../../../errors';
import { type Int8, int8Schema } from '../../../nn/arch';
import { DENSE, HE } from '../../../nn/start';
import type { DesignChoices, Family, LayerWork, ParamLayout, Rounding } from '../../family';

const patchesSchema = z.object({
  family: z.literal('patches'),
  id: z.string().min(1),
  group: z.literal('C1'),
  input: z.object({ size: z.int().min(4).max(64), channels: z.int().min(1).max(4) }),
  width: z.int().min(1).max(64),
  dropout: z.number().min(0).max(0.95),
  classes: z.int().min(2),
  int8: int8Schema.optional(),
});

export type PatchesSpec = z.infer<typeof patchesSchema>;

/** Pixels from one patch to the next. */
export const STRIDE = 2;

export const patches: Family<PatchesSpec> = {
  name: 'patches',
  noun: 'a classifier of patches',
  schema: patchesSchema,
  designs: ['patches-small'],
  choices: [],
  named: (id: string, { size = 8, channels = 3, classes = 3, dropout = 0 }: DesignChoices) => {
    const spec = {
      family: 'patches',
      id,
      group: 'C1',
      input: { size, channels },
      width: 6,
      dropout,
      classes,
    };
    const parsed = patchesSchema.safeParse(spec);
    if (parsed.success) return parsed.data;
    throw new BadInput(`"${id}" cannot have that ${parsed.error.issues[0].path.join('.')}.`);
  },
  describe: ({ width }) => ({ words: `${width} kinds of patches`, facts: { width } }),
  params,
  work,
  observed: () => [
    { name: 'looks', kind: 'map' },
    { name: 'mean look', kind: 'invariant' },
    { name: 'says', kind: 'invariant' },
  ],
  units: { refusal: 'a classifier of patches, of which there is nothing to remove: choose another network' },
  rounding,
  portable: { refusal: 'a classifier of patches, which runs nowhere else' },
};

function params({ input, width, classes, int8 }: PatchesSpec): ParamLayout[] {
  const float = { head: false, int8: false } as const;
  const say = { layer: 'say', head: true } as const;
  const perKind = { shape: [width], layer: 'level', ...float };
  return [
    {
      ...{ name: 'look.kernel', shape: [9 * input.channels, width], layer: 'look', ...float },
      ...{ role: 'trained', start: HE },
    },
    { name: 'level.gain', ...perKind, role: 'trained', start: 1 },
    { name: 'level.lift', ...perKind, role: 'trained', start: 0 },
    { name: 'level.centre', ...perKind, role: 'carried', start: 0 },
    { name: 'level.spread', ...perKind, role: 'carried', start: 1 },
    {
      ...{ name: 'say.kernel', shape: [width, classes], ...say },
      ...{ role: 'trained', start: DENSE, int8: int8 !== undefined },
    },
    { name: 'say.offset', shape: [classes], ...say, role: 'trained', start: 0, int8: false },
    ...(int8
      ? [{ name: 'say.step', shape: [1], ...say, role: 'carried' as const, start: 0 as const, int8: false }]
      : []),
  ];
}

function work({ input, width, classes }: PatchesSpec): LayerWork[] {
  const places = Math.ceil(input.size / STRIDE) ** 2;
  return [
    { layer: 'look', kind: 'patches', macs: places * 9 * input.channels * width },
    { layer: 'level', kind: 'norm', macs: 0 },
    { layer: 'say', kind: 'dense', macs: width * classes },
  ];
}

function rounding(spec: PatchesSpec, int8: Int8): Rounding<PatchesSpec> {
  if (int8.layers === 'all') {
    throw new BadInput(
      'Of a classifier of patches only the last layer can be rounded: choose the dense layers.',
    );
  }
  return {
    arch: { ...spec, int8 },
    matrices: [{ weight: 'say.kernel', scale: 'say.step' }],
    convolutions: [],
  };
}

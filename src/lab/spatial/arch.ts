/**
 * Networks that answer a map with a map: an answer at every place (or cell of places), such as the velocity a moment later,
 * or what lies there and in which box. Blocks of group convolution, field norm, ReLU and maybe pooling, as the lab's
 * classifiers have; in front, what is read becomes fields, and behind, fields become what is asked for (symmetry/kinds.ts).
 * With the group C1 it is a plain convolutional network of the same code.
 *
 *   conv{i}.weight [k², F_in, S_in, F_out]     norm{i}.scale, .shift, .mean, .variance [F_out]      i = 1 … blocks
 *   answer.weight  [k², F, |G|, F_answer]      answer.bias [F_answer]
 */
import { startParam } from '../families/init';
import type { Param, Params } from '../nn/model';
import { normNames } from '../nn/norm';
import { HE, type Start } from '../nn/start';
import type { FilterShape } from '../symmetry/filters';
import { GROUPS, type GroupName } from '../symmetry/group';
import { fieldsOf, type Kind, widthOf } from '../symmetry/kinds';

export interface SpatialBlock {
  readonly fields: number;
  readonly kernel: number;
  /** 2×2 max-pooling behind it. */
  readonly pool: boolean;
}

export interface SpatialArch {
  readonly group: GroupName;
  /** Square maps: places along a side. */
  readonly size: number;
  readonly input: readonly Kind[];
  readonly output: readonly Kind[];
  readonly blocks: readonly SpatialBlock[];
  /** Of the last convolution, which has neither norm nor ReLU. */
  readonly answerKernel: number;
  /** What lies beyond the rim: zeros, or the map again from the other side. */
  readonly rim: 'zeros' | 'wrapped';
  /** What is read is added to the answer: the network says what changes. */
  readonly residual: boolean;
}

export interface SpatialLayer {
  readonly name: string;
  readonly filter: FilterShape;
  readonly pool: boolean;
  readonly hasNorm: boolean;
}

/** Places along a side of the answer. */
export const answerSize = ({ size, blocks }: SpatialArch): number =>
  blocks.reduce((now, { pool }) => (pool ? now / 2 : now), size);

/** Pictures enter as they are, by a lifting convolution; what turns with the map has to become fields first. */
export const entersAsFields = ({ input, group }: SpatialArch): boolean =>
  group !== 'C1' && input.some((kind) => kind !== 'scalar');

const fieldCount = (kinds: readonly Kind[], group: GroupName): number =>
  kinds.reduce((sum, kind) => sum + fieldsOf(kind, group), 0);

/** All convolutions, in order. Throws `RangeError` where they do not fit together. */
export function spatialLayers(arch: SpatialArch): SpatialLayer[] {
  const { group, blocks, input, output, answerKernel, rim, residual } = arch;
  if (!Number.isInteger(answerSize(arch))) {
    throw new RangeError(
      `Maps of ${arch.size} cannot be halved so often: turns stay exact only on even sizes.`,
    );
  }
  if (rim === 'wrapped' && blocks.some(({ pool }) => pool)) {
    throw new RangeError(
      'A network that is wrapped round does not pool: moves by single places would not stay exact.',
    );
  }
  if (residual && (answerSize(arch) !== arch.size || input.join() !== output.join())) {
    throw new RangeError('What is read can be added only to an answer of the same kind and size.');
  }
  const { order } = GROUPS[group];
  const asFields = entersAsFields(arch);
  let from = { fields: asFields ? fieldCount(input, group) : widthOf(input), size: asFields ? order : 1 };
  const layer = (name: string, kernel: number, fieldsOut: number, pool: boolean, hasNorm: boolean) => {
    const filter = { group, kernel, fieldsIn: from.fields, sizeIn: from.size, fieldsOut };
    from = { fields: fieldsOut, size: order };
    return { name, filter, pool, hasNorm };
  };
  return [
    ...blocks.map(({ fields, kernel, pool }, i) => layer(`conv${i + 1}`, kernel, fields, pool, true)),
    layer('answer', answerKernel, fieldCount(output, group), false, false),
  ];
}

interface Layout {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: Start;
  readonly isTrained: boolean;
}

/** The norm of a convolution, by names. */
export const normOf = (layer: string) => normNames(layer.replace('conv', 'norm'));

/** The last layer starts small, so that training begins near "nothing changes" and "nothing there". */
const SMALL: Start = { gain: 0.02 };

function layouts(arch: SpatialArch): Layout[] {
  return spatialLayers(arch).flatMap(({ name, filter, hasNorm }): Layout[] => {
    const { kernel, fieldsIn, sizeIn, fieldsOut } = filter;
    const weight = {
      name: `${name}.weight`,
      shape: [kernel * kernel, fieldsIn, sizeIn, fieldsOut],
      start: hasNorm ? HE : SMALL,
      isTrained: true,
    };
    const each = (part: string, start: Start, isTrained: boolean) => ({
      name: part,
      shape: [fieldsOut],
      start,
      isTrained,
    });
    if (!hasNorm) return [weight, each(`${name}.bias`, 0, true)];
    const norm = normOf(name);
    return [
      weight,
      ...[each(norm.scale, 1, true), each(norm.shift, 0, true)],
      ...[each(norm.mean, 0, false), each(norm.variance, 1, false)],
    ];
  });
}

/** The names and shapes of all parameters. */
export const spatialLayouts = (arch: SpatialArch): readonly Pick<Layout, 'name' | 'shape'>[] => layouts(arch);

export function startSpatial(arch: SpatialArch, seed: number): Params {
  return Object.fromEntries(
    layouts(arch).map((layout): [string, Param] => [layout.name, startParam(layout, seed)]),
  );
}

/** Names of the parameters that gradients move. */
export const trainedNames = (arch: SpatialArch): string[] =>
  layouts(arch).flatMap(({ name, isTrained }) => (isTrained ? [name] : []));

/** Free weights, and multiply-adds for one map as an ordinary convolution would do them. */
export function spatialCost(arch: SpatialArch): { params: number; macs: number } {
  const { order } = GROUPS[arch.group];
  const params = layouts(arch)
    .filter(({ isTrained }) => isTrained)
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  let [macs, size] = [0, arch.size];
  for (const { filter, pool } of spatialLayers(arch)) {
    macs += size ** 2 * filter.kernel ** 2 * filter.fieldsIn * filter.sizeIn * filter.fieldsOut * order;
    if (pool) size /= 2;
  }
  return { params, macs };
}

/** What the networks of a task are, a sentence for each; `what` one of them reads: "a map". */
export const networkSentences = (archs: Readonly<Record<string, SpatialArch>>, what: string): string[] =>
  Object.entries(archs).map(([name, arch]) => {
    const { params, macs } = spatialCost(arch);
    return `The ${name} network: ${params.toLocaleString('en-US')} free weights, ${(macs / 1e6).toFixed(1)} million multiply-adds for ${what}, counted as ordinary convolutions.`;
  });

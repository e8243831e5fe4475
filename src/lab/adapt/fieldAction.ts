/**
 * The group on a plain network's numbers, its channels taken in fields of |G| (channel = field · |G| + g):
 *
 *   maps     (k·y)[p, (f, g)] = y[k⁻¹p, (f, k⁻¹g)]
 *   weights  (k·W)[p, (f′, h), (f, g)] = W[k⁻¹p, (f′, k⁻¹h), (f, k⁻¹g)]      (a picture's channels and outputs stay)
 *
 * Weights that every k leaves as they are commute with the group: they are group convolutions between regular fields,
 * written out (symmetry/filters.ts). The mean over the group is the orthogonal projection on them (arXiv 2601.05028).
 */
import type { ParamAction } from '../families/family';
import { type Param, type Params, sizeOf } from '../nn/model';
import type { Group } from '../symmetry/group';
import { turnSource } from '../symmetry/turn';

/** Where every number of k·W comes from, for element `k`. Axes of fields must be divisible by |G|. */
export function actionOn(
  shape: readonly number[],
  axes: ParamAction['axes'],
  group: Group,
  k: number,
): Int32Array {
  const sources = shape.map((length, axis) => axisSource(length, axes[axis], group, k));
  const out = new Int32Array(sizeOf(shape));
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  for (let i = 0; i < out.length; i++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      from += sources[axis][Math.floor(i / strides[axis]) % shape[axis]] * strides[axis];
    }
    out[i] = from;
  }
  return out;
}

function axisSource(
  length: number,
  kind: ParamAction['axes'][number],
  group: Group,
  k: number,
): ArrayLike<number> {
  if (kind === 'kernel') return turnSource(Math.sqrt(length), group.elements[k]);
  if (kind === 'fields') return channelSource(length, group, k);
  return Uint32Array.from({ length }, (_, i) => i);
}

/** Where every channel of k·y comes from. */
export function channelSource(channels: number, { order, multiply, inverse }: Group, k: number): Uint32Array {
  return Uint32Array.from({ length: channels }, (_, c) => c - (c % order) + multiply[inverse[k]][c % order]);
}

/** Where every number of k·y comes from, for one map [s, s, channels] of fields. */
export const mapSource = (size: number, channels: number, group: Group, k: number): Int32Array =>
  actionOn([size * size, channels], ['kernel', 'fields'], group, k);

/** The mean over the group: the nearest parameters that the whole group leaves as they are. */
export function projectParams(params: Params, actions: readonly ParamAction[], group: Group): Params {
  const projected = actions.map(({ name, axes }) => [name, projected1(params[name], axes, group)] as const);
  return { ...params, ...Object.fromEntries(projected) };
}

function projected1({ shape, data }: Param, axes: ParamAction['axes'], group: Group): Param {
  const sums = new Float64Array(data.length);
  for (let k = 0; k < group.order; k++) {
    const source = actionOn(shape, axes, group, k);
    for (let i = 0; i < sums.length; i++) sums[i] += data[source[i]];
  }
  return { shape, data: Float32Array.from(sums, (sum) => sum / group.order) };
}

/**
 * Maps as plain arrays in one order, whatever the form: [tiles][fields][n][H][W], pictures with n = 1. From there to the
 * running form's own layout and back, and what a group does to them.
 */
import type { MapForm } from '../../nn/maps/form';
import * as tf from '../../runtime/tf';
import { GROUPS, type GroupName } from '../../symmetry/group';
import { turnSource } from '../../symmetry/turn';
import { relativeToRange } from '../tiny';

export type MapShape = readonly [tiles: number, fields: number, order: number, height: number, width: number];

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, each) => product * each, 1);

/** A tensor in the form's layout. */
export function toForm({ name }: MapForm, values: Float32Array, shape: MapShape): tf.Tensor {
  if (name === 'planar') return tf.tensor(values, [...shape]);
  const [tiles, fields, order, height, width] = shape;
  const out = new Float32Array(values.length);
  eachPlace(tiles, fields * order, height * width, (planar, last) => {
    out[last] = values[planar];
  });
  return tf.tensor(out, [tiles, height, width, fields * order]);
}

/** What a tensor of the form holds, in the one order. */
export async function fromForm({ name }: MapForm, maps: tf.Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await maps.data<'float32'>());
  if (name === 'planar') return values;
  const [tiles, height, width, channels] = maps.shape as [number, number, number, number];
  const out = new Float32Array(values.length);
  eachPlace(tiles, channels, height * width, (planar, last) => {
    out[planar] = values[last];
  });
  return out;
}

function eachPlace(
  tiles: number,
  channels: number,
  pixels: number,
  use: (planar: number, last: number) => void,
): void {
  for (let t = 0; t < tiles; t++)
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < pixels; p++) use((t * channels + c) * pixels + p, (t * pixels + p) * channels + c);
}

/** g·x: every plane turned, and plane h of a field moved to plane g·h. Square maps. */
export function actOn(
  values: Float32Array,
  [tiles, fields, order, size]: MapShape,
  group: GroupName,
  g: number,
): Float32Array {
  const { elements, multiply } = GROUPS[group];
  const source = turnSource(size, elements[g]);
  const pixels = size * size;
  const out = new Float32Array(values.length);
  for (let orbit = 0; orbit < tiles * fields; orbit++) {
    for (let h = 0; h < order; h++) {
      const from = (orbit * order + h) * pixels;
      const to = (orbit * order + (order === 1 ? 0 : multiply[g][h])) * pixels;
      for (let p = 0; p < pixels; p++) out[to + p] = values[from + source[p]];
    }
  }
  return out;
}

/** ⟨a, b⟩. */
export function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** ‖a‖. */
export const norm = (a: ArrayLike<number>): number => Math.sqrt(inner(a, a));

/** The largest difference in parts of the range; where all numbers are one, as of a single field, of 1. */
export function off(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  const relative = relativeToRange(ours, theirs);
  if (Number.isFinite(relative)) return relative;
  return Math.max(...Array.from(ours, (value, i) => Math.abs(value - theirs[i])));
}

/**
 * What is no number stays none: a maximum over a cell, an orbit or zero must not take the other numbers for the largest, wherever in
 * it NaN stands, and what does not see it is as it was, bit for bit.
 */
import { describe, expect, test } from 'vitest';
import * as tf from '../../runtime/tf';
import { GROUPS, type GroupName } from '../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { fromForm, type MapShape, sizeOf, toForm } from '../../testing/numeric/maps';
import { noise } from '../../testing/tiny';
import { normClip, RELU6 } from '../ops/fieldNorm';
import { splitMax } from '../ops/maxima';
import { openOrbit } from '../ops/orbit/orbit';
import { channelsLast } from './channelsLast';
import type { MapForm } from './form';
import { preferredForm } from './forms';

/** Sides that are two, four and six numbers wide: all ways in which kernels take cells and rows. */
const SHAPES: readonly MapShape[] = [
  [2, 3, 1, 2, 2],
  [1, 2, 4, 4, 6],
  [2, 1, 8, 6, 2],
  [1, 3, 2, 8, 8],
];

interface Planted {
  readonly values: Float32Array;
  readonly at: number;
}

/** Noise with one NaN, at every place of a few maps in turn. */
function* planted(shape: MapShape, seed = 1): Generator<Planted> {
  const count = sizeOf(shape);
  for (let at = 0; at < count; at += count > 100 ? 7 : 1) {
    const values = noise(count, seed);
    values[at] = Number.NaN;
    yield { values, at };
  }
}

/** Where `found` has to be NaN: nowhere else, and elsewhere the bits of `clean`. */
function expectOnly(found: Float32Array, clean: Float32Array, places: ReadonlySet<number>): void {
  expect(found.length).toBe(clean.length);
  const wrong: number[] = [];
  for (let i = 0; i < found.length; i++)
    if (!Object.is(found[i], places.has(i) ? Number.NaN : clean[i])) wrong.push(i);
  expect(wrong, 'places').toEqual([]);
}

/** The place of a cell in planes half as high and wide. */
function cellOf(at: number, [, , , height, width]: MapShape): number {
  const plane = Math.floor(at / (height * width));
  const [y, x] = [Math.floor(at / width) % height, at % width];
  return plane * (height / 2) * (width / 2) + Math.floor(y / 2) * (width / 2) + Math.floor(x / 2);
}

const halved = ([tiles, fields, order, height, width]: MapShape): MapShape => [
  ...([tiles, fields, order, height / 2, width / 2] as const),
];

describeOnBackends('what is no number', (backend) => {
  forbidLeaks();
  const forms = (): MapForm[] => [...new Set([preferredForm(), channelsLast])];
  const shapes = backend === 'webgpu' ? SHAPES.slice(1, 2) : SHAPES;

  async function through(
    form: MapForm,
    values: Float32Array,
    shape: MapShape,
    op: (x: tf.Tensor) => tf.Tensor,
  ) {
    const y = tf.tidy(() => op(toForm(form, values, shape)));
    const result =
      y.rank === 5 || form.name === 'channels last'
        ? await fromForm(form, y)
        : Float32Array.from(await y.data());
    y.dispose();
    return result;
  }

  test('stays in the largest of 2×2 cells', async () => {
    for (const form of forms()) {
      for (const shape of shapes) {
        const clean = await through(form, noise(sizeOf(shape), 1), shape, (x) => form.maxPool(x));
        for (const { values, at } of planted(shape)) {
          const found = await through(form, values, shape, (x) => form.maxPool(x));
          expectOnly(found, clean, new Set([cellOf(at, shape)]));
        }
      }
    }
  });

  test('stays in the largest over a group', async () => {
    for (const form of forms()) {
      for (const shape of shapes) {
        const [tiles, fields, order, height, width] = shape;
        const pool = async (values: Float32Array) => {
          const y = tf.tidy(() => form.groupPool(toForm(form, values, shape), order));
          const result = Float32Array.from(await y.data());
          y.dispose();
          return result;
        };
        const clean = await pool(noise(sizeOf(shape), 1));
        for (const { values, at } of planted(shape)) {
          const pixels = height * width;
          const field = Math.floor(at / (order * pixels)) % fields;
          const tile = Math.floor(at / (order * pixels * fields));
          const place = (tile * pixels + (at % pixels)) * fields + field;
          expect(place).toBeLessThan(tiles * pixels * fields);
          expectOnly(await pool(values), clean, new Set([place]));
        }
      }
    }
  });

  test('stays in norm, ReLU and pooling', async () => {
    for (const form of forms()) {
      for (const shape of shapes) {
        const [, fields] = shape;
        for (const pool of [false, true]) {
          const norm = (x: tf.Tensor) => {
            const of = (seed: number, shift = 0) =>
              tf.tensor1d(noise(fields, seed).map((value) => value + shift));
            return form.normReluPool(x, of(2), of(3), { mean: of(4), variance: of(5, 1.5) }, pool);
          };
          const clean = await through(form, noise(sizeOf(shape), 1), shape, norm);
          for (const { values, at } of planted(shape)) {
            const found = await through(form, values, shape, norm);
            expectOnly(found, clean, new Set([pool ? cellOf(at, shape) : at]));
          }
        }
      }
    }
  });

  for (const group of (backend === 'webgpu' ? ['C4'] : ['C1', 'C2', 'C4', 'D4']) as GroupName[]) {
    test(`${group}: stays in a layer for inference: convolution, ReLU and pooling`, async () => {
      const { order } = GROUPS[group];
      const filter = { group, kernel: 3, fieldsIn: 2, sizeIn: order, fieldsOut: 3 } as const;
      const shape: MapShape = [2, 2, order, 8, 8];
      for (const form of forms()) {
        for (const pool of [false, true]) {
          const weights = tf.tensor4d(noise(9 * 2 * order * 3, 2), [9, 2, order, 3]);
          const bias = tf.tensor1d([-5, -5, 5]);
          const layer = form.openLayer(weights, bias, filter);
          tf.dispose([weights, bias]);
          const values = noise(sizeOf(shape), 1);
          const middle = ((order > 1 ? 1 : 0) * 8 + 3) * 8 + 3;
          values[middle] = Number.NaN;
          const found = await through(form, values, shape, (x) => layer.run(x, pool));
          layer.dispose();
          const outputs = sizeOf(pool ? halved([2, 3, order, 8, 8]) : [2, 3, order, 8, 8]);
          expect(found.length).toBe(outputs);
          // It is in the first tile, so every field of that has some, whatever its bias; the second tile has none.
          const perField = outputs / 6;
          const counts = Array.from(
            { length: 6 },
            (_, i) => found.subarray(i * perField, (i + 1) * perField).filter(Number.isNaN).length,
          );
          for (const count of counts.slice(0, 3))
            expect(count).toBeGreaterThanOrEqual(order * (pool ? 4 : 9));
          expect(counts.slice(3)).toEqual([0, 0, 0]);
        }
      }
    });
  }

  describe('in dense layers', () => {
    test('stays in maxima over a middle axis', async () => {
      for (let at = 0; at < 3 * 5 * 2; at++) {
        const values = noise(30, 1);
        const max = async () => {
          const y = tf.tidy(() => splitMax(tf.tensor3d(values, [3, 5, 2])));
          const result = Float32Array.from(await y.data());
          y.dispose();
          return result;
        };
        const clean = await max();
        values[at] = Number.NaN;
        expectOnly(await max(), clean, new Set([2 * Math.floor(at / 10) + (at % 2)]));
      }
    });

    for (const group of ['C2', 'C4', 'D4'] as const) {
      test(`${group}: stays in the orbit head`, async () => {
        const shape = { group, size: 4, fields: 3 };
        const [w, bias] = [tf.tensor2d(noise(48 * 5, 2), [48, 5]), tf.tensor1d([-9, -9, 0, 9, 9])];
        const head = openOrbit(w, bias, shape);
        for (let at = 0; at < 48; at += 5) {
          const values = noise(96, 1);
          values[at] = Number.NaN;
          const x = tf.tensor2d(values, [2, 48]);
          const y = head.hidden(x);
          const found = [...(await y.data())].map(Number.isNaN);
          expect(found).toEqual(Array.from({ length: 10 }, (_, i) => i < 5));
          tf.dispose([x, y]);
        }
        head.dispose();
        tf.dispose([w, bias]);
      });
    }

    test('stays where a norm is cut off at 0 and 6', async () => {
      const values = noise(2 * 3 * 3 * 4, 1).map((value) => 8 * value);
      values[17] = Number.NaN;
      const y = tf.tidy(() => {
        const of = (value: number) => tf.tensor1d(new Float32Array(4).fill(value));
        return normClip(
          tf.tensor4d(values, [2, 3, 3, 4]),
          of(1),
          of(0),
          { mean: of(0), variance: of(1) },
          RELU6,
        );
      });
      const found = Float32Array.from(await y.data());
      y.dispose();
      expect([...found].flatMap((value, i) => (Number.isNaN(value) ? [i] : []))).toEqual([17]);
    });
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as tf from '../../../runtime/tf';
import type { FilterShape } from '../../../symmetry/filters';
import { GROUP_NAMES, GROUPS, type GroupName } from '../../../symmetry/group';
import { positionOrbits } from '../../../symmetry/turn';
import { describeOnBackends, forbidLeaks } from '../../../testing/backends';
import { cases } from '../../../testing/properties';
import { noise } from '../../../testing/tiny';
import {
  FILTER_GRADIENT,
  GROUP_CONVOLUTION,
  INPUT_GRADIENT,
  PACK_WEIGHTS,
  PACKED_CONVOLUTION,
} from './kernels';
import { tuning } from './webgpu/convolve';

/** Emulated, WebGPU takes its time: small ones there. */
const shapesFor = (name: GroupName, small: boolean) =>
  fc
    .record({
      group: fc.constant(name),
      kernel: fc.constantFrom(1, 3, 5, 7),
      lifting: fc.boolean(),
      fieldsIn: fc.integer({ min: 1, max: small ? 3 : 6 }),
      fieldsOut: fc.integer({ min: 1, max: small ? 9 : 7 }),
      height: fc.integer({ min: 1, max: small ? 9 : 13 }),
      width: fc.integer({ min: 1, max: small ? 9 : 13 }),
      tiles: fc.integer({ min: 1, max: small ? 3 : 11 }),
      partial: fc.boolean(),
      seed: fc.nat(1000),
      workgroups: fc.constantFrom(1, 256),
    })
    .map(({ lifting, partial, group, kernel, fieldsIn, fieldsOut, ...rest }) => {
      const { order, elements } = GROUPS[group];
      const positions = partial
        ? positionOrbits(kernel, elements)
            .filter((_, i) => i % 2 === 0)
            .flat()
            .sort((a, b) => a - b)
        : undefined;
      const shape: FilterShape = {
        ...{ group, kernel, fieldsIn, sizeIn: lifting ? 1 : order, fieldsOut },
        ...(positions && { positions }),
      };
      return { shape, ...rest };
    });

/** The definition, in float64, over planar maps: values, and the gradients of Σ dy·value. */
function byDefinition(
  { group: name, kernel, fieldsIn, sizeIn, fieldsOut, positions }: FilterShape,
  [tiles, height, width]: readonly number[],
  x: Float32Array,
  w: Float32Array,
  dy: Float32Array,
) {
  const { order, elements, multiply, inverse } = GROUPS[name];
  const stored = positions ?? Array.from({ length: kernel * kernel }, (_, p) => p);
  const pad = (kernel - 1) / 2;
  const turned = elements.map((g) => sourceOf(kernel, g));
  const [y, dx, dw] = [new Float64Array(dy.length), new Float64Array(x.length), new Float64Array(w.length)];
  for (let n = 0; n < tiles; n++)
    for (let fo = 0; fo < fieldsOut; fo++)
      for (let g = 0; g < order; g++)
        for (let r = 0; r < height; r++)
          for (let c = 0; c < width; c++) {
            const at = (((n * fieldsOut + fo) * order + g) * height + r) * width + c;
            for (let p = 0; p < kernel * kernel; p++) {
              // (g·W)(p) = W(g⁻¹p)
              const row = stored.indexOf(turned[g][p]);
              if (row < 0) continue;
              const [sr, sc] = [r + Math.floor(p / kernel) - pad, c + (p % kernel) - pad];
              if (sr < 0 || sc < 0 || sr >= height || sc >= width) continue;
              for (let fi = 0; fi < fieldsIn; fi++)
                for (let h = 0; h < sizeIn; h++) {
                  const slice = sizeIn === 1 ? 0 : multiply[inverse[g]][h];
                  const from = (((n * fieldsIn + fi) * sizeIn + h) * height + sr) * width + sc;
                  const weight = ((row * fieldsIn + fi) * sizeIn + slice) * fieldsOut + fo;
                  y[at] += x[from] * w[weight];
                  dx[from] += dy[at] * w[weight];
                  dw[weight] += dy[at] * x[from];
                }
            }
          }
  return { y, dx, dw };
}

/** source[p] = g⁻¹p, by turning a grid of its own positions. */
function sourceOf(n: number, { turns, mirror }: { turns: number; mirror: boolean }): number[] {
  let grid = Array.from({ length: n }, (_, y) => Array.from({ length: n }, (_, x) => y * n + x));
  if (mirror) grid = grid.map((row) => [...row].reverse());
  for (let t = 0; t < turns; t++) grid = grid.map((_, y) => grid.map((_, x) => grid[x][n - 1 - y]));
  return grid.flat();
}

describeOnBackends('group convolution by Fourier', (backend) => {
  forbidLeaks();

  // Where a GPU is emulated, every shape takes seconds to compile; layers.numeric and convolution.numeric have all groups.
  const groups = backend === 'webgpu' ? (['C4', 'D4'] as const) : GROUP_NAMES;
  test.skipIf(backend === 'cpu').each(groups)(
    '%s: value, its ReLU with a bias, and both gradients are those of the definition',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(
          shapesFor(name, backend === 'webgpu'),
          async ({ shape, height, width, tiles, seed, workgroups }) => {
            // On WebGPU, small maps come in large pieces too.
            tuning.workgroups = workgroups;
            const { order } = GROUPS[shape.group];
            const xShape = [tiles, shape.fieldsIn, shape.sizeIn, height, width];
            const yShape = [tiles, shape.fieldsOut, order, height, width];
            const stored = shape.positions?.length ?? shape.kernel ** 2;
            const wShape = [stored, shape.fieldsIn, shape.sizeIn, shape.fieldsOut];
            const size = (s: number[]) => s.reduce((a, b) => a * b, 1);
            const [xs, ws, dys] = [xShape, wShape, yShape].map((s, i) => noise(size(s), seed + i));
            const expected = byDefinition(shape, [tiles, height, width], xs, ws, dys);
            const [x, w, dy] = [tf.tensor(xs, xShape), tf.tensor(ws, wShape), tf.tensor(dys, yShape)];
            const run = (name: string, inputs: Record<string, tf.Tensor>) =>
              tf.engine().runKernel(name, inputs, { shape } as never) as tf.Tensor;
            const packed = run(PACK_WEIGHTS, { w });
            const biases = noise(shape.fieldsOut, seed + 3);
            const bias = tf.tensor1d(biases);
            const field = height * width * order;
            const active = expected.y.map((v, i) =>
              Math.max(0, v + biases[Math.floor(i / field) % shape.fieldsOut]),
            );
            const results = [
              [run(PACKED_CONVOLUTION, { x, packed, bias }), active],
              [run(GROUP_CONVOLUTION, { x, w }), expected.y],
              [run(INPUT_GRADIENT, { dy, w }), expected.dx],
              [run(FILTER_GRADIENT, { x, dy }), expected.dw],
            ] as const;
            for (const [ours, theirs] of results) {
              const values = await ours.data();
              let [off, range] = [0, 0];
              values.forEach((v, i) => {
                off = Math.max(off, Math.abs(v - theirs[i]));
                range = Math.max(range, Math.abs(theirs[i]));
              });
              expect(off).toBeLessThanOrEqual(1e-5 * Math.max(range, 1e-3));
            }
            tf.dispose([x, w, dy, packed, bias, ...results.map(([t]) => t)]);
          },
        ),
        { numRuns: backend === 'webgpu' ? cases(3, 1) : cases(50) },
      );
    },
  );
});

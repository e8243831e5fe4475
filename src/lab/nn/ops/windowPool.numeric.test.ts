/** Maxima over windows are those of the definition, and their gradients go to the first of the largest. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as tf from '../../runtime/tf';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { cases } from '../../testing/properties';
import { noise } from '../../testing/tiny';
import { maximumOver } from './windowPool';

const shapes = fc.record({
  tiles: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 3, max: 7 }),
  width: fc.integer({ min: 3, max: 7 }),
  channels: fc.integer({ min: 1, max: 5 }),
  kernel: fc.constantFrom(1, 2, 3),
  stride: fc.constantFrom(1, 2, 3),
  isPadded: fc.boolean(),
});

describeOnBackends('maxima over windows', (backend) => {
  forbidLeaks();

  test('value and gradient are those of the definition', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ tiles, height, width, channels, kernel, stride, isPadded }) => {
        const padding = isPadded ? Math.floor(kernel / 2) : 0;
        // Coarse, so that there are ties.
        const data = noise(tiles * height * width * channels, 1).map((value) => Math.round(4 * value));
        const [rows, columns] = [height, width].map(
          (side) => Math.floor((side + 2 * padding - kernel) / stride) + 1,
        );
        const dy = noise(tiles * rows * columns * channels, 2);
        const [expected, slopes] = [new Float64Array(dy.length), new Float64Array(data.length)];
        for (let at = 0; at < dy.length; at++) {
          const c = at % channels;
          const column = (Math.floor(at / channels) % columns) * stride - padding;
          const row = (Math.floor(at / (channels * columns)) % rows) * stride - padding;
          const tile = Math.floor(at / (channels * columns * rows));
          let best = -1;
          for (let i = Math.max(0, row); i < Math.min(height, row + kernel); i++)
            for (let j = Math.max(0, column); j < Math.min(width, column + kernel); j++) {
              const place = ((tile * height + i) * width + j) * channels + c;
              if (best < 0 || data[place] > data[best]) best = place;
            }
          expected[at] = data[best];
          slopes[best] += dy[at];
        }
        const x = tf.tensor4d(data, [tiles, height, width, channels]);
        const { value, grad } = tf.valueAndGrad((input) =>
          tf.sum(
            tf.mul(
              maximumOver(input as tf.Tensor4D, { kernel, stride, padding }),
              tf.tensor4d(dy, [tiles, rows, columns, channels]),
            ),
          ),
        )(x);
        const maxima = maximumOver(x, { kernel, stride, padding });
        expect([...(await maxima.data())]).toEqual([...expected]);
        const found = await grad.data();
        for (let i = 0; i < found.length; i++) expect(Math.abs(found[i] - slopes[i])).toBeLessThan(1e-5);
        tf.dispose([x, value, grad, maxima]);
      }),
      { numRuns: backend === 'webgpu' ? cases(20, 4) : cases(60) },
    );
  });

  test.skipIf(backend === 'webgpu')('what is no number is not dropped', async () => {
    const x = tf.tensor4d([1, Number.NaN, 3, 2], [1, 2, 2, 1]);
    const y = maximumOver(x, { kernel: 2, stride: 1, padding: 0 });
    expect(Number.isNaN((await y.data())[0])).toBe(true);
    tf.dispose([x, y]);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as tf from '../../runtime/tf';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { cases } from '../../testing/properties';
import { noise } from '../../testing/tiny';
import './depthwise';
import './convolution';

const shapes = fc.record({
  depthwise: fc.boolean(),
  tiles: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 3, max: 7 }),
  width: fc.integer({ min: 3, max: 7 }),
  channels: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(16, 21)),
  filters: fc.constantFrom(1, 2, 9),
  kernel: fc.constantFrom(1, 2, 3),
  stride: fc.constantFrom(1, 2, 3),
  pad: fc.constantFrom('centred' as const, 'same' as const, 'valid' as const),
  activation: fc.constantFrom('linear' as const, 'relu' as const, 'relu6' as const, 'elu' as const),
});

type Drawn = typeof shapes extends fc.Arbitrary<infer T> ? T : never;
type Sizes = 'tiles' | 'height' | 'width' | 'channels' | 'filters' | 'kernel' | 'stride';
type Shape = Omit<Drawn, Sizes> & { readonly [Size in Sizes]: number };

const ACTIVATIONS = {
  linear: (z: number) => z,
  relu: (z: number) => Math.max(0, z),
  relu6: (z: number) => Math.min(6, Math.max(0, z)),
  elu: (z: number) => (z < 0 ? Math.expm1(z) : z),
};

/** The definition, in float64. Depthwise, `filters` is how many each channel has. */
function byDefinition(shape: Shape, x: Float32Array, w: Float32Array, bias: Float32Array): Float64Array {
  const { depthwise, tiles, height, width, channels, filters, kernel, stride, pad, activation } = shape;
  const { padInfo, outHeight, outWidth } = tf.backend_util.computeConv2DInfo(
    [tiles, height, width, channels],
    [kernel, kernel, channels, filters],
    stride,
    1,
    pad === 'centred' ? Math.floor(kernel / 2) : pad,
    undefined,
    depthwise,
  );
  const y = new Float64Array(tiles * outHeight * outWidth * bias.length);
  for (let out = 0; out < y.length; out++) {
    const o = out % bias.length;
    const column = Math.floor(out / bias.length) % outWidth;
    const row = Math.floor(out / (bias.length * outWidth)) % outHeight;
    const n = Math.floor(out / (bias.length * outWidth * outHeight));
    let sum = bias[o];
    for (let i = 0; i < kernel; i++) {
      for (let j = 0; j < kernel; j++) {
        const [py, px] = [row * stride + i - padInfo.top, column * stride + j - padInfo.left];
        if (py < 0 || py >= height || px < 0 || px >= width) continue;
        const at = ((n * height + py) * width + px) * channels;
        const tap = (i * kernel + j) * channels;
        if (depthwise) sum += x[at + Math.floor(o / filters)] * w[tap * filters + o];
        else for (let c = 0; c < channels; c++) sum += x[at + c] * w[(tap + c) * filters + o];
      }
    }
    y[out] = ACTIVATIONS[activation](sum);
  }
  return y;
}

async function checkShape(shape: Shape): Promise<void> {
  const { depthwise, tiles, height, width, channels, filters, kernel, stride, pad, activation } = shape;
  const x = noise(tiles * height * width * channels, 1);
  const w = noise(kernel ** 2 * channels * filters, 2).map((value) => 4 * value);
  const bias = noise(depthwise ? channels * filters : filters, 3);
  const value = tf.tidy(() => {
    const settings = {
      x: tf.tensor4d(x, [tiles, height, width, channels]),
      filter: tf.tensor4d(w, [kernel, kernel, channels, filters]),
      bias: tf.tensor1d(bias),
      strides: stride,
      pad: pad === 'centred' ? Math.floor(kernel / 2) : pad,
      activation,
    };
    return depthwise ? tf.fused.depthwiseConv2d(settings) : tf.fused.conv2d(settings);
  });
  const values = await value.data<'float32'>();
  value.dispose();
  const expected = byDefinition(shape, x, w, bias);
  expect(values.length).toBe(expected.length);
  const difference = expected.reduce((most, each, i) => Math.max(most, Math.abs(each - values[i])), 0);
  expect(difference).toBeLessThan(1e-4);
}

describeOnBackends('fused convolutions', (backend) => {
  forbidLeaks();

  // What is asked here is whether the lab's own kernels, and programs, answer for the right ones.
  test('convolution, bias and activation are those of the definition', async () => {
    const numRuns = backend === 'webgpu' ? cases(60, 8) : cases(300);
    await fc.assert(fc.asyncProperty(shapes, checkShape), { numRuns, seed: 1 });
  });

  const wide = { depthwise: false, pad: 'centred', activation: 'relu' } as const;
  test.each<Shape>([
    // ResNet's stem; so many patches that they are laid out in several parts.
    { ...wide, tiles: 2, height: 160, width: 120, channels: 3, filters: 2, kernel: 7, stride: 2 },
    { ...wide, tiles: 1, height: 9, width: 14, channels: 5, filters: 3, kernel: 5, stride: 3 },
    { ...wide, tiles: 3, height: 2, width: 2, channels: 8, filters: 9, kernel: 7, stride: 1 },
    { ...wide, tiles: 2, height: 4, width: 3, channels: 16, filters: 9, kernel: 3, stride: 1 },
  ])('$kernel×$kernel in steps of $stride over $height×$width: those of the definition', checkShape);

  test.skipIf(backend !== 'wasm')('no bit of a tile depends on those beside it', async () => {
    const [tiles, channels, filters] = [5, 7, 6];
    for (const [size, kernel, stride] of [
      [4, 3, 1],
      [9, 7, 2],
      [8, 3, 2],
      [8, 1, 2],
    ]) {
      const x = noise(tiles * size * size * channels, 4);
      const w = tf.tensor4d(noise(kernel ** 2 * channels * filters, 5), [kernel, kernel, channels, filters]);
      const valuesOf = async (part: Float32Array) => {
        const maps = tf.tidy(() =>
          tf.conv2d(
            tf.tensor4d(part, [part.length / (size * size * channels), size, size, channels]),
            w,
            stride,
            (kernel - 1) / 2,
            'NHWC',
            1,
            'floor',
          ),
        );
        const values = Array.from(await maps.data());
        maps.dispose();
        return values;
      };
      const together = await valuesOf(x);
      const each = x.length / tiles;
      for (let tile = 0; tile < tiles; tile++)
        expect(
          together.slice((tile * together.length) / tiles, ((tile + 1) * together.length) / tiles),
        ).toEqual(await valuesOf(x.subarray(tile * each, (tile + 1) * each)));
      w.dispose();
    }
  });
});

/**
 * Ordinary convolutions on WebGPU, channels last, as products of matrices: those of 1×1, which are one, and those of
 * pictures, whose few channels tfjs's program would fill up to four. Wider ones are the reference that other forms are
 * held against, and stay tfjs's.
 */
import { matricesOf, type Patches, product } from '../../../runtime/webgpu/product/product';
import type { Cut } from '../../../runtime/webgpu/product/program';
import { registerProgram, replaceProgram } from '../../../runtime/webgpu/program';
import { CONVOLUTION_FILTER_GRADIENT } from '../names';
import { type KnownConvolution, knownConvolution } from '../tfjsConvolution';

/** Channels of a picture, at most: colours and one more. */
const PICTURE = 4;

export const cutOf = ({ ending: { low, high } }: KnownConvolution): Cut =>
  Number.isFinite(high) ? 'relu6' : Number.isFinite(low) ? 'relu' : 'none';

for (const name of ['Conv2D', 'FusedConv2D'] as const) {
  replaceProgram(name, (backend, inputs, attrs) => {
    const { x, filter, bias } = inputs;
    const known = knownConvolution(inputs, attrs);
    if (!known) return undefined;
    const [tiles, height, width, channels] = x.shape;
    const [kernel, , , filters] = filter.shape;
    const isPointwise = kernel === 1 && known.stride === 1;
    if (!isPointwise && channels > PICTURE) return undefined;
    const [rows, columns] = [height, width].map((size) => Math.ceil(size / known.stride));
    const inner = kernel ** 2 * channels;
    const matrix = { info: x, row: channels, column: 1 };
    const patches: Patches = { info: x, kernel, stride: known.stride, as: 'rows' };
    return product(backend, {
      size: [tiles * rows * columns, filters, inner],
      a: isPointwise ? matrix : patches,
      b: { info: filter, row: filters, column: 1 },
      shape: [tiles, rows, columns, filters],
      ...{ bias, cut: cutOf(known) },
    });
  });
}

/** x [N, H, W, C_in], dy [N, ⌈H/s⌉, ⌈W/s⌉, C_out] → [k, k, C_in, C_out]. */
registerProgram(CONVOLUTION_FILTER_GRADIENT, (backend, { x, dy }, { kernel, stride }) => {
  const size = Number(kernel);
  const [tiles, rows, columns, filters] = dy.shape;
  const channels = x.shape[3];
  return product(backend, {
    size: [size ** 2 * channels, filters, tiles * rows * columns],
    a: { info: x, kernel: size, stride: Number(stride), as: 'columns' },
    b: matricesOf({ ...dy, shape: [tiles * rows * columns, filters] }).matrix,
    shape: [size, size, channels, filters],
  });
});

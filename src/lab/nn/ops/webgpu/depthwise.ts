/**
 * Depthwise convolutions on WebGPU (../depthwise.ts), channels last. Neighbouring threads have neighbouring channels; each
 * computes a strip of four pixels side by side, for which a tap of the filter is read once.
 */
import type * as tf from '../../../runtime/tf';
import { COLUMN_NUMBERS, OWN_COLUMN, planColumns } from '../../../runtime/webgpu/columns';
import { addChunks } from '../../../runtime/webgpu/product/product';
import { CUTS, type Cut, ENDING } from '../../../runtime/webgpu/product/program';
import {
  flatGroups,
  keptProgram,
  launchOne,
  type Program,
  registerProgram,
  replaceProgram,
  THREADS,
  type WebGPUBackend,
} from '../../../runtime/webgpu/program';
import { DEPTHWISE_FILTER_GRADIENT, DEPTHWISE_INPUT_GRADIENT } from '../names';
import { knownConvolution } from '../tfjsConvolution';
import { cutOf } from './convolution';

const STRIP = 4;

const NUMBERS = {
  ...({ length: 'i32', channels: 'i32', kernel: 'i32', stride: 'i32', strips: 'i32' } as const),
  ...({ height: 'i32', width: 'i32', outHeight: 'i32', outWidth: 'i32' } as const),
};

const strip = (line: (m: number) => string): string =>
  Array.from({ length: STRIP }, (_, m) => line(m)).join('\n      ');

/** A strip of y, of maps outHeight × outWidth. */
const VALUE: Program = {
  key: 'depthwise',
  reads: { x: 'f32', filter_: 'f32', bias: 'f32' },
  writes: { y: 'f32' },
  numbers: { ...NUMBERS, biased: 'i32', cut: 'i32' },
  size: [THREADS, 1],
  declarations: ENDING,
  body: `
  if (index >= u.length) { return; }
  let c = index % u.channels;
  let first = index / u.channels % u.strips * ${STRIP};
  let line = index / (u.channels * u.strips);
  let tile = line / u.outHeight;
  let padding = u.kernel / 2;
  var sums = vec4f();
  for (var i = 0; i < u.kernel; i++) {
    let row = line % u.outHeight * u.stride + i - padding;
    if (row < 0 || row >= u.height) { continue; }
    let start = (tile * u.height + row) * u.width;
    for (var j = 0; j < u.kernel; j++) {
      let w = filter_[(i * u.kernel + j) * u.channels + c];
      ${strip((m) => `{ let at = (first + ${m}) * u.stride + j - padding; if (at >= 0 && at < u.width) { sums[${m}] += w * x[(start + at) * u.channels + c]; } }`)}
    }
  }
  let to = line * u.outWidth + first;
      ${strip((m) => `if (first + ${m} < u.outWidth) { y[(to + ${m}) * u.channels + c] = ended(sums[${m}], c); }`)}`,
};

/** A strip of dx, of maps height × width: the values that read it, where the stride leaves a row and a column to them. */
const INPUT_GRADIENT: Program = {
  key: 'depthwise input gradient',
  reads: { dy: 'f32', filter_: 'f32' },
  writes: { dx: 'f32' },
  numbers: NUMBERS,
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  let c = index % u.channels;
  let first = index / u.channels % u.strips * ${STRIP};
  let line = index / (u.channels * u.strips);
  let tile = line / u.height;
  let padding = u.kernel / 2;
  var sums = vec4f();
  for (var i = 0; i < u.kernel; i++) {
    let down = line % u.height + padding - i;
    let row = down / u.stride;
    if (down < 0 || row * u.stride != down || row >= u.outHeight) { continue; }
    let start = (tile * u.outHeight + row) * u.outWidth;
    for (var j = 0; j < u.kernel; j++) {
      let w = filter_[(i * u.kernel + j) * u.channels + c];
      ${strip((m) => `{ let across = first + ${m} + padding - j; let at = across / u.stride; if (across >= 0 && at * u.stride == across && at < u.outWidth) { sums[${m}] += w * dy[(start + at) * u.channels + c]; } }`)}
    }
  }
  let to = line * u.width + first;
      ${strip((m) => `if (first + ${m} < u.width) { dx[(to + ${m}) * u.channels + c] = sums[${m}]; }`)}`,
};

/**
 * A chunk of dy's pixels, whose products with the pixels under one row of taps (group.z) a thread holds in registers; then
 * the sums of a lane's parts, of all those taps at once.
 */
function filterGradientProgram(kernel: number): Program {
  const padding = (kernel - 1) / 2;
  const taps = (line: (j: number) => string) => Array.from({ length: kernel }, (_, j) => line(j)).join(' ');
  return keptProgram(`depthwise filter gradient ${kernel}`, () => ({
    reads: { x: 'f32', dy: 'f32' },
    writes: { parts: 'f32' },
    numbers: {
      ...COLUMN_NUMBERS,
      ...{ stride: 'i32', height: 'i32', width: 'i32', outHeight: 'i32', outWidth: 'i32' },
    },
    size: [THREADS, 1],
    declarations: `
var<workgroup> held: array<f32, ${kernel * THREADS}>;
fn at(line: i32, across: i32, c: i32) -> f32 {
  if (across < 0 || across >= u.width) { return 0.0; }
  return x[(line * u.width + across) * u.columns + c];
}`,
    body: `${OWN_COLUMN}
  ${taps((j) => `var sum${j} = 0.0;`)}
  for (var pixel = first; pixel < end; pixel += u.parts) {
    let row = pixel / u.outWidth % u.outHeight * u.stride - ${padding} + group.z;
    if (row < 0 || row >= u.height) { continue; }
    let slope = dy[pixel * u.columns + column];
    let across = pixel % u.outWidth * u.stride - ${padding};
    let line = pixel / (u.outWidth * u.outHeight) * u.height + row;
    ${taps((j) => `sum${j} += slope * at(line, across + ${j}, column);`)}
  }
  ${taps((j) => `held[${j * THREADS} + thread] = sum${j};`)}
  workgroupBarrier();
  for (var half = u.parts / 2; half > 0; half /= 2) {
    if (thread < half * u.lanes) {
      for (var i = thread; i < ${kernel * THREADS}; i += ${THREADS}) { held[i] += held[i + half * u.lanes]; }
    }
    workgroupBarrier();
  }
  if (thread < u.lanes && column < u.columns) {
    for (var j = 0; j < ${kernel}; j++) {
      parts[((group.x * ${kernel} + group.z) * ${kernel} + j) * u.columns + column] = held[j * ${THREADS} + thread];
    }
  }`,
  }));
}

/** Sizes of a convolution of maps [N, H, W, C]. */
function sizesOf([, height, width, channels]: readonly number[], kernel: number, stride: number) {
  const [outHeight, outWidth] = [height, width].map((size) => Math.ceil(size / stride));
  return { channels, kernel, stride, height, width, outHeight, outWidth };
}

interface Ending {
  readonly bias?: tf.TensorInfo | undefined;
  readonly cut: Cut;
}

function convolve(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  stride: number,
  { bias, cut }: Ending,
): tf.TensorInfo {
  const sizes = sizesOf(x.shape, filter.shape[0], stride);
  const { outHeight, outWidth, channels } = sizes;
  const [tiles] = x.shape;
  const strips = Math.ceil(outWidth / STRIP);
  const length = tiles * outHeight * strips * channels;
  return launchOne(backend, VALUE, {
    // Where there is no bias, something has to be bound in its place.
    reads: { x, filter_: filter, bias: bias ?? filter },
    writes: { y: [tiles, outHeight, outWidth, channels] },
    numbers: { ...sizes, length, strips, biased: bias ? 1 : 0, cut: CUTS.indexOf(cut) },
    groups: flatGroups(length),
  });
}

for (const name of ['DepthwiseConv2dNative', 'FusedDepthwiseConv2D'] as const) {
  replaceProgram(name, (backend, inputs, attrs) => {
    const { x, filter, bias } = inputs;
    const known = knownConvolution(inputs, attrs, true);
    return known && filter.shape[3] === 1
      ? convolve(backend, x, filter, known.stride, { bias, cut: cutOf(known) })
      : undefined;
  });
}

/** dy [N, ⌈H/s⌉, ⌈W/s⌉, C], filter [k, k, C, 1] → [N, H, W, C]. */
registerProgram(DEPTHWISE_INPUT_GRADIENT, (backend, { dy, filter }, { height, width, stride }) => {
  const [tiles, , , channels] = dy.shape;
  const shape = [tiles, Number(height), Number(width), channels];
  const strips = Math.ceil(Number(width) / STRIP);
  const length = tiles * Number(height) * strips * channels;
  return launchOne(backend, INPUT_GRADIENT, {
    reads: { dy, filter_: filter },
    writes: { dx: shape },
    numbers: { ...sizesOf(shape, filter.shape[0], Number(stride)), length, strips },
    groups: flatGroups(length),
  });
});

/** x [N, H, W, C], dy [N, ⌈H/s⌉, ⌈W/s⌉, C] → [k, k, C, 1]. */
registerProgram(DEPTHWISE_FILTER_GRADIENT, (backend, { x, dy }, { kernel, stride }) => {
  const size = Number(kernel);
  const [tiles, height, width, channels] = x.shape;
  const [, outHeight, outWidth] = dy.shape;
  const { chunks, numbers, groups } = planColumns(tiles * outHeight * outWidth, channels);
  const length = size ** 2 * channels;
  const shape = [size, size, channels, 1];
  const parts = launchOne(backend, filterGradientProgram(size), {
    reads: { x, dy },
    writes: { parts: chunks > 1 ? [chunks * length] : shape },
    numbers: { ...numbers, stride: Number(stride), height, width, outHeight, outWidth },
    groups: [groups[0], groups[1], size],
  });
  return chunks > 1 ? addChunks(backend, parts, chunks, shape) : parts;
});

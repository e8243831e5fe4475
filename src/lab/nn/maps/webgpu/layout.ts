/** Between pictures, channels last, and planes. A thread moves one number, neighbours in a plane side by side. */
import type * as tf from '../../../runtime/tf';
import {
  flatGroups,
  launchOne,
  type Program,
  registerProgram,
  sizeOf,
  THREADS,
  type WebGPUBackend,
} from '../../../runtime/webgpu/program';
import { FROM_PLANES, TO_PLANES } from '../names';

const transpose = (key: string, assignment: string): Program => ({
  key,
  reads: { x: 'f32' },
  writes: { y: 'f32' },
  numbers: { length: 'i32', channels: 'i32', pixels: 'i32' },
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  let pixel = index % u.pixels;
  let channel = index / u.pixels % u.channels;
  let tile = index / (u.pixels * u.channels);
  let last = (tile * u.pixels + pixel) * u.channels + channel;
  ${assignment}`,
});

const TO = transpose('to planes', 'y[index] = x[last];');
const FROM = transpose('from planes', 'y[last] = x[index];');

registerProgram(TO_PLANES, (backend, { x }) => toPlanes(backend, x));
registerProgram(FROM_PLANES, (backend, { x }) => fromPlanes(backend, x));

/** [N, H, W, C] → [N, C, 1, H, W]. */
export function toPlanes(backend: WebGPUBackend, x: tf.TensorInfo): tf.TensorInfo {
  const [tiles, height, width, channels] = x.shape;
  return launchOne(backend, TO, {
    reads: { x },
    writes: { y: [tiles, channels, 1, height, width] },
    numbers: { length: sizeOf(x.shape), channels, pixels: height * width },
    groups: flatGroups(sizeOf(x.shape)),
  });
}

/** [N, F, n, H, W] → [N, H, W, F·n]. */
export function fromPlanes(backend: WebGPUBackend, x: tf.TensorInfo): tf.TensorInfo {
  const [tiles, fields, order, height, width] = x.shape;
  return launchOne(backend, FROM, {
    reads: { x },
    writes: { y: [tiles, height, width, fields * order] },
    numbers: { length: sizeOf(x.shape), channels: fields * order, pixels: height * width },
    groups: flatGroups(sizeOf(x.shape)),
  });
}

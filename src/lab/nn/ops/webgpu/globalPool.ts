/** The average over all positions on WebGPU (../globalPool.ts), channels last: a thread for each number that is made. */
import {
  flatGroups,
  launch,
  type Program,
  registerProgram,
  sizeOf,
  THREADS,
} from '../../../runtime/webgpu/program';
import { GLOBAL_POOL, GLOBAL_POOL_GRADIENT } from '../names';

const NUMBERS = { length: 'i32', positions: 'i32', channels: 'i32' } as const;

const VALUE: Program = {
  key: 'global pool',
  reads: { x: 'f32' },
  writes: { y: 'f32' },
  numbers: NUMBERS,
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  let first = index / u.channels * u.positions * u.channels + index % u.channels;
  var sum = 0.0;
  for (var p = 0; p < u.positions; p++) { sum += x[first + p * u.channels]; }
  y[index] = sum / f32(u.positions);`,
};

const GRADIENT: Program = {
  key: 'global pool gradient',
  reads: { dy: 'f32' },
  writes: { dx: 'f32' },
  numbers: NUMBERS,
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  let tile = index / (u.channels * u.positions);
  dx[index] = dy[tile * u.channels + index % u.channels] / f32(u.positions);`,
};

registerProgram(GLOBAL_POOL, (backend, { input0: x }) => {
  const [tiles, height, width, channels] = x.shape;
  const length = tiles * channels;
  return launch(backend, VALUE, {
    reads: { x },
    writes: { y: [tiles, channels] },
    numbers: { length, positions: height * width, channels },
    groups: flatGroups(length),
  });
});

registerProgram(GLOBAL_POOL_GRADIENT, (backend, { input0: dy }, { height, width }) => {
  const [tiles, channels] = dy.shape;
  const shape = [tiles, Number(height), Number(width), channels];
  const length = sizeOf(shape);
  return launch(backend, GRADIENT, {
    reads: { dy },
    writes: { dx: shape },
    numbers: { length, positions: Number(height) * Number(width), channels },
    groups: flatGroups(length),
  });
});

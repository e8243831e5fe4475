/** Maxima over a middle axis on WebGPU, the gradient split evenly on ties (../maxima.ts). */
import { KEEPING_NAN } from '../../../runtime/webgpu/notNumbers';
import { flatGroups, launch, type Program, registerProgram, THREADS } from '../../../runtime/webgpu/program';
import { MAX, MAX_GRADIENT } from '../names';

const NUMBERS = { length: 'i32', count: 'i32', inner: 'i32' } as const;

/** x [outer, n, inner], a thread for each maximum. */
const PROGRAM: Program = {
  key: 'max',
  reads: { x: 'f32' },
  writes: { y: 'f32' },
  numbers: NUMBERS,
  size: [THREADS, 1],
  declarations: KEEPING_NAN,
  body: `
  if (index >= u.length) { return; }
  let first = index / u.inner * u.count * u.inner + index % u.inner;
  var top = x[first];
  for (var j = 1; j < u.count; j++) { top = larger(top, x[first + j * u.inner]); }
  y[index] = top;`,
};

const GRADIENT: Program = {
  key: 'max gradient',
  reads: { x: 'f32', top: 'f32', dy: 'f32' },
  writes: { dx: 'f32' },
  numbers: NUMBERS,
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  let first = index / u.inner * u.count * u.inner + index % u.inner;
  var ties = 0.0;
  for (var j = 0; j < u.count; j++) { ties += select(0.0, 1.0, x[first + j * u.inner] == top[index]); }
  let share = dy[index] / ties;
  for (var j = 0; j < u.count; j++) {
    let at = first + j * u.inner;
    dx[at] = select(0.0, share, x[at] == top[index]);
  }`,
};

registerProgram(MAX, (backend, { input0: x }) => {
  const [outer, count, inner] = x.shape;
  const length = outer * inner;
  return launch(backend, PROGRAM, {
    reads: { x },
    writes: { y: [outer, inner] },
    numbers: { length, count, inner },
    groups: flatGroups(length),
  });
});

registerProgram(MAX_GRADIENT, (backend, { input0: x, input1: top, input2: dy }) => {
  const [outer, count, inner] = x.shape;
  const length = outer * inner;
  return launch(backend, GRADIENT, {
    reads: { x, top, dy },
    writes: { dx: x.shape },
    numbers: { length, count, inner },
    groups: flatGroups(length),
  });
});

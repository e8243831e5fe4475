/** How patches become rows of tokens and a first token an answer on WebGPU (../rows.ts): a thread for each number. */
import {
  flatGroups,
  launch,
  type Program,
  registerProgram,
  sizeOf,
  THREADS,
} from '../../../../runtime/webgpu/program';
import { ENTER_TOKENS, ENTER_TOKENS_GRADIENT, FIRST_TOKENS, FIRST_TOKENS_GRADIENT } from '../names';

const NUMBERS = { length: 'i32', width: 'i32', tokens: 'i32' } as const;

const ENTER: Program = {
  key: 'enter tokens',
  reads: { x: 'f32', positions: 'f32', first: 'f32' },
  writes: { y: 'f32' },
  numbers: NUMBERS,
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  let channel = index % u.width;
  let row = index / u.width;
  let patch_ = row % u.tokens - 1;
  if (patch_ < 0) { y[index] = first[channel]; return; }
  let source = row / u.tokens * (u.tokens - 1) + patch_;
  y[index] = x[source * u.width + channel] + positions[patch_ * u.width + channel];`,
};

/** Patches' gradients are copied; a position's, and the first token's, are sums over tiles. */
const ENTER_GRADIENT: Program = {
  key: 'enter tokens gradient',
  reads: { dy: 'f32' },
  writes: { dx: 'f32', dPositions: 'f32', dFirst: 'f32' },
  numbers: { ...NUMBERS, tiles: 'i32' },
  size: [THREADS, 1],
  body: `
  let channel = index % u.width;
  let row = index / u.width;
  let patches = u.tokens - 1;
  if (index < u.length) {
    dx[index] = dy[(row / patches * u.tokens + row % patches + 1) * u.width + channel];
  }
  if (row >= u.tokens) { return; }
  var sum = 0.0;
  for (var tile = 0; tile < u.tiles; tile++) { sum += dy[(tile * u.tokens + row) * u.width + channel]; }
  if (row == 0) { dFirst[channel] = sum; } else { dPositions[(row - 1) * u.width + channel] = sum; }`,
};

const FIRST: Program = {
  key: 'first tokens',
  reads: { x: 'f32' },
  writes: { y: 'f32' },
  numbers: NUMBERS,
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  y[index] = x[index / u.width * u.tokens * u.width + index % u.width];`,
};

const FIRST_GRADIENT: Program = {
  key: 'first tokens gradient',
  reads: { dy: 'f32' },
  writes: { dx: 'f32' },
  numbers: NUMBERS,
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  let row = index / u.width;
  let isFirst = row % u.tokens == 0;
  dx[index] = select(0.0, dy[row / u.tokens * u.width + index % u.width], isFirst);`,
};

registerProgram(ENTER_TOKENS, (backend, { input0: x, input1: positions, input2: first }) => {
  const [rows, width] = x.shape;
  const [patches] = positions.shape;
  const shape = [rows + rows / patches, width];
  const length = sizeOf(shape);
  return launch(backend, ENTER, {
    reads: { x, positions, first },
    writes: { y: shape },
    numbers: { length, width, tokens: patches + 1 },
    groups: flatGroups(length),
  });
});

registerProgram(ENTER_TOKENS_GRADIENT, (backend, { input0: dy }, attrs) => {
  const [rows, width] = dy.shape;
  const patches = Number(attrs.patches);
  const tokens = patches + 1;
  const tiles = rows / tokens;
  const length = tiles * patches * width;
  return launch(backend, ENTER_GRADIENT, {
    reads: { dy },
    writes: { dx: [tiles * patches, width], dPositions: [patches, width], dFirst: [width] },
    numbers: { length, width, tokens, tiles },
    groups: flatGroups(Math.max(length, tokens * width)),
  });
});

registerProgram(FIRST_TOKENS, (backend, { input0: x }, { tokens }) => {
  const [rows, width] = x.shape;
  const shape = [rows / Number(tokens), width];
  const length = sizeOf(shape);
  return launch(backend, FIRST, {
    reads: { x },
    writes: { y: shape },
    numbers: { length, width, tokens: Number(tokens) },
    groups: flatGroups(length),
  });
});

registerProgram(FIRST_TOKENS_GRADIENT, (backend, { input0: dy }, { tokens }) => {
  const [tiles, width] = dy.shape;
  const shape = [tiles * Number(tokens), width];
  const length = sizeOf(shape);
  return launch(backend, FIRST_GRADIENT, {
    reads: { dy },
    writes: { dx: shape },
    numbers: { length, width, tokens: Number(tokens) },
    groups: flatGroups(length),
  });
});

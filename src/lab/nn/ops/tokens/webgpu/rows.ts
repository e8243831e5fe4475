/** How patches become rows of tokens and a first token an answer on WebGPU (../rows.ts): a thread for each number. */
import {
  flatGroups,
  launch,
  type Program,
  registerProgram,
  sizeOf,
  THREADS,
} from '../../../../runtime/webgpu/program';
import {
  ENTER_TOKENS,
  ENTER_TOKENS_GRADIENT,
  FIRST_TOKENS,
  FIRST_TOKENS_GRADIENT,
  REST_TOKENS,
  REST_TOKENS_GRADIENT,
} from '../names';

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

/** Of each tile's rows `count`, from the row `start` on. */
const TAKEN_NUMBERS = { ...NUMBERS, start: 'i32', count: 'i32' } as const;

const TAKEN: Program = {
  key: 'tokens taken',
  reads: { x: 'f32' },
  writes: { y: 'f32' },
  numbers: TAKEN_NUMBERS,
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  let row = index / u.width;
  y[index] = x[(row / u.count * u.tokens + u.start + row % u.count) * u.width + index % u.width];`,
};

const TAKEN_GRADIENT: Program = {
  key: 'tokens taken, gradient',
  reads: { dy: 'f32' },
  writes: { dx: 'f32' },
  numbers: TAKEN_NUMBERS,
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  let row = index / u.width;
  let own = row % u.tokens - u.start;
  let isTaken = own >= 0 && own < u.count;
  let source = (row / u.tokens * u.count + own) * u.width + index % u.width;
  dx[index] = select(0.0, dy[select(0, source, isTaken)], isTaken);`,
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

/** The first of each tile's rows, or all others. */
const PARTS = [
  { name: FIRST_TOKENS, gradient: FIRST_TOKENS_GRADIENT, partOf: () => ({ start: 0, count: 1 }) },
  {
    name: REST_TOKENS,
    gradient: REST_TOKENS_GRADIENT,
    partOf: (tokens: number) => ({ start: 1, count: tokens - 1 }),
  },
];

for (const { name, gradient, partOf } of PARTS) {
  registerProgram(name, (backend, { input0: x }, attrs) => {
    const [rows, width] = x.shape;
    const tokens = Number(attrs.tokens);
    const part = partOf(tokens);
    const shape = [(rows / tokens) * part.count, width];
    const length = sizeOf(shape);
    return launch(backend, TAKEN, {
      reads: { x },
      writes: { y: shape },
      numbers: { length, width, tokens, ...part },
      groups: flatGroups(length),
    });
  });

  registerProgram(gradient, (backend, { input0: dy }, attrs) => {
    const [rows, width] = dy.shape;
    const tokens = Number(attrs.tokens);
    const part = partOf(tokens);
    const shape = [(rows / part.count) * tokens, width];
    const length = sizeOf(shape);
    return launch(backend, TAKEN_GRADIENT, {
      reads: { dy },
      writes: { dx: shape },
      numbers: { length, width, tokens, ...part },
      groups: flatGroups(length),
    });
  });
}

/** All turned copies of maps on WebGPU (../orientations.ts). Positions come as floats, as the loop reads them. */
import {
  flatGroups,
  launch,
  type Program,
  registerProgram,
  sizeOf,
  THREADS,
} from '../../../runtime/webgpu/program';
import { TURN_ALL, TURN_ALL_GRADIENT } from '../names';

const NUMBERS = { length: 'i32', tiles: 'i32', positions: 'i32', fields: 'i32', turns: 'i32' } as const;

const PROGRAM: Program = {
  key: 'turn all',
  reads: { x: 'f32', sources: 'f32' },
  writes: { y: 'f32' },
  numbers: NUMBERS,
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  let field = index % u.fields;
  let position = index / u.fields % u.positions;
  let tile = index / (u.fields * u.positions) % u.tiles;
  let turn = index / (u.fields * u.positions * u.tiles) % u.turns;
  let source = i32(sources[turn * u.positions + position]);
  y[index] = x[(tile * u.positions + source) * u.fields + field];`,
};

/** A thread for each element of dx looks for the copies that came from it: maps are small here. */
const GRADIENT: Program = {
  key: 'turn all gradient',
  reads: { dy: 'f32', sources: 'f32' },
  writes: { dx: 'f32' },
  numbers: NUMBERS,
  size: [THREADS, 1],
  body: `
  if (index >= u.length) { return; }
  let field = index % u.fields;
  let source = f32(index / u.fields % u.positions);
  let tile = index / (u.fields * u.positions);
  var sum = 0.0;
  for (var turn = 0; turn < u.turns; turn++) {
    for (var p = 0; p < u.positions; p++) {
      if (sources[turn * u.positions + p] == source) {
        sum += dy[((turn * u.tiles + tile) * u.positions + p) * u.fields + field];
      }
    }
  }
  dx[index] = sum;`,
};

registerProgram(TURN_ALL, (backend, { input0: x, input1: sources }, { order, fields }) => {
  const [tiles, width] = x.shape;
  const turns = Number(order);
  const length = turns * sizeOf(x.shape);
  return launch(backend, PROGRAM, {
    reads: { x, sources },
    writes: { y: [turns * tiles, width] },
    numbers: { length, tiles, positions: width / Number(fields), fields: Number(fields), turns },
    groups: flatGroups(length),
  });
});

registerProgram(TURN_ALL_GRADIENT, (backend, { input0: dy, input1: sources }, { order, fields }) => {
  const [rows, width] = dy.shape;
  const turns = Number(order);
  const tiles = rows / turns;
  const length = tiles * width;
  return launch(backend, GRADIENT, {
    reads: { dy, sources },
    writes: { dx: [tiles, width] },
    numbers: { length, tiles, positions: width / Number(fields), fields: Number(fields), turns },
    groups: flatGroups(length),
  });
});

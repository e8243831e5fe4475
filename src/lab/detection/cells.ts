/**
 * What a one-stage detector says of each cell of a scene, and how boxes are made of it. A cell answers for the thing whose
 * middle lies in it:
 *   is there one (a logit)    the way from the cell's middle to the thing's (in cells; a vector)
 *   the logarithms of its width and height (in cells; an extent)    which one it is (a logit for each class)
 * The way is counted from the cell's middle, and has no bound: so it turns with the scene, as a share of the cell from its
 * corner would not.
 */
import { exp, log } from '../elementary';
import type { Kind } from '../symmetry/kinds';
import { type Box, type Detection, overlap, type Truth } from './boxes';

/** Pixels along a side of a cell. */
export const CELL = 8;

/** Channels of a cell: there, way, extent, classes. */
export const cellKinds = (classes: number): Kind[] => [
  'scalar',
  'vector',
  'extent',
  ...new Array<Kind>(classes).fill('scalar'),
];

/** Numbers before those of the classes. */
export const BEFORE_CLASSES = 5;

/** What the cells of a scene should say, cell by cell; zeros where there is nothing. */
export function cellTargets(things: readonly Truth[], size: number, classes: number): Float32Array {
  const cells = size / CELL;
  const width = BEFORE_CLASSES + classes;
  const target = new Float32Array(cells * cells * width);
  for (const { box, label } of things) {
    const [x, y] = [(box.left + box.right) / 2 / CELL, (box.top + box.bottom) / 2 / CELL];
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const at = (row * cells + column) * width;
    target[at] = 1;
    target[at + 1] = x - column - 0.5;
    target[at + 2] = y - row - 0.5;
    target[at + 3] = log((box.right - box.left) / CELL);
    target[at + 4] = log((box.bottom - box.top) / CELL);
    target[at + BEFORE_CLASSES + label] = 1;
  }
  return target;
}

/** Detections below this are not worth a word. */
const LEAST_SCORE = 0.01;
/** Of the same class, of which one stays. */
const SAME = 0.5;
/** No thing is so large or small, in logarithms of cells. */
const FARTHEST = 3;

/** What the cells of one scene say, as boxes: each cell's likeliest class, without what a surer one covers. */
export function detectionsIn(cells: Float32Array, size: number, classes: number): Detection[] {
  const side = size / CELL;
  const width = BEFORE_CLASSES + classes;
  const found: Detection[] = [];
  for (let cell = 0; cell < side * side; cell++) {
    const at = cell * width;
    const [there, right, down, wide, high] = cells.subarray(at, at + BEFORE_CLASSES);
    const logits = cells.subarray(at + BEFORE_CLASSES, at + width);
    const label = logits.indexOf(Math.max(...logits));
    const share = 1 / logits.reduce((sum, logit) => sum + exp(logit - logits[label]), 0);
    const score = share / (1 + exp(-there));
    if (!(score >= LEAST_SCORE)) continue;
    const x = CELL * ((cell % side) + 0.5 + right);
    const y = CELL * (Math.floor(cell / side) + 0.5 + down);
    const half = (value: number) => (CELL * exp(Math.min(FARTHEST, Math.max(-FARTHEST, value)))) / 2;
    const [halfX, halfY] = [half(wide), half(high)];
    const box: Box = { left: x - halfX, top: y - halfY, right: x + halfX, bottom: y + halfY };
    found.push({ box, label, score });
  }
  return withoutRepeats(found);
}

/** By falling score, without those that overlap a surer one of their class by more than half. */
export function withoutRepeats(found: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const one of [...found].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => other.label !== one.label || overlap(other.box, one.box) <= SAME))
      kept.push(one);
  }
  return kept;
}

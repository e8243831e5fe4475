/**
 * A scene for trying things on: a mosaic of synthetic tiles laid out as land might lie, so that the class of each cell
 * is known. Its tiles do not join at their borders, and none of them is in the data set that networks were trained on.
 */

import type { Pixels } from '../../pictures/cut';
import { breathe } from '../../runtime/breathe';
import type { Stage } from '../../stage/events';
import { SYNTHETIC_PER_CLASS, SYNTHETIC_SEED, syntheticTile } from '.';
import { SIDE } from './canvas';

/** Each letter a cell: sea in the west, a river and a road into the town, fields around it, woods in the north. */
const LAYOUT = ['SSFFFFHF', 'SSHPPFRF', 'SPPAARRH', 'SDDDDDRD', 'SCBBIIRA', 'SSCBBIRA'];

/** Indices of EuroSAT's classes, in their order. */
const CLASS_OF: Readonly<Record<string, number>> = {
  A: 0,
  F: 1,
  H: 2,
  D: 3,
  I: 4,
  P: 5,
  C: 6,
  B: 7,
  R: 8,
  S: 9,
};

/** Beyond the tiles of the data set. */
const FIRST_TILE = 2 * SYNTHETIC_PER_CLASS;

export interface SyntheticScene extends Pixels {
  /** Index of the class each cell was painted as, row by row. */
  readonly labels: Uint8Array;
}

/** Paints the scene tile by tile: 8 × 6 cells of 64 × 64 pixels. */
export async function* syntheticScene(): Stage<SyntheticScene> {
  const [columns, rows] = [LAYOUT[0].length, LAYOUT.length];
  const labels = Uint8Array.from([...LAYOUT.join('')], (letter) => CLASS_OF[letter]);
  const width = columns * SIDE;
  const data = new Uint8Array(width * rows * SIDE * 3);
  for (const [cell, label] of labels.entries()) {
    const tile = syntheticTile(label, FIRST_TILE + cell, SYNTHETIC_SEED);
    const [left, top] = [(cell % columns) * SIDE, Math.floor(cell / columns) * SIDE];
    for (let y = 0; y < SIDE; y++) {
      data.set(tile.subarray(y * SIDE * 3, (y + 1) * SIDE * 3), ((top + y) * width + left) * 3);
    }
    yield { type: 'progress', what: 'painting the scene', done: cell + 1, total: labels.length };
    await breathe();
  }
  return { width, height: rows * SIDE, data, labels };
}

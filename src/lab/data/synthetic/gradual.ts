/**
 * The synthetic set painted bit by bit, for hosts that want to begin before every tile is there. Labels and keys are
 * complete from the start; pixels of a tile are zero until it is painted. All painted, it equals `syntheticDataset`.
 */

import { breathe } from '../../runtime/breathe';
import type { Stage } from '../../stage/events';
import type { Dataset } from '../dataset';
import { EUROSAT_CLASSES } from '../readers/eurosat';
import { boxAverage, tileLength } from '../tiles';
import {
  SYNTHETIC_PER_CLASS,
  SYNTHETIC_SEED,
  type SyntheticOptions,
  syntheticDataset,
  syntheticTile,
} from '.';
import { SIDE } from './canvas';

/** Tiles painted between two progress events. */
const PIECE = 16;

export interface GradualDataset {
  readonly dataset: Dataset;
  /** Paints those of the tiles that are not painted yet. */
  paint(indices: ArrayLike<number>): Stage<void>;
}

/** Takes the options of `syntheticDataset`. */
export function gradualSynthetic({
  size = SIDE,
  perClass = SYNTHETIC_PER_CLASS,
  seed = SYNTHETIC_SEED,
}: SyntheticOptions = {}): GradualDataset {
  const count = perClass * EUROSAT_CLASSES.length;
  const labels = Uint8Array.from({ length: count }, (_, i) => Math.floor(i / perClass));
  const keys = Array.from(labels, (label, i) => `${EUROSAT_CLASSES[label]}/synthetic_${i % perClass}`);
  const empty = syntheticDataset({ size, perClass: 0, seed });
  const pixels = new Uint8Array(count * tileLength(empty));
  const dataset = { ...empty, count, labels, keys, pixels };
  const painted = new Uint8Array(count);

  const paintOne = (i: number) => {
    const tile = boxAverage(syntheticTile(labels[i], i % perClass, seed), SIDE, SIDE, 3, SIDE / size);
    pixels.set(tile, i * tile.length);
    painted[i] = 1;
  };
  async function* paint(indices: ArrayLike<number>): Stage<void> {
    const missing = Array.from(indices).filter((i) => painted[i] === 0);
    for (let done = 0; done < missing.length; ) {
      for (const i of missing.slice(done, done + PIECE)) paintOne(i);
      done = Math.min(missing.length, done + PIECE);
      yield { type: 'progress', what: 'tiles', done, total: missing.length };
      await breathe();
    }
  }
  return { dataset, paint };
}

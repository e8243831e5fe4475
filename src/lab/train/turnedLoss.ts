/** What a network loses when training tiles are turned: nothing, where its answer is built to stay; then turns teach it nothing. */
import type { Dataset } from '../data/dataset';
import { logitsAt } from '../evaluate/rotation';
import { scoreLogits } from '../evaluate/score';
import type { AnyModel } from '../nn/model';
import { permutation } from '../random';
import type { Stage } from '../stage/events';
import { labelsOf } from './problem';

const TILES = 48;

export interface TurnedLoss {
  readonly tiles: number;
  /** Mean cross-entropy at 0°, 90°, 180° and 270°, in nats. */
  readonly losses: readonly number[];
  /** The largest difference between two of them, as a share of the first: rounding leaves about 10⁻⁷. */
  readonly apart: number;
  /** Whether they are one number, but for rounding. */
  readonly isSame: boolean;
}

/** Below it losses are the same number: 32-bit floats leave that much. */
const ROUNDING = 1e-5;

/** The loss of the model as it is, upright and at the three quarter turns, on a few of the tiles. */
export async function* turnedLoss(
  model: AnyModel,
  dataset: Dataset,
  tiles: Uint32Array,
  seed: number,
): Stage<TurnedLoss> {
  const order = permutation(tiles.length, seed, 'turned loss').subarray(0, TILES);
  const chosen = order.map((place) => tiles[place]);
  const losses: number[] = [];
  for (const degrees of [0, 90, 180, 270]) {
    const logits = yield* logitsAt(model, dataset, chosen, degrees);
    losses.push(scoreLogits(logits, labelsOf(dataset, chosen)).loss);
  }
  const apart = (Math.max(...losses) - Math.min(...losses)) / losses[0];
  return { tiles: chosen.length, losses, apart, isSame: apart < ROUNDING };
}

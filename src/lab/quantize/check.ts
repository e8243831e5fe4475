/** What rounding to integers did to a network: accuracy and answers before and after, agreement, size. */
import type { Dataset } from '../data/dataset';
import { type Agreement, accuracyOf } from '../evaluate/agreement';
import { type Cost, totalCost } from '../evaluate/cost';
import type { LayerError } from '../evaluate/equivariance';
import { answersOf } from '../evaluate/features';
import { rotationCheck } from '../evaluate/rotation';
import type { Stage } from '../events';
import { INFERENCE_BATCH } from '../nn/batch';
import type { Model } from '../nn/model';

export interface Figures extends Cost, Agreement {
  readonly accuracy: number;
  /** Accuracy at the four quarter turns. */
  readonly turned: readonly number[];
  readonly equivarianceError: readonly LayerError[];
}

export interface QuantisationCheck {
  readonly n: number;
  /** Tiles per batch: where ranges are found per batch, the figures hold for these batches. */
  readonly batch: number;
  readonly before: Figures;
  readonly after: Figures;
  /** Share of tiles, upright, with the same answer before and after. */
  readonly unchanged: number;
}

/** Compares a network with what it was quantised to on the chosen tiles. */
export async function* quantisationCheck(
  before: Model,
  after: Model,
  dataset: Dataset,
  tiles: Uint32Array,
): Stage<QuantisationCheck> {
  const floats = yield* answersOf(before, dataset, tiles);
  const integers = yield* answersOf(after, dataset, tiles);
  return {
    n: tiles.length,
    batch: INFERENCE_BATCH,
    before: yield* figuresOf(before, dataset, tiles),
    after: yield* figuresOf(after, dataset, tiles),
    unchanged: accuracyOf(integers, floats),
  };
}

async function* figuresOf(model: Model, dataset: Dataset, tiles: Uint32Array): Stage<Figures> {
  const {
    n: _,
    upright: __,
    angles,
    ...figures
  } = yield* rotationCheck(model, dataset, tiles, [0, 90, 180, 270]);
  const turned = angles.map(({ accuracy }) => accuracy);
  return { accuracy: turned[0], turned, ...figures, ...totalCost(model.arch) };
}

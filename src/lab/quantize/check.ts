/** What rounding to integers did to a network: accuracy and answers before and after, agreement, size. */
import type { Dataset } from '../data/dataset';
import { type Agreement, accuracyOf } from '../evaluate/agreement';
import { type Cost, totalCost } from '../evaluate/cost';
import type { LayerError } from '../evaluate/equivariance';
import { rotationCheck } from '../evaluate/rotation';
import { INFERENCE_BATCH } from '../nn/batch';
import type { AnyModel } from '../nn/model';
import type { Stage } from '../stage/events';

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
  before: AnyModel,
  after: AnyModel,
  dataset: Dataset,
  tiles: Uint32Array,
): Stage<QuantisationCheck> {
  const [floats, integers] = [
    yield* checkTurns(before, dataset, tiles),
    yield* checkTurns(after, dataset, tiles),
  ];
  return {
    n: tiles.length,
    batch: INFERENCE_BATCH,
    before: floats.figures,
    after: integers.figures,
    unchanged: accuracyOf(integers.upright, floats.upright),
  };
}

async function* checkTurns(
  model: AnyModel,
  dataset: Dataset,
  tiles: Uint32Array,
): Stage<{ figures: Figures; upright: Uint8Array }> {
  const { n: _, each, angles, ...rest } = yield* rotationCheck(model, dataset, tiles, [0, 90, 180, 270]);
  const turned = angles.map(({ accuracy }) => accuracy);
  return {
    figures: { accuracy: turned[0], turned, ...rest, ...totalCost(model.arch) },
    upright: each.upright,
  };
}

/**
 * A range test of the learning rate (Smith 2017): a fresh network is trained for a few dozen steps, while the rate rises from
 * next to nothing until the loss bursts. It looks at training tiles alone, and what it trained is thrown away.
 */
import type { Dataset, Splits } from '../data/dataset';
import { power } from '../elementary';
import type { AnyModel } from '../nn/model';
import type { Stage } from '../stage/events';
import { Astray } from './astray';
import { fit } from './fit';
import type { TrainSettings } from './settings';
import { courseOf } from './train';

const STEPS = 80;
const LEAST = 1e-5;
const MOST = 1;
/** Of what was smoothed before, in the mean of the losses so far. */
const MEMORY = 0.85;
/** Over where it began, and over its best: the loss has burst, and nothing more is to be learnt of the rate. */
const BURST = 2;
/**
 * The rate at the least loss is on the brink: a training of many steps needs less. Four designs on EuroSAT (c4-twin-small,
 * base-small, c4-small, c4-vit-small) come to 0.0032, 0.0037, 0.00074 and 0.0015 so; their presets, chosen on validation
 * tiles, are 0.003, 0.003, 0.001 and 0.001.
 */
const SAFETY = 0.25;

export interface RatePoint {
  readonly rate: number;
  /** Of the batch in front of the step, in nats: smoothed over the steps so far. */
  readonly loss: number;
}

export interface RateSweep {
  readonly points: readonly RatePoint[];
  /** The learning rate that it comes to; null where the loss never fell. */
  readonly chosen: number | null;
  /** Where the loss was least. */
  readonly least: RatePoint;
  /** Tiles that were learnt from, and how many at once. */
  readonly tiles: number;
  readonly batch: number;
}

/** The rate of a step, from 0: between the least and the most in equal factors. */
const rateAt = (step: number): number => LEAST * power(MOST / LEAST, step / (STEPS - 1));

/** Sweeps the learning rate over training tiles, from the model as it is. Deterministic from the seed, on each engine. */
export async function* sweepRates(
  model: AnyModel,
  dataset: Dataset,
  splits: Splits,
  settings: TrainSettings,
  seed: number,
): Stage<RateSweep> {
  const { problem, plan } = courseOf(model, dataset, splits, settings, seed);
  const losses: number[] = [];
  const blind = {
    ...problem,
    // biome-ignore lint/correctness/useYield: validation tiles are not looked at.
    validate: async function* () {
      return { accuracy: 0, loss: 0 };
    },
  };
  const steps = fit(blind, model.params, {
    ...plan,
    by: undefined,
    epochs: STEPS,
    learningRate: (_, step) => rateAt(step),
    stop: () => null,
  });
  try {
    for await (const event of steps) {
      if (event.type !== 'batch') continue;
      losses.push(event.loss);
      yield { type: 'progress', what: 'trying rates', done: losses.length, total: STEPS };
      if (losses.length === STEPS || hasBurst(smoothed(losses))) break;
    }
  } catch (error) {
    // No numbers any more: so high a rate is past the brink, which is what was looked for.
    if (!(error instanceof Astray) || losses.length === 0) throw error;
  } finally {
    await steps.return(undefined as never);
  }
  const points = smoothed(losses).map((loss, step) => ({ rate: rateAt(step), loss }));
  const tiles = Math.min(splits.train.length, losses.length * settings.batch);
  return { points, ...chosenRate(points), tiles, batch: settings.batch };
}

/** Running means that forget, corrected for their beginning. */
function smoothed(losses: readonly number[]): number[] {
  let [sum, weight] = [0, 0];
  return losses.map((loss) => {
    sum = MEMORY * sum + (1 - MEMORY) * loss;
    weight = MEMORY * weight + 1 - MEMORY;
    return sum / weight;
  });
}

function hasBurst(losses: readonly number[]): boolean {
  const now = losses[losses.length - 1];
  return now > BURST * losses[0] && now > BURST * Math.min(...losses);
}

/** A quarter of the rate at which the loss was least, to two digits; null where that is where it began. */
export function chosenRate(points: readonly RatePoint[]): Pick<RateSweep, 'chosen' | 'least'> {
  const least = points.reduce((best, each) => (each.loss < best.loss ? each : best));
  return { chosen: least === points[0] ? null : Number((SAFETY * least.rate).toPrecision(2)), least };
}

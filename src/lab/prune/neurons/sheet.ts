/**
 * Everything a pruning slider shows, worked out beforehand: plain arrays to look up, indexed by the number k of units kept,
 * 0 … units. Of hidden neurons behind a trunk every position is known; of other units those where the slider stops.
 */
import { totalCost } from '../../evaluate/cost';
import { hiddenOf } from '../../evaluate/features';
import type { SliderUnit } from '../../families/units';
import { breathe } from '../../runtime/breathe';
import type { Stage } from '../../stage/events';
import { CRITERION_IDS, type CriterionId } from '../criteria';
import { unitCount } from '../units/units';
import { COMPENSATIONS, type Compensation } from './compensate';
import { curveAnswers } from './curve';
import { type CurveFigures, curveFigures } from './figures';
import { type Neurons, neuronsOf } from './portraits';
import { rankNeurons } from './prune';
import type { Study } from './study';
import { chooseWatched, type Watched, watchedOf, watchedRows } from './watched';

/** One method with one compensation. Masked neurons; the extracted network gives the same answers. */
export interface SheetCurve extends CurveFigures {
  readonly method: CriterionId;
  readonly compensation: Compensation;
  /** Units by falling saliency: with k kept, the first k stay. */
  readonly order: Uint32Array;
  /** By unit: what the method ranks by. */
  readonly saliency: Float64Array;
}

export interface Sheet {
  /** What goes. */
  readonly unit: SliderUnit;
  /** Of units in several layers: ranked over all of them, or in each; null where there is one layer. */
  readonly ranking: 'network' | 'block' | null;
  readonly units: number;
  /** How many units each layer has, in order; units are numbered through them, one layer after the other. */
  readonly layers: readonly number[];
  /** Of filters: for each layer here the layers of the network whose filters are numbered so; several are tied by sums. */
  readonly makers?: readonly (readonly string[])[];
  /** Numbers of removed units that were measured, ascending from 0: where the slider stops. */
  readonly stops: Uint32Array;
  /** Validation tiles the curves are measured on, and all there are. */
  readonly tiles: number;
  readonly ofTiles: number;
  /** How many of them will be run: all, where it costs little. */
  readonly aim: number;
  /** Training tiles that means and variances come from. */
  readonly statisticsTiles: number;
  /** 1 for each unit whose activation never changed on the training tiles seen. */
  readonly dead: Uint8Array;
  /** What each unit responds to. */
  readonly neurons: Neurons;
  /** The tiles whose answers are told at every position. */
  readonly watched: Watched;
  readonly params: Float64Array;
  /** As stored here, and as exported. */
  readonly bytes: Float64Array;
  readonly exported: Float64Array;
  readonly macs: Float64Array;
  /** Those that were measured so far; in the end every method with every compensation that there is for such units. */
  readonly curves: readonly SheetCurve[];
}

/** The longest stretch without looking up for messages, in milliseconds. */
const STRETCH = 100;

/** Which tiles are watched, as dataset indices: just these, or, where none were chosen before, a dozen with `pinned` among them. */
export interface Watch {
  readonly tiles: Uint32Array | null;
  readonly pinned: number | null;
}

export const WATCH_ANY: Watch = { tiles: null, pinned: null };

/** The sheet of a study; `seed` is for the random method. */
export async function* sheetOf(study: Study, seed: number, watch: Watch = WATCH_ANY): Stage<Sheet> {
  const { model, statistics, turns, tiles, dataset, train, splits } = study;
  const hidden: Float32Array[] = [];
  for (const { values } of turns) hidden.push(await hiddenOf(model, values));
  const { labels } = turns[0];
  const units = unitCount(model);
  const stops = Uint32Array.from({ length: units }, (_, removed) => removed);
  const rows = rowsToWatch(study, hidden[0], stops, seed, watch);
  const curves: SheetCurve[] = [];
  for (const method of CRITERION_IDS) {
    const ranking = rankNeurons(model, method, statistics, seed);
    for (const compensation of COMPENSATIONS) {
      const pass = curveFigures(model, hidden, ranking.order, compensation, statistics, labels, rows);
      curves.push({ method, compensation, ...ranking, ...(await breathing(pass)) });
      const total = CRITERION_IDS.length * COMPENSATIONS.length;
      yield { type: 'progress', what: 'curves', done: curves.length, total };
    }
  }
  return {
    unit: 'neuron',
    ranking: null,
    units,
    layers: [units],
    stops,
    tiles: labels.length,
    ofTiles: splits.val.length,
    aim: splits.val.length,
    statisticsTiles: train.labels.length,
    dead: Uint8Array.from(statistics.variance, (value) => (value === 0 ? 1 : 0)),
    neurons: neuronsOf(study, hidden[0]),
    watched: watchedOf(dataset, tiles, labels, rows),
    ...costs(study),
    curves,
  };
}

/** Rows of the study. Chosen along the first method's curve without compensation. */
function rowsToWatch(
  { model, statistics, tiles, turns }: Study,
  hidden: Float32Array,
  stops: Uint32Array,
  seed: number,
  { tiles: wanted, pinned }: Watch,
): Uint32Array {
  if (wanted) return watchedRows(tiles, wanted);
  const { order } = rankNeurons(model, CRITERION_IDS[0], statistics, seed);
  const rows = curveAnswers(model, hidden, order, 'none', statistics);
  return chooseWatched(rows, stops, turns[0].labels, pinned === null ? -1 : tiles.indexOf(pinned));
}

/** Runs a pass to its end, with a pause for messages every now and then. */
async function breathing<T>(pass: Generator<void, T>): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = pass.next();
    if (step.done) return step.value;
    if (performance.now() - since < STRETCH) continue;
    await breathe();
    since = performance.now();
  }
}

function costs({ model: { arch } }: Study): Pick<Sheet, 'params' | 'bytes' | 'exported' | 'macs'> {
  const byKept = Array.from({ length: arch.head.hidden + 1 }, (_, hidden) =>
    totalCost({ ...arch, head: { ...arch.head, hidden } }),
  );
  return {
    params: Float64Array.from(byKept, ({ params }) => params),
    bytes: Float64Array.from(byKept, ({ bytes }) => bytes),
    exported: Float64Array.from(byKept, ({ exported }) => exported!),
    macs: Float64Array.from(byKept, ({ macs }) => macs),
  };
}

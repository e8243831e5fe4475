/**
 * The sheet of a transformer, or of a network from elsewhere, under the slider, which grows by a curve at a time: every stop of a curve is a smaller network
 * that is run on the study's validation tiles at the four quarter turns. Between the stops nothing is known, and NaN says so.
 */
import { type Cost, totalCost } from '../../evaluate/cost';
import type { Decisions } from '../../evaluate/decide';
import type { TurnCheck } from '../../evaluate/quarterTurns';
import type { SliderUnit } from '../../families/units';
import { type LabEvent, mapEvents, type Stage } from '../../stage/events';
import { labelsOf } from '../../train/problem';
import { stayingOrder } from '../blocks/rank';
import { answersOn, type Filling } from '../blocks/study';
import { CRITERION_IDS, type CriterionId } from '../criteria';
import { compensationsOf } from '../neurons/compensate';
import { classMeansOf, type Neurons, thumbsFor, topOf } from '../neurons/portraits';
import { type Sheet, type SheetCurve, WATCH_ANY, type Watch } from '../neurons/sheet';
import { chooseWatched, WatchedAnswers, watchedOf, watchedRows } from '../neurons/watched';
import type { RankingStatistics } from '../units/statistics';
import { removalOf, type StopStudy } from './removal';

/** Every curve of such units, those of a filling like the chosen one first. */
export function curvesFrom(chosen: Filling, unit: SliderUnit): Filling[] {
  const all = CRITERION_IDS.flatMap((method) =>
    compensationsOf(unit).map((compensation) => ({ method, compensation })),
  );
  const rank = ({ method, compensation }: Filling) =>
    (compensation === chosen.compensation ? 0 : 2) + (method === chosen.method ? 0 : 1);
  return all.sort((a, b) => rank(a) - rank(b));
}

/** A curve, and the rows of the study that are watched along it. */
export interface MeasuredCurve {
  readonly curve: SheetCurve;
  readonly rows: Uint32Array;
}

/** Measures one curve. Where nobody has chosen tiles to watch, it is the one that they are chosen along. */
export async function* curveOf(
  study: StopStudy,
  filling: Filling,
  { tiles: wanted, pinned }: Watch = WATCH_ANY,
): Stage<MeasuredCurve> {
  const { stops, baseline, val } = study;
  const units = unitsIn(study);
  const blank = emptyFigures(units);
  const removal = removalOf(study);
  const answered = new Map<number, readonly Decisions[]>();
  const put = (removed: number, check: TurnCheck, decided: readonly Decisions[]) => {
    const kept = units - removed;
    answered.set(kept, decided);
    check.turned.forEach((accuracy, turn) => {
      blank.accuracy[turn][kept] = accuracy;
    });
    blank.changed[kept] = check.changed;
    blank.undecided[kept] = check.undecided;
    blank.error[kept] = check.error;
  };
  put(0, baseline, study.decided);
  for (const [i, stop] of stops.entries()) {
    if (stop.removed > 0) {
      const model = removal.pruned(filling, stop);
      // A step is a whole stop: progress is counted in these.
      const { check, decided } = yield* mapEvents<Answered, LabEvent>(answersOn(model, study), () => null);
      put(stop.removed, check, decided);
    }
    yield { type: 'progress', what: 'curves', done: i + 1, total: stops.length };
  }
  const rows = wanted
    ? watchedRows(val, wanted)
    : chooseWatched(
        uprightRows(answered, units, val.length),
        stops.map(({ removed }) => removed),
        labelsOf(study.dataset, val),
        pinned === null ? -1 : val.indexOf(pinned),
      );
  const told = new WatchedAnswers(units, rows);
  for (const [kept, decided] of answered) told.take(kept, decided);
  return { rows, curve: { ...filling, ...ranked(study, filling.method), ...blank, watched: told.values } };
}

type Answered = { readonly check: TurnCheck; readonly decided: readonly Decisions[] };

/** Upright answers at the stops, as rows by the number of units kept. */
function uprightRows(answered: ReadonlyMap<number, readonly Decisions[]>, units: number, tiles: number) {
  const [answers, undecided] = [0, 1].map(() => new Uint8Array((units + 1) * tiles));
  for (const [kept, [upright]] of answered) {
    answers.set(upright.answers, kept * tiles);
    undecided.set(upright.undecided, kept * tiles);
  }
  return { tiles, units, answers, undecided };
}

function emptyFigures(units: number) {
  const unknown = () => new Float64Array(units + 1).fill(Number.NaN);
  return {
    accuracy: Array.from({ length: 4 }, unknown),
    changed: new Uint32Array(units + 1),
    undecided: new Uint32Array(units + 1),
    error: unknown(),
  };
}

function ranked(study: StopStudy, method: CriterionId): Pick<SheetCurve, 'order' | 'saliency'> {
  const saliency = removalOf(study).saliency(method);
  return {
    order: stayingOrder(saliency, study.ranking),
    saliency: Float64Array.from(saliency.flatMap((each) => Array.from(each))),
  };
}

/** A sheet with these curves. rows: of the study, watched; ofTiles: validation tiles that there are; aim: of which so many will be run. */
export function sheetWith(
  study: StopStudy,
  curves: readonly SheetCurve[],
  rows: Uint32Array,
  ofTiles: number,
  aim: number,
): Sheet {
  const { unit, ranking, counts, stops, train, val } = study;
  const units = unitsIn(study);
  const variances = rankingsOf(study).flatMap(({ variance }) => Array.from(variance));
  return {
    ...{ unit, ranking, units, aim },
    layers: counts,
    ...(study.unit === 'filter' && { makers: study.makers }),
    stops: Uint32Array.from(stops, ({ removed }) => removed),
    tiles: val.length,
    ofTiles,
    statisticsTiles: train.length,
    dead: Uint8Array.from(variances, (value) => (value === 0 ? 1 : 0)),
    neurons: portraitsOf(study),
    watched: watchedOf(study.dataset, val, labelsOf(study.dataset, val), rows),
    ...costs(study),
    curves,
  };
}

const unitsIn = ({ counts }: StopStudy): number => counts.reduce((sum, count) => sum + count, 0);

/** Of each layer, what its units are ranked by. */
const rankingsOf = ({ statistics }: StopStudy): RankingStatistics[] =>
  statistics.map(({ ranking }: { readonly ranking: RankingStatistics }) => ranking);

/** Such a unit has no weights to the logits of its own. */
function portraitsOf(study: StopStudy): Neurons {
  const { model, dataset, val, responses, counts } = study;
  const units = counts.reduce((sum, count) => sum + count, 0);
  const labels = labelsOf(dataset, val);
  const top = topOf(responses, units);
  const all = (pick: (of: RankingStatistics) => Float64Array) =>
    Float64Array.from(rankingsOf(study).flatMap((each) => Array.from(pick(each))));
  return {
    mean: all(({ mean }) => mean),
    variance: all(({ variance }) => variance),
    ...top,
    classMeans: classMeansOf(responses, labels, units, model.arch.classes),
    weights: null,
    labels,
    thumbs: thumbsFor(dataset, val, top.topTiles, units),
  };
}

/** Every unit of a layer costs the same, so the stop says all. */
function costs(study: StopStudy): Pick<Sheet, 'params' | 'bytes' | 'exported' | 'macs'> {
  const units = unitsIn(study);
  const { archAt } = removalOf(study);
  const unknown = () => new Float64Array(units + 1).fill(Number.NaN);
  const out = { params: unknown(), bytes: unknown(), exported: unknown(), macs: unknown() };
  for (const stop of study.stops) {
    const cost: Cost = totalCost(archAt(stop));
    const kept = units - stop.removed;
    out.params[kept] = cost.params;
    out.bytes[kept] = cost.bytes;
    // Not every network is taken along.
    out.exported[kept] = cost.exported ?? Number.NaN;
    out.macs[kept] = cost.macs;
  }
  return out;
}

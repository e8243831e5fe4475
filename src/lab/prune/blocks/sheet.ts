/**
 * The sheet of a transformer under the slider, which grows by a curve at a time: every stop of a curve is a smaller network
 * that is run on the study's validation tiles at the four quarter turns. Between the stops nothing is known, and NaN says so.
 */
import { type Cost, totalCost } from '../../evaluate/cost';
import type { Decisions } from '../../evaluate/decide';
import type { TurnCheck } from '../../evaluate/quarterTurns';
import { type LabEvent, mapEvents, type Stage } from '../../stage/events';
import { labelsOf } from '../../train/problem';
import { CRITERION_IDS, type CriterionId } from '../criteria';
import { COMPENSATIONS } from '../neurons/compensate';
import { classMeansOf, type Neurons, thumbsFor, topOf } from '../neurons/portraits';
import { type Sheet, type SheetCurve, WATCH_ANY, type Watch } from '../neurons/sheet';
import { chooseWatched, WatchedAnswers, watchedOf, watchedRows } from '../neurons/watched';
import { extractUnits } from './extract';
import { saliencyOf } from './prune';
import { rankUnits, stayingOrder } from './rank';
import { answersOn, type BlockStudy, type Filling, prunedAt } from './study';

/** Every curve, those of a filling like the chosen one first. */
export function curvesFrom(chosen: Filling): Filling[] {
  const all = CRITERION_IDS.flatMap((method) =>
    COMPENSATIONS.map((compensation) => ({ method, compensation })),
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
  study: BlockStudy,
  filling: Filling,
  { tiles: wanted, pinned }: Watch = WATCH_ANY,
): Stage<MeasuredCurve> {
  const { stops, baseline, val } = study;
  const units = unitsIn(study);
  const blank = emptyFigures(units);
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
      const { model } = prunedAt(study, filling, stop);
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

function ranked(study: BlockStudy, method: CriterionId): Pick<SheetCurve, 'order' | 'saliency'> {
  const saliency = saliencyOf(study.model, { ...study, method }, study.statistics);
  return {
    order: stayingOrder(saliency, study.ranking),
    saliency: Float64Array.from(saliency.flatMap((each) => Array.from(each))),
  };
}

/** A sheet with these curves. rows: of the study, watched; ofTiles: validation tiles that there are; aim: of which so many will be run. */
export function sheetWith(
  study: BlockStudy,
  curves: readonly SheetCurve[],
  rows: Uint32Array,
  ofTiles: number,
  aim: number,
): Sheet {
  const { unit, ranking, counts, stops, statistics, train, val } = study;
  const units = unitsIn(study);
  const variances = statistics.flatMap(({ ranking }) => Array.from(ranking.variance));
  return {
    ...{ unit, ranking, units, aim },
    layers: counts,
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

const unitsIn = ({ counts }: BlockStudy): number => counts.reduce((sum, count) => sum + count, 0);

/** Inside a block a unit has no weights to the logits of its own. */
function portraitsOf({ model, dataset, val, statistics, responses, counts }: BlockStudy): Neurons {
  const units = counts.reduce((sum, count) => sum + count, 0);
  const labels = labelsOf(dataset, val);
  const top = topOf(responses, units);
  const all = (pick: (of: (typeof statistics)[number]) => Float64Array) =>
    Float64Array.from(statistics.flatMap((each) => Array.from(pick(each))));
  return {
    mean: all(({ ranking }) => ranking.mean),
    variance: all(({ ranking }) => ranking.variance),
    ...top,
    classMeans: classMeansOf(responses, labels, units, model.arch.classes),
    weights: null,
    labels,
    thumbs: thumbsFor(dataset, val, top.topTiles, units),
  };
}

/** Every unit of a kind costs the same, so the number that is left says all. */
function costs(study: BlockStudy): Pick<Sheet, 'params' | 'bytes' | 'exported' | 'macs'> {
  const { model, unit, stops } = study;
  const units = unitsIn(study);
  const equal = study.counts.map((count) => new Float64Array(count));
  const unknown = () => new Float64Array(units + 1).fill(Number.NaN);
  const out = { params: unknown(), bytes: unknown(), exported: unknown(), macs: unknown() };
  for (const { ratio, removed } of stops) {
    const { arch } = extractUnits(model, unit, rankUnits(equal, ratio, study.ranking).kept);
    const cost: Cost = totalCost(arch);
    out.params[units - removed] = cost.params;
    out.bytes[units - removed] = cost.bytes;
    out.exported[units - removed] = cost.exported!;
    out.macs[units - removed] = cost.macs;
  }
  return out;
}

/**
 * Everything a pruning slider shows, worked out beforehand for every position: plain arrays to look up, indexed by
 * the number k of hidden neurons kept, 0 … units.
 */
import { accuracyOf, agreementOf } from '../evaluate/agreement';
import { totalCost } from '../evaluate/cost';
import { hiddenOf } from '../evaluate/features';
import type { Stage } from '../events';
import { breathe } from '../runtime/breathe';
import { COMPENSATIONS, type Compensation } from './compensate';
import { CRITERION_IDS, type CriterionId } from './criteria';
import { type CurveAnswers, curveAnswers } from './curve';
import { pruningOrder } from './prune';
import type { Study } from './study';
import { unitCount } from './units';

/** One method with one compensation. Masked neurons; the extracted network gives the same answers. */
export interface SheetCurve {
  readonly method: CriterionId;
  readonly compensation: Compensation;
  /** Units by falling saliency: with k kept, the first k stay. */
  readonly order: Uint32Array;
  /** Accuracy by quarter turn and k. */
  readonly accuracy: readonly Float64Array[];
  /** Decided tiles that change their answer with some turn, by k. */
  readonly changed: Uint32Array;
  /** Tiles too close to call at some turn, by k. */
  readonly undecided: Uint32Array;
}

export interface Sheet {
  readonly units: number;
  /** Validation tiles the curves are measured on, and all there are. */
  readonly tiles: number;
  readonly ofTiles: number;
  /** Training tiles that means and variances come from. */
  readonly statisticsTiles: number;
  /** 1 for each unit whose activation never changed on the training tiles seen. */
  readonly dead: Uint8Array;
  readonly params: Float64Array;
  readonly bytes: Float64Array;
  readonly macs: Float64Array;
  readonly curves: readonly SheetCurve[];
}

/** The sheet of a study; `seed` is for the random method. */
export async function* sheetOf(study: Study, seed: number): Stage<Sheet> {
  const { model, statistics, turns, train, splits } = study;
  const hidden: Float32Array[] = [];
  for (const { values } of turns) hidden.push(await hiddenOf(model, values));
  const pairs = CRITERION_IDS.flatMap((method) =>
    COMPENSATIONS.map((compensation) => ({ method, compensation })),
  );
  const curves: SheetCurve[] = [];
  for (const { method, compensation } of pairs) {
    const order = pruningOrder(model, method, statistics, seed);
    const answers: CurveAnswers[] = [];
    for (const activations of hidden) {
      answers.push(curveAnswers(model, activations, order, compensation, statistics));
      await breathe();
    }
    curves.push({ method, compensation, order, ...reduced(answers, turns[0].labels) });
    yield { type: 'progress', what: 'curves', done: curves.length, total: pairs.length };
  }
  return {
    units: unitCount(model),
    tiles: turns[0].labels.length,
    ofTiles: splits.val.length,
    statisticsTiles: train.labels.length,
    dead: Uint8Array.from(statistics.variance, (value) => (value === 0 ? 1 : 0)),
    ...costs(study),
    curves,
  };
}

/** From the answers of every tile to the figures of every k. */
function reduced(turns: readonly CurveAnswers[], labels: Uint8Array) {
  const { units, tiles } = turns[0];
  const accuracy = turns.map(() => new Float64Array(units + 1));
  const changed = new Uint32Array(units + 1);
  const undecided = new Uint32Array(units + 1);
  for (let k = 0; k <= units; k++) {
    const row = (values: Uint8Array) => values.subarray(k * tiles, (k + 1) * tiles);
    const answers = turns.map((turn) => row(turn.answers));
    const agreement = agreementOf(
      answers,
      turns.map((turn) => row(turn.undecided)),
    );
    answers.forEach((each, turn) => {
      accuracy[turn][k] = accuracyOf(each, labels);
    });
    changed[k] = agreement.changed;
    undecided[k] = agreement.undecided;
  }
  return { accuracy, changed, undecided };
}

function costs({ model: { arch } }: Study): Pick<Sheet, 'params' | 'bytes' | 'macs'> {
  const byKept = Array.from({ length: arch.head.hidden + 1 }, (_, hidden) =>
    totalCost({ ...arch, head: { ...arch.head, hidden } }),
  );
  return {
    params: Float64Array.from(byKept, ({ params }) => params),
    bytes: Float64Array.from(byKept, ({ bytes }) => bytes),
    macs: Float64Array.from(byKept, ({ macs }) => macs),
  };
}

/**
 * What the papers on pruning inside a network say of a whole study, held against its cells: VBP (arXiv 2507.12988) of
 * variance with mean compensation, and the sequel on fields and spatial orbits. Thresholds are theirs; which cell they
 * are held against is told by cost or by validation tiles, never by test accuracy.
 */

import { shareAtMost } from '../statistics/exact';
import { amountOf, cellInWords } from './cellWords';
import { formatSignedSpread, joinWords, points, share, times } from './format';
import type { Finding, Measured, ReportCell } from './report';

/**
 *   kept-at-once      VBP: more than 70 % of the accuracy without fine-tuning, where 36 % of the parameters go
 *   kept-after-tuning VBP: 99 % of it after 10 epochs
 *   multiply-adds     VBP: 35 % of the multiply-adds saved, and still more than 70 % kept at once
 *   faster            VBP: 1.44× faster, and still more than 70 % kept at once
 *   compensation      VBP, CORP: what takes the place of the removed units helps
 *   invariance        sequel: fields and orbits keep the symmetry, single channels break it
 *   smaller-and-fast  sequel: 1.4–2.9× faster and up to 83 % fewer convolution parameters for 1.07 points
 */
export const QUESTIONS = [
  'kept-at-once',
  'kept-after-tuning',
  'multiply-adds',
  'faster',
  'compensation',
  'invariance',
  'smaller-and-fast',
] as const;
export type Question = (typeof QUESTIONS)[number];

const KEPT_AT_ONCE = 0.7;
const KEPT_TUNED = 0.99;
const PARAMS_SAVED = 0.36;
const MACS_SAVED = 0.35;
const FASTER = 1.44;
const SEQUEL = { faster: 1.4, loss: 0.0107, convParams: 0.83 };
/** A pruned network is still the same to people within this loss (science §6). */
const TOLERANCE = 0.02;
/** Rounding guard. */
const SLACK = 1e-9;

/** The 95 % interval of what cells gain over others, on average over the pairs (by their places); undefined of one seed. */
export type Gains = (pairs: readonly (readonly [number, number])[]) => [number, number] | undefined;

interface Evidence {
  readonly cells: readonly ReportCell[];
  readonly whole: Measured;
  readonly tiles: number;
  readonly gains: Gains;
}

/** Whether a figure lies above a bound, by its interval; null where that holds the bound, or there is none. */
function isAbove(interval: readonly [number, number] | undefined, bound: number): boolean | null {
  if (!interval) return null;
  return interval[0] > bound - SLACK ? true : interval[1] < bound ? false : null;
}

const isKept = ({ retainedInterval }: ReportCell, bound: number) => isAbove(retainedInterval, bound);

/** " (95 % interval 71.2 to 80.3)". */
const intervalWords = (interval: readonly [number, number] | undefined): string =>
  interval ? ` (95 % interval ${interval.map(points).join(' to ').replaceAll('-', '−')})` : '';

/** Whether one of these that save enough keeps enough: null where that cannot be told of any, and none is told to. */
function isAnyKept(enough: readonly ReportCell[]): boolean | null {
  const kept = enough.map((cell) => isKept(cell, KEPT_AT_ONCE));
  return kept.includes(true) ? true : kept.includes(null) ? null : false;
}

/** tiles: test tiles of each seed. One finding per question, in order; none for a question that no cell answers, in a study that is not finished. */
export function answersTo(
  questions: readonly Question[],
  cells: readonly ReportCell[],
  whole: Measured,
  tiles: number,
  gains: Gains,
): Finding[] {
  return questions.flatMap((question) => ANSWERS[question]({ cells, whole, tiles, gains }) ?? []);
}

const ANSWERS: Readonly<Record<Question, (evidence: Evidence) => Finding | null>> = {
  'kept-at-once': keptAtOnce,
  'kept-after-tuning': keptAfterTuning,
  'multiply-adds': multiplyAdds,
  faster,
  compensation,
  invariance,
  'smaller-and-fast': smallerAndFast,
};

/** VBP's own: variance, mean compensation; by falling size. */
const vbp = ({ cells }: Evidence, tuning: ReportCell['tuning']) =>
  cells
    .filter(({ units, ranking }) => units !== 'heads' && ranking !== 'block')
    .filter((cell) => cell.method === 'variance' && cell.compensation === 'mean' && cell.tuning === tuning)
    .sort((a, b) => b.lab.params - a.lab.params);

const saved = (cell: ReportCell, whole: Measured, what: 'params' | 'macs') =>
  1 - cell.lab[what] / whole[what];

const amounts = (cells: readonly ReportCell[]) => joinWords(cells.map(amountOf));

function keptAtOnce(evidence: Evidence): Finding | null {
  const cells = vbp(evidence, 'none');
  if (cells.length === 0) return null;
  const there = cells.find((cell) => saved(cell, evidence.whole, 'params') >= PARAMS_SAVED);
  return {
    title: `VBP: more than ${share(KEPT_AT_ONCE)} of the accuracy is kept at once, with ${share(PARAMS_SAVED)} fewer parameters`,
    reproduces: there ? isKept(there, KEPT_AT_ONCE) : null,
    sentence:
      `Without fine-tuning, variance with mean compensation keeps ${joinWords(cells.map(({ retained }) => points(retained.mean)))} % ` +
      `of the unpruned network’s test accuracy with ${amounts(cells)} of the ${unitsOf(cells)} removed, which saves ` +
      `${joinWords(cells.map((cell) => points(saved(cell, evidence.whole, 'params'))))} % of the parameters. ` +
      (there
        ? `Held against the first that saves as many: ${amountOf(there)}, ${share(there.retained.mean)} kept${intervalWords(there.retainedInterval)}.`
        : 'None saves as many parameters as VBP.'),
  };
}

function keptAfterTuning(evidence: Evidence): Finding | null {
  const cells = vbp(evidence, 'network');
  if (cells.length === 0) return null;
  const there = cells.find((cell) => saved(cell, evidence.whole, 'params') >= PARAMS_SAVED);
  return {
    title: `VBP: ${share(KEPT_TUNED)} of the accuracy after 10 epochs of fine-tuning the whole network`,
    reproduces: there ? isKept(there, KEPT_TUNED) : null,
    sentence:
      `After at most 10 epochs, taught by the unpruned network, ${joinWords(cells.map(({ retained }) => points(retained.mean)))} % ` +
      `of its test accuracy is there with ${amounts(cells)} of the ${unitsOf(cells)} removed` +
      (there
        ? `; held against ${amountOf(there)}${intervalWords(there.retainedInterval)}.`
        : '; none saves as many parameters as VBP.'),
  };
}

function multiplyAdds(evidence: Evidence): Finding | null {
  const cells = vbp(evidence, 'none');
  if (cells.length === 0) return null;
  const enough = cells.filter((cell) => saved(cell, evidence.whole, 'macs') >= MACS_SAVED);
  const good = enough.find((cell) => isKept(cell, KEPT_AT_ONCE));
  return {
    title: `VBP: ${share(MACS_SAVED)} fewer multiply-adds, with more than ${share(KEPT_AT_ONCE)} kept at once`,
    reproduces: isAnyKept(enough),
    sentence:
      `Removing ${amounts(cells)} of the ${unitsOf(cells)} saves ` +
      `${joinWords(cells.map((cell) => points(saved(cell, evidence.whole, 'macs'))))} % of the multiply-adds. ` +
      ending(enough, good, (cell) => `${share(saved(cell, evidence.whole, 'macs'))} fewer`),
  };
}

function faster(evidence: Evidence): Finding | null {
  const cells = vbp(evidence, 'none').filter(({ speed }) => speed !== null);
  if (cells.length === 0) return null;
  const enough = cells.filter(({ speed }) => speed!.ratio.mean >= FASTER);
  const good = enough.find((cell) => isKept(cell, KEPT_AT_ONCE));
  return {
    title: `VBP: ${times(FASTER)} faster, with more than ${share(KEPT_AT_ONCE)} kept at once`,
    reproduces: isAnyKept(enough),
    sentence:
      `With ${amounts(cells)} of the ${unitsOf(cells)} removed the extracted network is ` +
      `${joinWords(cells.map(({ speed }) => times(speed!.ratio.mean)))} as fast as the unpruned one on one WebAssembly thread. ` +
      ending(enough, good, ({ speed }) => times(speed!.ratio.mean)),
  };
}

function ending(
  enough: readonly ReportCell[],
  good: ReportCell | undefined,
  words: (cell: ReportCell) => string,
): string {
  if (good)
    return `${amountOf(good)} does both: ${words(good)}, ${share(good.retained.mean)} of the accuracy kept.`;
  if (enough.length === 0) return 'None reaches that.';
  const [first] = enough;
  const best = enough.reduce((a, b) => (b.retained.mean > a.retained.mean ? b : a));
  return `Where that is reached (${amountOf(first)} and more), at most ${share(best.retained.mean)} of the accuracy is kept${intervalWords(best.retainedInterval)}.`;
}

/** Every method and ratio with a compensation beside the same without. */
function compensation({ cells, gains: tell }: Evidence): Finding | null {
  const atOnce = cells.filter(({ tuning }) => tuning === 'none');
  const plain = atOnce.filter((cell) => cell.compensation === 'none');
  const kinds = [...new Set(atOnce.map((cell) => cell.compensation))].filter(
    (kind): kind is string => kind !== null && kind !== 'none',
  );
  if (kinds.length === 0 || plain.length === 0) return null;
  const words = kinds.map((kind) => {
    const pairs = plain.flatMap((cell): [ReportCell, ReportCell][] => {
      const other = atOnce.find(
        (each) =>
          each.compensation === kind &&
          each.units === cell.units &&
          each.method === cell.method &&
          each.ranking === cell.ranking &&
          each.ratio === cell.ratio,
      );
      return other ? [[other, cell]] : [];
    });
    const gains = pairs.map(([other, cell]) => other.lab.accuracy.mean - cell.lab.accuracy.mean);
    const interval = tell(pairs.map(([other, cell]) => [cells.indexOf(other), cells.indexOf(cell)]));
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
    const better = gains.filter((gain) => gain > SLACK).length;
    const worse = gains.filter((gain) => gain < -SLACK).length;
    return {
      kind,
      interval,
      text: `“${kind}” ${mean < 0 ? 'loses' : 'gains'} ${points(Math.abs(mean))} points on average${intervalWords(interval)} (better in ${better} of ${gains.length} cells, worse in ${worse})`,
    };
  });
  const mean = words.find(({ kind }) => kind === 'mean');
  return {
    title: 'VBP: what takes the place of removed units, their mean, helps',
    reproduces: mean ? isAbove(mean.interval, 0) : null,
    sentence: `Over all methods and ratios, against no compensation and before fine-tuning: ${words.map(({ text }) => text).join('; ')}.`,
  };
}

function invariance({ cells, tiles }: Evidence): Finding | null {
  const extracted = cells.filter(({ units }) => units !== 'channels');
  if (extracted.length === 0) return null;
  const broken = cells.filter(({ units }) => units === 'channels');
  const worst = Math.max(...extracted.map(({ lab }) => lab.error));
  const least = Math.min(...extracted.flatMap(({ lab }) => lab.agreement.values));
  const split = broken.filter(({ brokenFields }) => brokenFields!.mean > 0);
  const breaks = split.every(({ lab }) => Math.min(...lab.agreement.values) < 1);
  const isShown = broken.length === 0 || split.length > 0;
  // Of each network by itself: so many decided tiles may change in no more than this share of cases.
  const most = shareAtMost(0, tiles - Math.max(...extracted.map(({ lab }) => lab.undecided)));
  const isTold = most <= TOLERANCE;
  const counter = broken.map(
    (cell) =>
      `with ${amountOf(cell)} of one layer’s channels silenced by ${cell.method} (fields split: ${cell.brokenFields!.values.join(' and ')}) the error is ${cell.lab.error.toExponential(1)} and ${share(cell.lab.agreement.mean)} agree`,
  );
  return {
    title:
      broken.length > 0
        ? `Sequel: whole ${unitsOf(extracted)} keep the symmetry, single channels break it`
        : `Whole ${unitsOf(extracted)} keep the symmetry`,
    reproduces: least < 1 || (isShown && !breaks) ? false : isShown && isTold ? true : null,
    sentence:
      `Over ${extracted.length} pruned networks and all seeds the equivariance error of the logits is at most ${worst.toExponential(1)}, ` +
      `and ${least === 1 ? 'every decided test tile gets' : `at least ${share(least)} of the decided test tiles get`} the same answer at all four turns` +
      (counter.length > 0 ? `; ${counter.join('; ')}.` : '.'),
  };
}

/** The fastest network that validation tiles call as good, and what it loses on test tiles. */
function smallerAndFast({ cells }: Evidence): Finding | null {
  const made = cells.filter(({ speed, tuning }) => speed !== null && tuning !== 'none');
  if (made.length === 0) return null;
  const asGood = made.filter(({ validationChange }) => validationChange.mean >= -TOLERANCE - SLACK);
  const fastest = asGood.reduce<ReportCell | undefined>(
    (best, cell) => (best && best.speed!.ratio.mean >= cell.speed!.ratio.mean ? best : cell),
    undefined,
  );
  const title = `Sequel: ${SEQUEL.faster}–2.9× faster and up to ${share(SEQUEL.convParams)} fewer convolution parameters for ${(100 * SEQUEL.loss).toFixed(2)} points`;
  const range = `${times(Math.min(...made.map(({ speed }) => speed!.ratio.mean)))} to ${times(Math.max(...made.map(({ speed }) => speed!.ratio.mean)))}`;
  if (!fastest) {
    const best = made.reduce((a, b) => (b.validationChange.mean > a.validationChange.mean ? b : a));
    return {
      title,
      reproduces: false,
      sentence:
        `The fine-tuned networks run at ${range} the speed of the unpruned one, but on validation tiles none stays within ` +
        `${points(TOLERANCE)} points of it; the nearest is ${cellInWords(best)}, whose test accuracy ${changeOf(best)}.`,
    };
  }
  const { before, after } = fastest.convParams!;
  return {
    title,
    reproduces:
      fastest.speed!.ratio.mean >= SEQUEL.faster &&
      isAbove(fastest.lab.paired!.interval, -(SEQUEL.loss + TOLERANCE)),
    sentence:
      `The fine-tuned networks run at ${range} the speed of the unpruned one. Of those that validation tiles put within ` +
      `${points(TOLERANCE)} points of it the fastest is ${cellInWords(fastest)}: ${times(fastest.speed!.ratio.mean)}, ` +
      `${share(1 - after / before)} fewer convolution parameters, and its test accuracy ${changeOf(fastest)}.`,
  };
}

const changeOf = ({ lab }: ReportCell) => `changes by ${formatSignedSpread(lab.paired!.difference)} points`;

const unitsOf = ([cell]: readonly ReportCell[]) => UNIT_WORDS[cell.units] ?? cell.units;

const UNIT_WORDS: Readonly<Partial<Record<ReportCell['units'], string>>> = {
  neurons: 'hidden neurons',
  mlp: 'hidden neurons',
};

/** What adapting came to, as tables to read and sentences made of the figures: every λ, and which way wins where. */
import type { LambdaFigures, Spread } from '../../lab/adapt/choose';
import type { Way } from '../../lab/recipe/ways';
import { standing } from '../../lab/reproduce/told';
import type { StageRecord } from '../../lab/stage/store';
import type { Cost, WayResult } from '../adapt/results';
import type { SweepPoint } from '../adapt/sweep';
import { count, percent, pointsBetween, seconds, whole } from './format';

/** A table of figures as it is read. */
export interface Rows {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const HEAD = ['λ', 'Accuracy', 'In all positions', 'Same answer'] as const;

/** A row for each λ, the chosen one marked; null where none was chosen by folds. */
export function lambdaRows(record: StageRecord): Rows | null {
  if (record.kind !== 'adapt' || !Array.isArray(record.lambdas)) return null;
  const rows = (record.lambdas as readonly LambdaFigures[]).map((each) => [
    `${each.lambda}${each.lambda === record.lambda ? ', chosen' : ''}`,
    ...[each.accuracy, each.moved, each.agreement].map(spreadShares),
    spread(each.penalty),
  ]);
  return { head: [...HEAD, 'R'], rows };
}

/** The same over all folds and seeds that are done. `chosen`: the λ of each seed that has one. */
export function sweepRows(points: readonly SweepPoint[], chosen: readonly number[]): Rows {
  const rows = points.map((each) => {
    const seeds = chosen.filter((lambda) => lambda === each.lambda).length;
    const mark =
      seeds === 0 ? '' : seeds === chosen.length ? ', chosen' : `, chosen by ${seeds} of ${chosen.length}`;
    return [
      `${each.lambda}${mark}`,
      ...[each.accuracy, each.moved, each.agreement].map(spreadShares),
      spread(each.error),
      spread(each.penalty),
      String(each.folds),
    ];
  });
  return { head: [...HEAD, 'Equivariance error', 'R', 'Folds'], rows };
}

const spread = (figure: Spread | null): string =>
  figure ? `${figure.mean.toPrecision(3)} ± ${figure.sd.toPrecision(2)}` : '–';

/** "81.2 ± 0.8 %". */
export const spreadShares = ({ mean, sd }: Spread): string =>
  `${(100 * mean).toFixed(1)} ± ${(100 * sd).toFixed(1)}\u00a0%`;

export const WAY_NAMES: Readonly<Record<Way, string>> = {
  adapted: 'Adapted',
  projected: 'Adapted and projected',
  'fine-tuned': 'Plainly fine-tuned',
  augmented: 'Fine-tuned on turned tiles',
  'by construction': 'Equivariant from scratch',
};

/** Upright, or over the four quarter turns. */
type Where = 'upright' | 'turned';

const WHERE: Readonly<Record<Where, string>> = { upright: 'Upright', turned: 'Turned' };

/**
 * Which way is the most accurate, by the rule of the reports: above another one is what gains more test tiles against it
 * than it loses, by more than chance (95 %, tiles and seeds crosswise: statistics/crossed.ts); turned, a tile is gained where more of
 * its four quarter turns are right. Where one that is less accurate is no more than chance below, nobody wins.
 */
export function winnerSentence(results: readonly WayResult[], where: Where): string {
  const ranked = results
    .filter(({ right }) => right !== null)
    .sort((a, b) => shareOf(b, where) - shareOf(a, where));
  const [best, ...others] = ranked;
  if (!best || others.length === 0) return '';
  const level = others.filter((other) => placedBy(best, other, where) !== 'above');
  const below = others.filter((other) => !level.includes(other));
  const [opening, first] = [`${WHERE[where]}, `, named(best, where)];
  if (level.length === 0) return `${opening}${first} is above ${listed(others, where)} by more than chance.`;
  if (below.length === 0)
    return `${opening}nobody wins: ${listed(ranked, where)} are no more than chance apart.`;
  return `${opening}nobody wins: ${first} is no more than chance away from ${listed(level, where)}; below it ${
    below.length === 1 ? 'is' : 'are'
  } ${listed(below, where)}.`;
}

const shareOf = ({ accuracy, turned }: WayResult, where: Where): number =>
  (where === 'upright' ? accuracy : turned).mean;

/** Where a way stands to another one, on the tiles of the seeds that both have. */
function placedBy(a: WayResult, b: WayResult, where: Where): ReturnType<typeof standing> {
  const hits = where === 'upright' ? (bits: number) => bits & 1 : countBits;
  const most = where === 'upright' ? 1 : 4;
  const gains = a
    .right!.slice(0, b.right!.length)
    .map((tiles, seed) =>
      Array.from(tiles, (bits, tile) => (hits(bits) - hits(b.right![seed][tile])) / most),
    );
  return standing(gains);
}

const countBits = (bits: number): number => [1, 2, 4, 8].filter((bit) => (bits & bit) !== 0).length;

const named = (result: WayResult, where: Where): string =>
  `“${WAY_NAMES[result.way]}” (${percent(shareOf(result, where))})`;

function listed(results: readonly WayResult[], where: Where): string {
  const names = results.map((each) => named(each, where));
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Which ways give every tile the same answer at all turns, and how near the others come. */
export function agreementSentence(results: readonly WayResult[]): string {
  const exact = results.filter(({ agreement }) => agreement.mean === 1);
  const others = results.filter(({ agreement }) => agreement.mean < 1);
  const quoted = (all: readonly WayResult[], text: (each: WayResult) => string) => all.map(text).join(', ');
  const nearly = quoted(others, (each) => `“${WAY_NAMES[each.way]}” on ${percent(each.agreement.mean)}`);
  if (exact.length === 0) return `The same answer at all four turns: ${nearly}.`;
  const all = quoted(exact, ({ way }) => `“${WAY_NAMES[way]}”`);
  return `The same answer at all four turns on every decided tile: ${all}${nearly && `; ${nearly}`}.`;
}

/** Points of accuracy that a projection may take before it is said why. */
const PROJECTION_COSTS = 0.1;

/** Why the projected network is worse than the one that was adapted, where it is much worse. */
export function projectionSentence(results: readonly WayResult[]): string {
  const [adapted, projected] = (['adapted', 'projected'] as const).map((way) =>
    results.find((each) => each.way === way),
  );
  if (!adapted || !projected) return '';
  if (adapted.accuracy.mean - projected.accuracy.mean < PROJECTION_COSTS) return '';
  const lost = pointsBetween(projected.accuracy.mean, adapted.accuracy.mean);
  return `The projection cost ${lost}, for the weights were still far from equivariant ones: more epochs, a higher learning rate or a larger λ, with R of the weights, bring them nearer before it, and fine-tuning after it (Prune) brings back more.`;
}

/** What choosing λ and what each way took, beside the plainest. */
export function costSentence(results: readonly WayResult[]): string {
  const [adapted, plain] = (['adapted', 'fine-tuned'] as const).map((way) =>
    results.find((each) => each.way === way),
  );
  if (!adapted) return '';
  const folds = adapted.choosing ? ` Choosing its λ took ${costWords(adapted.choosing)} more.` : '';
  if (!plain) return `Adapting took ${costWords(adapted.cost)}.${folds}`;
  const times = adapted.cost.passes / plain.cost.passes;
  const as = times === 1 ? 'as many' : `${Number(times.toFixed(1))} times as many`;
  return `Adapting took ${costWords(adapted.cost)}, ${as} passes as plain fine-tuning.${folds}`;
}

const costWords = ({ steps, passes, seconds: time }: Cost): string =>
  `${count(Math.round(steps), 'step')}, ${whole(Math.round(passes))} passes of a tile and ${seconds(time)}`;

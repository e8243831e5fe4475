/** What the Fields view says in words: every sentence is made of what was counted or measured. */
import { totalCost } from '../../lab/evaluate/cost';
import type { ArchSpec } from '../../lab/families/gcnn/arch';
import { orbitsOf } from '../../lab/prune/orbits/choice';
import type { TrunkChoice, TrunkPlan } from '../../lab/prune/trunk/choice';
import type { PrunedTrunk } from '../../lab/prune/trunk/trunk';
import { GROUPS } from '../../lab/symmetry/group';
import type { TrunkPoint } from '../../storage/rows';
import { type CostName, cheapestOf, type Trade } from '../fields/tradeOff';
import {
  COST_WORDS,
  count,
  less,
  millions,
  percent,
  pointsBetween,
  shownChange,
  small,
  whole,
  wholePercent,
} from './format';
import { limitWords } from './prune';

/** How large an equivariance error is, in a word. */
export type Breakage = 'rounding' | 'slight' | 'broken';

/** Below the first an error is what 32-bit floats leave; from the second on answers change. */
export const BREAKAGE_BOUNDS = { rounding: 1e-5, broken: 1e-2 } as const;

export function breakageOf(error: number): Breakage {
  if (error < BREAKAGE_BOUNDS.rounding) return 'rounding';
  return error < BREAKAGE_BOUNDS.broken ? 'slight' : 'broken';
}

export const BREAKAGE_WORDS: Record<Breakage, string> = {
  rounding: 'rounding: equivariant',
  slight: 'more than rounding',
  broken: 'symmetry broken',
};

/** The largest error of any layer. */
export const worstOf = (errors: readonly { readonly max: number }[]): number =>
  Math.max(...errors.map(({ max }) => max));

/** What a choice removes and what that saves, before anything is measured. */
export function planSentence(arch: ArchSpec, plan: TrunkPlan, choice: TrunkChoice): string {
  const { order } = GROUPS[arch.group];
  if (choice.units === 'channels') {
    const gone = plan.channels[choice.block - 1];
    const all = arch.blocks[choice.block - 1].fields * order;
    const broken = brokenFields(gone, order);
    return `${gone.length} of layer ${choice.block}’s ${all} channels are silenced one by one; ${fieldsLose(broken)} some but not all of ${broken === 1 ? 'its' : 'their'} ${order} orientations. Nothing becomes smaller: there is no smaller network of the same group.`;
  }
  const savings = savingsWords(arch, plan.arch);
  if (choice.units === 'orbits') {
    const gone = plan.orbits[choice.block - 1].length;
    const was = arch.blocks[choice.block - 1].kernel;
    const is = plan.arch.blocks[choice.block - 1].kernel;
    const all = orbitsOf({ ...arch, filters: 'grid' }, choice.block).length;
    const kernel =
      is === was
        ? `its kernel stays ${was}×${was}, so it executes as many multiply-adds as before`
        : `its kernel becomes ${is}×${is} instead of ${was}×${was}`;
    const grid =
      arch.filters === 'grid' ? '' : ' The filters were put on the grid first, which costs parameters.';
    return `${gone} of ${count(all, 'orbit')} of layer ${choice.block}’s positions ${gone === 1 ? 'goes' : 'go'}: ${kernel}. ${savings}.${grid}`;
  }
  const gone = plan.fields.reduce((sum, { length }) => sum + length, 0);
  const all = arch.blocks.reduce((sum, { fields }) => sum + fields, 0);
  const channels = order === 1 ? '' : ` (${gone * order} of ${all * order} channels)`;
  return `${gone} of ${count(all, 'field')} ${gone === 1 ? 'goes' : 'go'}${channels}. ${savings}.`;
}

const fieldsLose = (n: number): string => `${count(n, 'field')} ${n === 1 ? 'loses' : 'lose'}`;

function savingsWords(before: ArchSpec, after: ArchSpec): string {
  const [was, is] = [totalCost(before), totalCost(after)];
  return (
    `Parameters ${whole(was.params)} ⇒ ${whole(is.params)} (${less(was.params, is.params)}), ` +
    `multiply-adds ${millions(was.macs)} ⇒ ${millions(is.macs)} (${less(was.macs, is.macs)})`
  );
}

/** Fields that lose some of their channels, but not all. */
export function brokenFields(channels: ArrayLike<number>, order: number): number {
  const lost = new Map<number, number>();
  for (const channel of Array.from(channels)) {
    const field = Math.floor(channel / order);
    lost.set(field, (lost.get(field) ?? 0) + 1);
  }
  return [...lost.values()].filter((n) => n < order).length;
}

type Result = Pick<PrunedTrunk, 'before' | 'after' | 'latency' | 'naive'>;

/** What really pruning gave, measured. */
export function measuredSentence({ before, after, latency }: Result): string {
  const [was, is] = [before.turned[0], after.turned[0]];
  const accuracy =
    Math.abs(was - is) < 1e-9
      ? `Validation accuracy stays ${percent(is)}`
      : `Validation accuracy goes from ${percent(was)} to ${percent(is)}, ${is < was ? 'down' : 'up'} ${pointsBetween(was, is)}`;
  const speed = latency ? `; ${speedWords(latency)}` : '';
  return `${accuracy}; ${answersWords(after)}${speed}.`;
}

function answersWords({ agreement, changed, undecided, n }: Result['after']): string {
  const decided = n - undecided;
  if (decided === 0) return 'no tile is decided';
  return changed === 0
    ? `every decided tile gets the same answer at all four turns`
    : `${changed} of ${count(decided, 'decided tile')} change their answer with the turn (agreement ${percent(agreement)})`;
}

/** Ratios this close to one are what the same network gives when it is timed twice. */
const SAME_SPEED = 0.05;

export function speedWords({ before, after }: { readonly before: number; readonly after: number }): string {
  const ratio = after / before;
  if (Math.abs(1 - ratio) < SAME_SPEED) return 'as fast here as before';
  return ratio < 1
    ? `${(1 / ratio).toFixed(1)} times as fast here`
    : `slower here, by ${wholePercent(ratio - 1)}`;
}

/** What the meter shows. */
export function meterSentence({ before, after }: Pick<Result, 'before' | 'after'>): string {
  const [was, is] = [worstOf(before.errors), worstOf(after.errors)];
  const word = breakageOf(is);
  if (word === 'rounding') {
    return `The largest equivariance error is ${small(is)}: rounding, so the network is as equivariant as its arithmetic.`;
  }
  const first = after.errors.find(({ max }) => breakageOf(max) !== 'rounding')!;
  return `The largest equivariance error went from ${small(was)} to ${small(is)}; it begins at ${layerName(first.layer)}.`;
}

/** `block2` → "layer 2". */
export function layerName(layer: string): string {
  const block = layer.match(/^block(\d+)$/)?.[1];
  return block ? `layer ${block}` : (LAYER_WORDS[layer] ?? layer);
}

const LAYER_WORDS: Readonly<Record<string, string>> = {
  'group pooling': 'the group pooling',
  hidden: 'the hidden layer',
  logits: 'the logits',
};

/** Why single channels break the symmetry, and what whole fields do instead: two sentences. */
export function whySentences(
  result: Result & { readonly naive: NonNullable<Result['naive']> },
  { block }: Extract<TrunkChoice, { units: 'channels' }>,
  order: number,
): readonly [string, string] {
  const { before, after, naive } = result;
  const { removed, brokenFields, fields } = naive;
  const [was, is, whole] = [before, after, fields].map(({ errors }) => worstOf(errors));
  const copies = `An orientation channel is one of the ${order} turned copies of one filter, and turning the picture swaps the copies of a field among themselves`;
  const first =
    brokenFields === 0
      ? `${copies}; the ${count(removed, 'channel')} that went make up whole fields, so there is nothing missing in any swap and the error is ${small(is)}.`
      : `${copies}; in ${brokenFields} of layer ${block}’s fields some copies are gone, so the others have no place to be swapped to: the error goes from ${small(was)} to ${small(is)} and ${after.changed} of ${count(after.n, 'tile')} change their answer when they are turned.`;
  const second = `The same share in whole fields leaves an error of ${small(whole)}, and ${fields.changed} of ${count(fields.n, 'tile')} change their answer; accuracy is ${percent(fields.turned[0])} against ${percent(after.turned[0])}.`;
  return [first, second];
}

/** A measured setting in few words: "50 % of the fields, head tuned". */
export function pointWords({ choice, tuning, result }: TrunkPoint): string {
  if (!tuning) return choiceWords(choice);
  const { stop, stoppedIn } = result.tuned ?? {};
  const ended = stoppedIn
    ? `, stopped in step ${stoppedIn} of ${tuning.steps}`
    : stop === 'stopped'
      ? ', stopped'
      : '';
  return `${choiceWords(choice)}, ${tuningWords(tuning)}${ended}`;
}

export function choiceWords(choice: TrunkChoice): string {
  if (choice.units === 'orbits') {
    const { target, block } = choice;
    return target === 'ring'
      ? `outer ring of layer ${block}`
      : `${wholePercent(target.ratio)} of layer ${block}’s orbits`;
  }
  if (choice.units === 'channels') return `${wholePercent(choice.ratio)} of layer ${choice.block}’s channels`;
  const { target, blocks, compensation } = choice;
  const what =
    'ratio' in target
      ? `${wholePercent(target.ratio)} of the fields`
      : `${wholePercent(1 - target.budget.share)} of the ${COST_WORDS[target.budget.of]}`;
  const where = blocks ? ` in layer ${blocks.join(' and ')}` : '';
  const made = { none: '', mean: ', means', norms: ', norms' }[compensation];
  return `${what}${where}${made}`;
}

export function tuningWords({ scope, steps, distil }: NonNullable<TrunkPoint['tuning']>): string {
  const what = scope === 'head' ? 'head tuned' : 'all tuned';
  return `${what}${steps > 1 ? ` in ${steps} steps` : ''}${distil ? ', distilled' : ''}`;
}

/** What the chart of all points says: the cheapest setting that loses little, or that there is none. */
export function tradeSentence(
  trades: readonly Trade[],
  cost: CostName,
  whole: number,
  tolerance: number,
): string {
  const limit = `within ${limitWords({ tolerance })} of the ${percent(whole)} of the network before pruning`;
  const best = cheapestOf(trades, cost, (accuracy) => shownChange(accuracy, whole) <= tolerance);
  const measured = count(trades.length, 'setting');
  if (trades.every((trade) => trade.cost[cost] === null))
    return `${measured} measured, of none the ${COST_WORDS[cost]}.`;
  if (!best) return `${measured} measured, none of them ${limit}.`;
  const of = best.cost[cost]!;
  return `${measured} measured; ${limit} the cheapest has ${wholePercent(of)} of the ${COST_WORDS[cost]}: without ${pointWords(best.points[0])}, ${percent(best.accuracy)}.`;
}

/** That kept measurements were damaged, and what to do. */
export const droppedSentence = (many: number): string =>
  `${many === 1 ? 'A kept measurement was' : `${many} kept measurements were`} damaged: not what was written, so no longer shown. Measure ${many === 1 ? 'it' : 'them'} again where wanted.`;

/** Sentences about the stages of a pipeline: what each is to do, and what it found, from measured values. */
import type { Discrepancies } from '../../lab/adapt/measure';
import type { PenaltyId } from '../../lab/adapt/penalties/names';
import { wilsonInterval } from '../../lab/evaluate/interval';
import type { CriterionId } from '../../lab/prune/criteria';
import type { FieldCompensation } from '../../lab/prune/fields/choice';
import type { Compensation } from '../../lab/prune/neurons/compensate';
import type { FinetuneResult } from '../../lab/prune/tuning/tuning';
import type { QuantisationCheck } from '../../lab/quantize/check';
import type { Planned } from '../../lab/recipe/plan';
import type { Recipe } from '../../lab/recipe/schema';
import type { StepOf } from '../../lab/recipe/step';
import { bestEpoch } from '../../lab/stage/history';
import type { StageRecord } from '../../lab/stage/store';
import { type Card, cardBefore, type Figures } from '../pipeline/cards';
import { unitsName } from '../prune/unitNames';
import { bytes, COST_WORDS, count, less, percent, points, pointsBetween } from './format';
import { dropWords, limitWords } from './prune';
import { checkSentence } from './runs';

const SCOPE_WORDS = {
  output: 'the output layer',
  head: 'both dense layers',
  network: 'the whole network',
} as const;

export const METHOD_WORDS: Record<CriterionId, string> = {
  l2: 'L2',
  l1: 'L1',
  variance: 'variance',
  taylor: 'Taylor',
  'geometric-median': 'geometric median',
  random: 'chance',
};

/** What takes the place of the removed neurons. */
const FILLINGS: Record<Compensation | FieldCompensation, string> = {
  none: 'nothing in their place',
  mean: 'their means in their place',
  ridge: 'what the kept ones predict of them in their place',
  norms: 'the norms estimated anew',
};

const PART_WORDS = { train: 'training', val: 'validation', test: 'test' } as const;

/** What a step is about to do, short enough for a line. */
export function taskOf({ name, step }: Pick<Planned, 'name' | 'step'>, { arch }: Recipe): string {
  switch (step.kind) {
    case 'train':
      return `${arch.id}, at most ${count(step.settings.epochs, 'epoch')}`;
    case 'continue':
      return `at most ${count(step.settings.epochs, 'epoch')} more, at a learning rate of ${step.settings.learningRate}`;
    case 'distil': {
      const { student, settings } = step;
      const who =
        student.hidden === undefined ? (student.id ?? 'a student') : count(student.hidden, 'hidden neuron');
      return `${who}, α ${settings.alpha}, T ${settings.temperature}, at most ${count(settings.epochs, 'epoch')}`;
    }
    case 'quantise': {
      const layers = step.layers === 'dense' ? 'dense layers' : 'all layers';
      return `${layers} to 8-bit integers, one range of activations per ${step.range}`;
    }
    case 'check':
      return `at ${count(step.angles.length, 'angle')} on the ${PART_WORDS[step.part]} tiles`;
    case 'study':
      return `${name}, on the ${PART_WORDS.val} and the ${PART_WORDS.test} tiles`;
    case 'prune':
    case 'prune-fields':
      return pruningTask(step);
    case 'prune-orbits': {
      const { target, layer } = step;
      const what = target === 'ring' ? 'the outer ring' : `${share(target.ratio)} of the spatial orbits`;
      return `${what} of ${layer === undefined ? 'every kernel' : `the kernel of layer ${layer}`}`;
    }
    case 'prune-blocks': {
      const { units, ratio, ranking, method, compensation } = step;
      const where = ranking === 'network' ? 'over all blocks together' : 'of each block';
      return `${share(ratio)} of the ${UNIT_WORDS[units]} ${where} by ${METHOD_WORDS[method]}, ${FILLINGS[compensation]}`;
    }
    case 'prune-filters': {
      const { ratio, method, compensation } = step;
      return `${share(ratio)} of the filters of each layer by ${METHOD_WORDS[method]}, ${FILLINGS[compensation]}`;
    }
    case 'adapt':
    case 'adapt-fold':
      return adaptTask(step);
    case 'project':
      return `the mean of its weights over ${step.group}: exactly equivariant, and smaller`;
    case 'finetune': {
      const { scope, tolerance, distil } = step.settings;
      const when =
        tolerance === 0 ? 'as soon as anything is lost' : `if more than ${points(tolerance)} are lost`;
      return `${SCOPE_WORDS[scope]}${distil ? ', taught by the network it is held against' : ''}, ${when}`;
    }
  }
}

function adaptTask(step: StepOf<'adapt'> | StepOf<'adapt-fold'>): string {
  const { lambda, penalty, group, augment, settings } = step;
  const tiles = augment ? 'tiles turned at random, ' : '';
  const fold = step.kind === 'adapt-fold' ? `, fold ${step.fold + 1} of ${step.folds}` : '';
  const epochs = `${count(settings.epochs, 'epoch')}${fold}`;
  if (lambda === 0) return `${tiles}the labels alone, ${epochs}`;
  const how = typeof lambda === 'number' ? `λ ${lambda}` : `λ by ${count(lambda.folds, 'fold')}`;
  return `${tiles}towards ${group} by its ${penalty}, ${how}, ${epochs}`;
}

function pruningTask(step: StepOf<'prune'> | StepOf<'prune-fields'>): string {
  const { method, compensation, ratio, steps } = step;
  const cut = `${share(ratio)} of ${whatOf(step)} by ${METHOD_WORDS[method]}, ${FILLINGS[compensation]}`;
  const slowly = steps ? `${cut}, in ${steps.count} steps` : cut;
  return step.kind === 'prune' && step.cascade !== 'aligned'
    ? `${slowly}; next layer ${step.cascade}`
    : slowly;
}

const UNIT_WORDS = {
  neuron: unitsName('neuron'),
  mlp: `${unitsName('mlp')} of the MLPs`,
  heads: `${unitsName('heads')} of attention`,
} as const;

/** "50 % of its hidden neurons". */
export const partWords = (ratio: number, unit: keyof typeof UNIT_WORDS): string =>
  `${share(ratio)} of its ${UNIT_WORDS[unit]}`;

const share = (ratio: number): string => `${Number((100 * ratio).toFixed(3))}\u00a0%`;

/** What a pruning's share is a share of. */
function whatOf(step: StepOf<'prune'> | StepOf<'prune-fields'>): string {
  if (step.kind === 'prune') return 'the hidden neurons';
  return step.budget ? `the ${COST_WORDS[step.budget]}, in whole fields` : 'the fields of each layer';
}

/** What a finished stage found. */
export function findingOf(cards: readonly Card[], card: Card): string {
  const { planned, record, figures } = card;
  if (!record || !figures) return '';
  const before = cardBefore(cards, card)?.figures ?? null;
  switch (planned.kind) {
    case 'train':
      return `${atBest(card)} 95\u00a0% interval ${interval(figures)}.`;
    case 'continue':
      return `${atBest(card)}${against(figures, before, 'where it began')}`;
    case 'distil':
      return `${atBest(card)}${against(figures, before, 'its teacher')}`;
    case 'prune': {
      const { units, kept, dead } = record as unknown as { units: number; kept: number[]; dead: number };
      const idle = dead > 0 ? ` (${dead} of the ${units} never spoke)` : '';
      const gone = units - kept.length;
      return `${gone} of ${count(units, 'hidden neuron')} removed${idle}.${against(figures, before, 'the network before')}`;
    }
    case 'prune-fields': {
      const { fields, kept } = record as unknown as { fields: number[]; kept: number[][] };
      const sizes = kept.map(({ length }, i) => `${length} of ${fields[i]}`).join(', ');
      return `Fields kept, layer by layer: ${sizes}.${against(figures, before, 'the network before')}`;
    }
    case 'prune-orbits': {
      const { kept } = record as unknown as { kept: number[][] };
      const sizes = kept.map(({ length }) => length).join(', ');
      return `Orbits kept: ${sizes}.${against(figures, before, 'the network before')}`;
    }
    case 'prune-blocks': {
      const { counts, kept, floored } = record as unknown as {
        counts: number[];
        kept: number[][];
        floored: number[];
      };
      const sizes = kept.map(({ length }, i) => `${length} of ${counts[i]}`).join(', ');
      const floor =
        floored.length === 0
          ? ''
          : ` Of ${count(floored.length, 'block')} all would have gone, and the best one stays.`;
      return `Kept, block by block: ${sizes}.${floor}${against(figures, before, 'the network before')}`;
    }
    case 'prune-filters': {
      const { bundles, kept } = record as unknown as { bundles: { units: number }[]; kept: number[][] };
      const sizes = kept.map(({ length }, i) => `${length} of ${bundles[i].units}`).join(', ');
      return `Filters kept, layer by layer: ${sizes}.${against(figures, before, 'the network before')}`;
    }
    case 'study':
      return `${percent(figures.accuracy)} on ${count(figures.tiles, `${PART_WORDS[figures.part]} tile`)}.`;
    case 'finetune':
      return tuningFinding(card);
    case 'adapt':
    case 'adapt-fold':
      return adaptFinding(record);
    case 'project':
      return `Exactly equivariant under ${(record as { group?: unknown }).group}.${against(figures, before, 'the network before')}${turns(figures)}`;
    case 'quantise': {
      const { unchanged, before: floats } = record as unknown as QuantisationCheck;
      return `The same answer as before rounding on ${percent(unchanged)} of the tiles, in ${bytes(figures.bytes)} (${less(floats.bytes, figures.bytes)}).`;
    }
    case 'check':
      return `${percent(figures.accuracy)} on ${count(figures.tiles, `${PART_WORDS[figures.part]} tile`)}${figures.part === 'test' ? ', looked at once' : ''} (95\u00a0% interval ${interval(figures)}).${turns(figures)}`;
  }
}

/** What became of the network's symmetry. */
function adaptFinding(record: StageRecord): string {
  const { lambda, lambdas, penalty, discrepancies, before, agreement } = record as unknown as {
    readonly lambda: number;
    readonly lambdas?: readonly unknown[];
    readonly penalty: PenaltyId;
    readonly discrepancies: Discrepancies;
    readonly before?: { readonly discrepancies: Discrepancies };
    readonly agreement: number;
  };
  const chosen = lambdas ? `λ ${lambda} of ${lambdas.length} that were tried. ` : '';
  const [was, is] = [before?.discrepancies[penalty] ?? null, discrepancies[penalty]];
  const distance =
    is === null
      ? ''
      : ` R of the ${penalty} is ${is.toPrecision(3)}${was === null ? '' : `, before ${was.toPrecision(3)}`}.`;
  return `${chosen}The same answer at all four turns on ${percent(agreement)} of the decided tiles.${distance}`;
}

const NO_LIMITS = { tolerance: 0, excellent: 0 };

function tuningFinding({ record, planned }: Card): string {
  const { triggered, baseline, start, accuracy, epochs, stop } = record as unknown as FinetuneResult;
  const { step } = planned;
  const { tolerance, excellent } = step.kind === 'finetune' ? step.settings : NO_LIMITS;
  if (!triggered) {
    const lost =
      baseline > start
        ? `the drop of ${pointsBetween(baseline, start)} is within ${points(tolerance)}`
        : 'nothing was lost';
    return `Not needed: ${lost}.`;
  }
  const best = bestEpoch(epochs);
  const back = accuracy > start ? `brought back ${pointsBetween(start, accuracy)}` : 'brought nothing back';
  const close = `the loss is below ${limitWords({ tolerance: excellent })} now`;
  const why = stop === 'excellent' ? close : (STOPS[String(stop)] ?? String(stop));
  return `The drop of ${dropWords(baseline, start, { tolerance })} is more than ${points(tolerance)}: ${count(epochs.length, 'epoch')} ${back}${best && accuracy > start ? `, the best was epoch ${best.epoch}` : ''}; ended because ${why}.`;
}

const STOPS: Readonly<Record<string, string>> = {
  acceptable: 'the loss is small and no more was gained',
  patience: 'nothing was gained for long enough',
  epochs: 'all its epochs were used',
};

function atBest({ history }: Card): string {
  const best = bestEpoch(history);
  return best ? `Best at epoch ${best.epoch} of ${history.length}.` : '';
}

export function interval({ accuracy, tiles }: Figures): string {
  const [low, high] = wilsonInterval(accuracy, tiles);
  return `${percent(low)} to ${percent(high)}`;
}

function against(now: Figures, before: Figures | null, whom: string): string {
  if (!before || before.part !== now.part) return '';
  const change = now.accuracy - before.accuracy;
  if (Math.abs(change) < 1e-9) return ` As accurate as ${whom}.`;
  return ` ${pointsBetween(before.accuracy, now.accuracy)} ${change < 0 ? 'below' : 'above'} ${whom}.`;
}

/** What happens to the answers when the tiles turn; nothing where it was not measured. */
function turns({ turned, changed, undecided, tiles }: Figures): string {
  if (!turned || changed === null || undecided === null) return '';
  return ` ${checkSentence({ turned, changed, undecided, tiles })}`;
}

/**
 * Every sentence on the page that reports something, as a function of measured values. None knows what ought to come
 * out: a flat curve is told as a flat curve.
 */

import type { SliderUnit } from '../../lab/families/units';
import { isTriggered } from '../../lab/train/finetune';
import type { FinetuneSettings } from '../../lab/train/settings';
import type { NeuronFacts } from '../prune/neuron';
import type { PruneFacts } from '../prune/sheets';
import { unitsName, unitWords } from '../prune/unitNames';
import { capital, count, percent, points, pointsBetween, seconds, shownChange, wholePercent } from './format';

/** What the chart of a fine-tuning draws how. */
export const FINETUNE_KEY =
  'Validation accuracy. Dashed: unpruned; shaded: within 1 and 2 points of it; ring: the best epoch.';

/** How a transformer is fine-tuned. */
export const BLOCK_TUNING_SENTENCE =
  'The whole network is trained, taught by the unpruned one, for ten epochs at most.';

/** What removing these neurons did to validation accuracy, and, where nothing was lost, why. */
export function pruneSentence(facts: PruneFacts): string {
  return whatItDid(facts) + floorWords(facts);
}

function floorWords({ floored, unit }: PruneFacts): string {
  if (floored.length === 0) return '';
  const keep =
    floored.length === 1 ? `Block ${floored[0]} keeps its` : `Blocks ${floored.join(', ')} keep their`;
  return ` ${keep} best ${unitWords(unit).short}: a block needs one.`;
}

function whatItDid(facts: PruneFacts): string {
  const { removed, units, baseline, accuracy, losslessTo } = facts;
  if (removed === 0) return `Nothing is removed yet: accuracy is ${percent(baseline)}.`;
  const share = wholePercent(removed / units);
  const drop = baseline - accuracy;
  if (removed <= losslessTo && isZero(drop)) return `Nothing was lost up to ${share}${because(facts)}`;
  if (removed <= losslessTo || drop < 0) {
    const change = isZero(drop)
      ? 'is unchanged'
      : `rose by ${pointsBetween(baseline, accuracy)} to ${percent(accuracy)}`;
    return `At ${share} removed, accuracy ${change}${because(facts)}`;
  }
  if (isZero(drop)) return `At ${share} removed, accuracy is what it was: ${percent(accuracy)}.`;
  return `At ${share} removed, accuracy fell from ${percent(baseline)} to ${percent(accuracy)}: ${pointsBetween(baseline, accuracy)}.`;
}

/** Dead neurons explain a loss-free removal only as far as they are among the removed. */
function because({ removed, units, unit, deadRemoved, dead, statisticsTiles }: PruneFacts): string {
  if (deadRemoved === 0) return '.';
  const { short } = unitWords(unit);
  const same = `their output is the same on all ${count(statisticsTiles, 'training tile')}`;
  if (deadRemoved === removed && removed === dead) {
    return `, because ${removed} of ${units} ${short}s were dead: ${same}.`;
  }
  if (deadRemoved === removed) {
    return `, because all ${count(removed, `removed ${short}`)} were dead: ${same}.`;
  }
  return `: ${deadRemoved} of the ${count(removed, `removed ${short}`)} were dead (${same}).`;
}

/** Whether fine-tuning starts, and by which rule. */
export function decisionSentence(
  { removed, baseline, accuracy }: Pick<PruneFacts, 'removed' | 'baseline' | 'accuracy'>,
  settings: FinetuneSettings,
): string {
  if (removed === 0) return `Fine-tuning starts by itself when more than ${limitWords(settings)} are lost.`;
  const drop = baseline - accuracy;
  if (isTriggered(baseline, accuracy, settings)) {
    return `Dropped by ${dropWords(baseline, accuracy, settings)}: more than ${limitNumber(settings)}, so fine-tuning starts.`;
  }
  if (drop > 0 && !isZero(drop))
    return `Dropped by ${pointsBetween(baseline, accuracy)}, within ${limitWords(settings)}: no fine-tuning needed.`;
  return 'Accuracy did not drop: no fine-tuning needed.';
}

/** A drop that started fine-tuning; where its figures read as the limit itself, so exactly that it is seen to be more. */
export function dropWords(
  baseline: number,
  accuracy: number,
  { tolerance }: Pick<FinetuneSettings, 'tolerance'>,
): string {
  if (shownChange(accuracy, baseline) > tolerance) return pointsBetween(baseline, accuracy);
  return `${(100 * (baseline - accuracy)).toFixed(2)}\u00a0points`;
}

export interface FinetuneFacts {
  readonly baseline: number;
  readonly start: number;
  readonly accuracy: number;
  readonly epochs: number;
  readonly seconds: number;
  readonly stop: string;
}

const STOPS: Readonly<Record<string, string>> = {
  patience: ' It ended for lack of progress.',
  epochs: ' It used all its epochs.',
  stopped: ' It was stopped.',
};

/** What fine-tuning gave. */
export function resultSentence(facts: FinetuneFacts, settings: FinetuneSettings): string {
  const { baseline, start, accuracy, epochs, stop } = facts;
  const effort = `after ${count(epochs, 'epoch')}, ${seconds(facts.seconds)}`;
  const why = STOPS[stop] ?? '';
  const drop = shownChange(accuracy, baseline);
  const gained = `${pointsBetween(start, accuracy)} won back`;
  if (accuracy <= start) return `Nothing was won back ${effort}: ${percent(accuracy)}.${why}`;
  if (drop <= 0)
    return `At or above the original ${effort}: ${percent(accuracy)} against ${percent(baseline)}.${why}`;
  if (drop <= settings.excellent)
    return `Within ${limitWords({ tolerance: settings.excellent })} of the original ${effort}: ${percent(accuracy)}.${why}`;
  if (drop <= settings.tolerance)
    return `Within ${limitWords(settings)} of the original ${effort}: ${percent(accuracy)}.${why}`;
  return `Still ${pointsBetween(baseline, accuracy)} below the original ${effort}, ${gained}: ${percent(accuracy)}.${why}`;
}

/** Why fine-tuning ended, short enough for a chart. */
export function stopLabel(stop: string, settings: FinetuneSettings): string {
  const labels: Readonly<Record<string, string>> = {
    excellent: `within ${limitWords({ tolerance: settings.excellent })}`,
    acceptable: `within ${limitWords(settings)}, ${settings.acceptablePatience} epochs without gain`,
    patience: `${settings.patience} epochs without gain`,
    epochs: `all ${settings.epochs} epochs used`,
    stopped: 'stopped by hand',
  };
  return labels[stop] ?? stop;
}

export interface ClimbFacts {
  readonly baseline: number;
  readonly start: number;
  /** Validation accuracy after each epoch. */
  readonly accuracies: readonly number[];
  /** The epoch that is kept, 1, 2, …; null where none was better than the start. */
  readonly best: number | null;
  /** Epochs after which the learning rate was lowered. */
  readonly steps: readonly number[];
  /** Null while it runs. */
  readonly stop: string | null;
}

/** The fine-tuning chart's message, for those who do not see it. */
export function climbSentence(facts: ClimbFacts, settings: FinetuneSettings): string {
  const { baseline, start, accuracies, best, steps, stop } = facts;
  const from = `Validation accuracy by epoch of fine-tuning, from ${percent(start)}; the network before pruning has ${percent(baseline)}.`;
  if (accuracies.length === 0) return from;
  const after = `After ${count(accuracies.length, 'epoch')}`;
  const reached =
    best === null
      ? `${after} none was better than the start.`
      : `${after} the best is ${percent(accuracies[best - 1])}, in epoch ${best}.`;
  const lowered =
    steps.length === 0 ? '' : ` The learning rate was lowered after epoch ${steps.join(' and ')}.`;
  return `${from} ${reached}${lowered}${stop === null ? '' : ` It ended: ${stopLabel(stop, settings)}.`}`;
}

export interface RotationFacts {
  readonly name: string;
  readonly changed: number;
  readonly undecided: number;
}

/** How many tiles change their answer when they are turned, network by network. */
export function rotationSentence(nets: readonly RotationFacts[], tiles: number): string {
  const [first, ...rest] = nets.map(({ name, changed }, i) =>
    i === 0 ? `${name} changed its mind on ${changed} of ${count(tiles, 'tile')}` : `${name} on ${changed}`,
  );
  return `Turned by 90°, 180° and 270°, ${[first, ...rest].join('; ')}.`;
}

/** Tiles left out of that count because the two best answers were too close at some turn. */
export function undecidedSentence(nets: readonly RotationFacts[]): string {
  const open = nets.filter(({ undecided }) => undecided > 0);
  if (open.length === 0) return 'No tile was too close to call.';
  const list = open.map(({ name, undecided }) => `${count(undecided, 'tile')} by ${name}`);
  return `Too close to call at some turn, and not counted: ${list.join(', ')}.`;
}

/** A neuron in few words, for those who move along the strip by ear. */
export function neuronSentence(neuron: NeuronFacts, gone: boolean, classes: readonly string[]): string {
  const { title, place, units, dead, tops } = neuron;
  const fate = gone ? 'has gone' : 'stays';
  const life = dead ? 'dead' : 'alive';
  const likes =
    tops.length === 0 ? 'responds to no validation tile' : `responds most to ${classes[tops[0].label]}`;
  return `${title}, goes ${ordinal(place)} of ${units}, ${fate}, ${life}, ${likes}`;
}

/** 1 → "1st". */
export function ordinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${(!teen && ['', 'st', 'nd', 'rd'][n % 10]) || 'th'}`;
}

/** Under which conditions the turned tiles were looked at. */
export function turnedSentence(tiles: number, share: number, held: boolean, unit: SliderUnit): string {
  const which = held ? 'either network by the same method' : 'the network';
  return `Accuracy on the same ${count(tiles, 'validation tile')}, turned exactly, with ${wholePercent(share)} of the ${unitsName(unit)} removed from ${which}.`;
}

/** On which tiles the figures were measured, and how fine they are. aim: of all tiles so many will be measured. */
export function tilesSentence(tiles: number, ofTiles: number, splitSeed: number, aim = ofTiles): string {
  if (tiles === 0) return 'There are no validation tiles.';
  const which =
    tiles < aim
      ? `On the first ${tiles} of ${aim} validation tiles (the rest follows)`
      : tiles < ofTiles
        ? `On ${tiles} of ${count(ofTiles, 'validation tile')}, evenly of every class (each point is a network of its own)`
        : `On all ${count(tiles, 'validation tile')}`;
  return `${which}, split seed ${splitSeed}; one tile is worth ${points(1 / tiles)}.`;
}

const limitNumber = ({ tolerance }: Pick<FinetuneSettings, 'tolerance'>): string =>
  String(Math.round(1000 * tolerance) / 10);
export const limitWords = (settings: Pick<FinetuneSettings, 'tolerance'>): string =>
  `${limitNumber(settings)} ${limitNumber(settings) === '1' ? 'point' : 'points'}`;

/** Rounding guard: accuracies are multiples of one tile. */
const isZero = (difference: number): boolean => Math.abs(difference) < 1e-9;

/** Whether each network answers the same at every turn of one tile. */
export function tileSentence(
  nets: readonly { readonly role: string; readonly turns: readonly { readonly answer: string }[] }[],
): string {
  const parts = nets.map(({ role, turns }) => {
    const answers = [...new Set(turns.map(({ answer }) => answer))];
    return answers.length === 1
      ? `the ${role} network says ${answers[0]} at every turn`
      : `the ${role} network changes its mind (${answers.join(', ')})`;
  });
  return `${capital(parts.join('; '))}.`;
}

/** What of a picture the networks saw, and what was done to its colours. */
export function fitSentence(
  { side, size }: { readonly side: number; readonly size: number },
  {
    width,
    height,
    notes,
  }: { readonly width: number; readonly height: number; readonly notes: readonly string[] },
): string {
  const isWhole = side === width && side === height;
  const part = isWhole
    ? `All ${width}×${height} pixels`
    : `The middle ${side}×${side} of ${width}×${height} pixels`;
  const scaled =
    side === size ? '' : side > size ? `, averaged to ${size}×${size}` : `, enlarged to ${size}×${size}`;
  const rest = notes.map((note) => ` ${capital(note)}.`).join('');
  return `${part}${scaled}.${rest}`;
}

/** What the forms say of help for small and uneven data, from measured values. */
import type { RateSweep } from '../../lab/train/rateSweep';
import type { TurnedLoss } from '../../lab/train/turnedLoss';
import { type AugmentWay, type BalanceChoice, LIGHT } from '../train/designs';
import { count, wholePercent } from './format';

export const AUGMENT_NAMES: Readonly<Record<AugmentWay, string>> = {
  shift: 'Shifted',
  flip: 'Mirrored',
  turn: 'Turned',
  light: 'Brighter or darker',
};

export const AUGMENT_TEXTS: Readonly<Record<AugmentWay, string>> = {
  shift: 'By up to an eighth of their side; what comes in is black.',
  flip: 'Every second one, left to right: not for letters and digits.',
  turn: 'By none, one, two or three quarters: not where up means something.',
  light: `By up to ${wholePercent(LIGHT)}.`,
};

export const BALANCE_NAMES: Readonly<Record<BalanceChoice, string>> = {
  none: 'No',
  weights: 'Class weights',
  batches: 'Balanced batches',
};

export const BALANCE_SENTENCES: Readonly<Record<BalanceChoice, string>> = {
  none: 'Every tile counts the same, so the large classes decide.',
  weights: 'A tile of a small class counts for more, so that all classes count the same.',
  batches: 'The classes take turns, so that tiles of small ones come more than once in an epoch.',
};

/** What turned tiles are to the network that is about to be trained. */
export function turnsSentence({ losses, tiles, isSame }: TurnedLoss): string {
  const on = `on ${count(tiles, 'training tile')}, before it has learnt anything`;
  if (isSame)
    return `Turning tells this network nothing: measured ${on}, its loss is ${losses[0].toFixed(5)} at all four turns, the same number. It is built so.`;
  const [least, most] = [Math.min(...losses), Math.max(...losses)];
  return `To this network turned tiles are others: measured ${on}, its loss is between ${least.toFixed(5)} and ${most.toFixed(5)} over the four turns. Turning them can teach it.`;
}

/** What a sweep of the learning rate came to. */
export function ratesSentence({ chosen, least, points, tiles, batch }: RateSweep): string {
  const how = `${count(points.length, 'step')} of ${count(batch, 'tile')}, over ${count(tiles, 'training tile')}`;
  if (chosen === null)
    return `The loss never fell in ${how}: no learning rate can be read from it. Look at the tiles and their classes.`;
  return `In ${how}, the loss is least at a learning rate of ${least.rate.toPrecision(2)} and rises above it. A quarter of that, ${chosen}, is on the safe side.`;
}

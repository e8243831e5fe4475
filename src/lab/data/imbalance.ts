/** Classes of unequal size: how unequal, and what that does to an accuracy. */
import { plain } from '../plain';

/** Sizes within this ratio count as equal: an accuracy is then nearly the mean of the classes. EuroSAT's own is 1.5. */
const NEARLY_EQUAL = 1.5;

export interface Imbalance {
  /** Index and tiles of the largest class; of equals the first. */
  readonly largest: { readonly label: number; readonly tiles: number };
  readonly smallest: { readonly label: number; readonly tiles: number };
  /** Largest over smallest. */
  readonly ratio: number;
  /** The accuracy of a network that always answers with the largest class, 0 … 1. */
  readonly always: number;
}

/** What is to be said of classes of such sizes; null where they are nearly equal. A class without tiles counts for nothing. */
export function imbalanceOf(counts: ArrayLike<number>): Imbalance | null {
  const sizes = Array.from(counts, (tiles, label) => ({ label, tiles })).filter(({ tiles }) => tiles > 0);
  if (sizes.length < 2) return null;
  const largest = sizes.reduce((most, each) => (each.tiles > most.tiles ? each : most));
  const smallest = sizes.reduce((least, each) => (each.tiles < least.tiles ? each : least));
  const ratio = largest.tiles / smallest.tiles;
  if (ratio <= NEARLY_EQUAL) return null;
  const all = sizes.reduce((sum, { tiles }) => sum + tiles, 0);
  return { largest, smallest, ratio, always: largest.tiles / all };
}

/** "The classes are unequal: …" in words; null where there is nothing to say. */
export function imbalanceWords(classes: readonly string[], counts: ArrayLike<number>): string | null {
  const found = imbalanceOf(counts);
  if (!found) return null;
  const { largest, smallest, ratio, always } = found;
  const [most, least] = [largest, smallest].map(
    ({ label, tiles }) => `${plain(classes[label])} has ${tiles} ${tiles === 1 ? 'tile' : 'tiles'}`,
  );
  return (
    `The classes are unequal: ${most}, ${least} (${ratio.toFixed(1)} to 1). A network that always answers ` +
    `“${plain(classes[largest.label])}” is right on ${(100 * always).toFixed(1)} % of the tiles.`
  );
}

/** How unequal classes can be answered, in a training. */
export const BALANCE_ADVICE =
  'Class weights or balanced batches make each class count the same in training, and balanced accuracy, the mean of the ' +
  'classes’ own accuracies, tells whether the small ones are learnt.';

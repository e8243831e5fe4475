/** What the watched tiles are answered at a setting, pruned or as fine-tuning goes on, and what became of each. */
import type { Sheet, SheetCurve } from '../../lab/prune/neurons/sheet';
import { answerAt, TOO_CLOSE } from '../../lab/prune/neurons/watched';
import type { Finetuning } from './experiment';
import { stopNear } from './sheets';

/**
 * `same`: answered as by the whole network, and never otherwise on the way here; `flipped`: otherwise; `back`: again as by
 * the whole one, after another answer: further left on the curve, or before the fine-tuning.
 */
export type Fate = 'same' | 'flipped' | 'back';

export interface Seen {
  /** A class, or `TOO_CLOSE`. */
  readonly answer: number;
  readonly fate: Fate;
}

/** The answer of a sheet's network to the watched tile `i` with so many units removed, at a quarter turn. */
export const watchedAnswer = (
  sheet: Sheet,
  curve: SheetCurve,
  removed: number,
  i: number,
  turn = 0,
): number =>
  answerAt(curve.watched, sheet.watched.tiles.length, sheet.units - stopNear(sheet, removed), turn, i);

/** Units gone when a watched tile's answer is first another than the whole network's, by tile; kept with the curve. */
const changes = new WeakMap<SheetCurve, Float64Array>();

function firstChange(sheet: Sheet, curve: SheetCurve, i: number): number {
  let known = changes.get(curve);
  if (!known) {
    known = Float64Array.from(sheet.watched.tiles, (_, tile) => {
      const whole = watchedAnswer(sheet, curve, 0, tile);
      return (
        sheet.stops.find((removed) => watchedAnswer(sheet, curve, removed, tile) !== whole) ??
        Number.POSITIVE_INFINITY
      );
    });
    changes.set(curve, known);
  }
  return known[i];
}

/** The watched tile `i` at a position, and what a fine-tuning there has made of it so far. */
export function seenAt(
  sheet: Sheet,
  curve: SheetCurve,
  removed: number,
  i: number,
  tuned: Finetuning | undefined,
): Seen {
  const whole = watchedAnswer(sheet, curve, 0, i);
  const answer = tunedAnswer(sheet, tuned, i) ?? watchedAnswer(sheet, curve, removed, i);
  if (answer !== whole) return { answer, fate: 'flipped' };
  return { answer, fate: stopNear(sheet, removed) >= firstChange(sheet, curve, i) ? 'back' : 'same' };
}

/** What fine-tuning has made of a watched tile's answer: at its best epoch, or at the latest; null where nobody knows. */
export function tunedAnswer(sheet: Sheet, tuned: Finetuning | undefined, i: number, turn = 0): number | null {
  const name = sheet.watched.tiles[i];
  if (tuned?.status === 'done')
    return tuned.result.watched?.find(([tile]) => tile === name)?.[1][turn] ?? null;
  if (turn > 0) return null;
  return tuned?.epochs.at(-1)?.watched?.find(([tile]) => tile === name)?.[1] ?? null;
}

/** How many of the watched tiles are flipped, and how many are back. */
export function tally(
  sheet: Sheet,
  curve: SheetCurve,
  removed: number,
  tuned: Finetuning | undefined,
): { readonly flipped: number; readonly back: number } {
  const fates = Array.from(sheet.watched.tiles, (_, i) => seenAt(sheet, curve, removed, i, tuned).fate);
  const count = (fate: Fate) => fates.filter((each) => each === fate).length;
  return { flipped: count('flipped'), back: count('back') };
}

/** The name of a class with places where it may break: "HerbaceousVegetation" as two words on two lines. */
export const className = (classes: readonly string[], answer: number): string =>
  answer === TOO_CLOSE
    ? 'too close to call'
    : (classes[answer] ?? 'none').replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1\u200b$2');

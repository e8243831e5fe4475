/**
 * Mean average precision as COCO counts it (pycocotools, all areas, at most 100 detections of a class on a picture):
 *   for each class and each least overlap 0.50, 0.55 … 0.95
 *     on each picture, detections by falling score each take the truth that they overlap most, at least by so much, and that
 *     none before has taken; of equals the last. Crowds come after all others, are taken by any number, and what takes them
 *     counts as nothing; a crowd is overlapped by the share of the detection that lies in it.
 *     All detections of all pictures, by falling score: precision and recall after each; precision made falling from the end;
 *     its mean at the 101 recalls 0, 0.01 … 1, where what is never reached has 0.
 *   their mean over overlaps and over the classes that are there at all.
 */
import { areaOf, type Detection, overlap, overlapArea, type Truth } from './boxes';

export const OVERLAPS: readonly number[] = Array.from({ length: 10 }, (_, i) => (50 + 5 * i) / 100);
const RECALLS: readonly number[] = Array.from({ length: 101 }, (_, i) => i / 100);
const MOST_DETECTIONS = 100;

export interface Precision {
  /** Over all overlaps and classes; null where there is nothing to be found. */
  readonly mean: number | null;
  /** At an overlap of 0.5, and of 0.75. */
  readonly half: number | null;
  readonly threeQuarters: number | null;
  /** Over all overlaps; null for a class that is nowhere. */
  readonly byClass: readonly (number | null)[];
}

/** truths and detections: by picture. */
export function meanPrecision(
  truths: readonly (readonly Truth[])[],
  detections: readonly (readonly Detection[])[],
  classes: number,
): Precision {
  const table = Array.from({ length: classes }, (_, label) => {
    const there = truths.map((each) => each.filter((truth) => truth.label === label));
    const found = detections.map((each) => each.filter((one) => one.label === label));
    return OVERLAPS.map((least) => averagePrecision(there, found, least));
  });
  const meanOf = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  const at = (least: number) => meanOf(table.map((row) => row[OVERLAPS.indexOf(least)]));
  return { mean: meanOf(table.flat()), half: at(0.5), threeQuarters: at(0.75), byClass: table.map(meanOf) };
}

/** Of one class at one least overlap; null where there is none of it, crowds aside. */
export function averagePrecision(
  truths: readonly (readonly Truth[])[],
  detections: readonly (readonly Detection[])[],
  least: number,
): number | null {
  const wanted = truths.flat().filter(({ isCrowd }) => !isCrowd).length;
  if (wanted === 0) return null;
  const judged = truths.flatMap((there, picture) => judge(there, detections[picture] ?? [], least));
  judged.sort((a, b) => b.score - a.score);
  const [precision, recall]: [number[], number[]] = [[], []];
  let right = 0;
  for (const [i, { isRight }] of judged.entries()) {
    if (isRight) right++;
    precision.push(right / (i + 1));
    recall.push(right / wanted);
  }
  for (let i = precision.length - 2; i >= 0; i--) precision[i] = Math.max(precision[i], precision[i + 1]);
  let [sum, at] = [0, 0];
  for (const level of RECALLS) {
    while (at < recall.length && recall[at] < level) at++;
    if (at < recall.length) sum += precision[at];
  }
  return sum / RECALLS.length;
}

export interface Tally {
  /** Things that a detection found, and things that none did. */
  readonly found: number;
  readonly missed: number;
  /** Detections of nothing. */
  readonly wrong: number;
}

/** What the detections on one picture come to, of all classes, at one least overlap. */
export function tallyOf(truths: readonly Truth[], detections: readonly Detection[], least: number): Tally {
  let [found, wrong] = [0, 0];
  for (const label of new Set([...truths, ...detections].map((each) => each.label))) {
    const isOf = (each: { readonly label: number }) => each.label === label;
    for (const { isRight } of judge(truths.filter(isOf), detections.filter(isOf), least)) {
      if (isRight) found++;
      else wrong++;
    }
  }
  return { found, wrong, missed: truths.filter(({ isCrowd }) => !isCrowd).length - found };
}

interface Judged {
  readonly score: number;
  readonly isRight: boolean;
}

/** What one picture's detections are, without those that count as nothing. */
function judge(truths: readonly Truth[], detections: readonly Detection[], least: number): Judged[] {
  // Sorting keeps the order of equals.
  const there = [...truths].sort((a, b) => Number(a.isCrowd ?? false) - Number(b.isCrowd ?? false));
  const found = [...detections].sort((a, b) => b.score - a.score).slice(0, MOST_DETECTIONS);
  const taken = new Set<Truth>();
  return found.flatMap(({ box, score }): Judged[] => {
    let [best, most]: [Truth | null, number] = [null, Math.min(least, 1 - 1e-10)];
    for (const truth of there) {
      if (taken.has(truth) && !truth.isCrowd) continue;
      // Whoever has one of its own needs no crowd.
      if (best && !best.isCrowd && truth.isCrowd) break;
      const share = truth.isCrowd
        ? overlapArea(box, truth.box) / (areaOf(box) || 1)
        : overlap(box, truth.box);
      if (share < most) continue;
      [best, most] = [truth, share];
    }
    if (best?.isCrowd) return [];
    if (best) taken.add(best);
    return [{ score, isRight: best !== null }];
  });
}

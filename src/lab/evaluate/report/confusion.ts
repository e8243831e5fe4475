/** Which class is answered for which, and what follows from it class by class. */

/** Tiles by class (row) and answer (column). */
export type Confusion = readonly (readonly number[])[];

/** labels and answers: a class for each tile, both below `classes`. */
export function confusionOf(
  labels: ArrayLike<number>,
  answers: ArrayLike<number>,
  classes: number,
): Confusion {
  if (labels.length !== answers.length) throw new Error('A confusion needs an answer for each label.');
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let t = 0; t < labels.length; t++) counts[labels[t]][answers[t]]++;
  return counts;
}

/** Each row by its sum: the share of a class's tiles that got each answer, 0 … 1; null where the class has no tile. */
export const rowShares = (confusion: Confusion): (number | null)[][] =>
  confusion.map((row) => {
    const tiles = sum(row);
    return row.map((count) => ratio(count, tiles));
  });

export interface ClassFigures {
  /** Tiles of this class. */
  readonly n: number;
  /** Tiles that got this class as answer. */
  readonly answered: number;
  readonly right: number;
  /** right / answered; null where no tile was answered so. */
  readonly precision: number | null;
  /** right / n; null where there is no tile of the class. */
  readonly recall: number | null;
  /** 2·right / (n + answered), the harmonic mean of both; null where the class neither occurs nor is answered. */
  readonly f1: number | null;
}

/** Of each class. */
export const perClassOf = (confusion: Confusion): ClassFigures[] =>
  confusion.map((row, c) => {
    const n = sum(row);
    const answered = sum(confusion.map((each) => each[c]));
    const right = row[c];
    return {
      n,
      answered,
      right,
      precision: ratio(right, answered),
      recall: ratio(right, n),
      f1: ratio(2 * right, n + answered),
    };
  });

/** Means over the classes for which a figure is defined, each class counting alike; null where it is for none. */
export interface MacroFigures {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

export function macroOf(figures: readonly ClassFigures[]): MacroFigures {
  const mean = (of: (each: ClassFigures) => number | null) => {
    const defined = figures.map(of).filter((value) => value !== null);
    return ratio(sum(defined), defined.length);
  };
  return {
    precision: mean(({ precision }) => precision),
    recall: mean(({ recall }) => recall),
    f1: mean(({ f1 }) => f1),
  };
}

export interface Mistake {
  /** Indices of classes. */
  readonly truth: number;
  readonly answer: number;
  readonly tiles: number;
}

/** Pairs of classes that are taken for another, most often first; among equals in the order of the classes. */
export const mistakesOf = (confusion: Confusion): Mistake[] =>
  confusion
    .flatMap((row, truth) => row.map((tiles, answer) => ({ truth, answer, tiles })))
    .filter(({ truth, answer, tiles }) => truth !== answer && tiles > 0)
    .sort((a, b) => b.tiles - a.tiles);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

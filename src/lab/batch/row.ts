/** What is found of one picture of many, and the line of it in a CSV file. */
import Papa from 'papaparse';
import { FORMULA } from '../csv';

/**
 * What a person should look at. `unsure`: its probability is below what was set. `turns-disagree`: a turned (or mirrored) copy
 * is answered otherwise. `too-close`: its two best answers differ by less than rounding may. `resized`: it had another size.
 * `blank`: it is of one colour. `no-data`: some of its pixels have no value, and are black. `unreadable`: there is no answer.
 */
export const FLAGS = [
  ...(['unsure', 'turns-disagree', 'too-close'] as const),
  ...(['resized', 'blank', 'no-data', 'unreadable'] as const),
];
export type Flag = (typeof FLAGS)[number];

export interface AnsweredRow {
  readonly path: string;
  /** Index of the class. */
  readonly answer: number;
  /** Softmax probability of each class, upright. */
  readonly probabilities: Float64Array;
  /** Share of its copies (itself, turned, mirrored) with the same answer; one that is too close to call is not held against it. */
  readonly agreement: number;
  readonly flags: readonly Flag[];
  /** What was done to read it, as sentences without a full stop. */
  readonly note: string;
}

export interface UnreadableRow {
  readonly path: string;
  readonly answer: null;
  /** Why there is no answer. */
  readonly note: string;
  readonly flags: readonly Flag[];
}

export type BatchRow = AnsweredRow | UnreadableRow;

/** Columns before those of the classes. */
export const FIXED_COLUMNS = ['path', 'answer', 'probability', 'agreement', 'flags', 'note'] as const;

/** Digits behind the point: as many as floats of 32 bits are good for. */
const DIGITS = 6;

/** The line of names. */
export function csvHead(classes: readonly string[]): string {
  return line([...FIXED_COLUMNS, ...classes.map((name) => `p(${name})`)]);
}

/** The line of a picture: RFC 4180, text that a spreadsheet would take for a formula with an apostrophe before it. */
export function csvLine(row: BatchRow, classes: readonly string[]): string {
  const flags = row.flags.join(' ');
  if (row.answer === null) {
    return line([row.path, '', '', '', flags, row.note, ...classes.map(() => '')]);
  }
  const { answer, probabilities, agreement } = row;
  const shares = Array.from(probabilities, (p) => p.toFixed(DIGITS));
  return line([row.path, classes[answer], shares[answer], String(agreement), flags, row.note, ...shares]);
}

const line = (cells: readonly string[]): string =>
  `${Papa.unparse([[...cells]], { escapeFormulae: FORMULA })}\r\n`;

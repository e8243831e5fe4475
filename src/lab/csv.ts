/** Tables as CSV. It brings a library along: the page loads it when something is saved. */
import Papa from 'papaparse';

/**
 * Text that a spreadsheet would take for a formula: it is written with an apostrophe before it. Wider than the
 * library's own pattern, which looks at the first line only and lets blanks before the sign pass.
 */
export const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

export type Cell = string | number | boolean | null;

/** What a CSV file is written from. */
export interface CellTable {
  readonly columns: readonly string[];
  /** As many cells as columns; null stands for what there is not, and is written as nothing. */
  readonly rows: readonly (readonly Cell[])[];
  /** Where the figures come from, by names that are no columns. */
  readonly source: Readonly<Record<string, Cell>>;
}

/**
 * RFC 4180: a line of names, then one of cells for each row, quoted where needed. The source stands in every row, in
 * the last columns, so that a file says by itself where its figures come from and still is nothing but a table.
 */
export function csvOf({ columns, rows, source }: CellTable): string {
  const lines = [
    [...columns, ...Object.keys(source)],
    ...rows.map((row) => [...row, ...Object.values(source)]),
  ];
  return `${Papa.unparse(lines, { escapeFormulae: FORMULA })}\r\n`;
}

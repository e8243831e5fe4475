/** A table as text in two formats. Loaded when something is saved, not with the page. */
import Papa from 'papaparse';
import type { Table } from '../../state/page/table';

/**
 * Text that a spreadsheet would take for a formula: it is written with an apostrophe before it. Wider than the
 * library's own pattern, which looks at the first line only and lets blanks before the sign pass.
 */
export const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

/**
 * RFC 4180: a line of names, then one of cells for each row, quoted where needed. The source stands in every row, in
 * the last columns, so that a file says by itself where its figures come from and still is nothing but a table.
 */
export function csvOf({ columns, rows, source }: Table): string {
  const lines = [
    [...columns, ...Object.keys(source)],
    ...rows.map((row) => [...row, ...Object.values(source)]),
  ];
  return `${Papa.unparse(lines, { escapeFormulae: FORMULA })}\r\n`;
}

/** The table as it is, readable. */
export function jsonOf({ name, title, source, columns, rows }: Table): string {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
  const head = JSON.stringify({ name, title, source, columns }, null, 2).slice(0, -2);
  return `${head},\n  "rows": [${lines && `\n${lines}\n  `}]\n}\n`;
}

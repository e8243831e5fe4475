/** Tables in Markdown. */

type Rows = readonly (readonly string[])[];

/** All columns to the left. */
export const markdownTable = (head: readonly string[], rows: Rows): string =>
  linesOf(head, rows, () => '---').join('\n');

/** The first column to the left, figures behind it to the right. */
export const figureLines = (head: readonly string[], rows: Rows): string[] =>
  linesOf(head, rows, (column) => (column === 0 ? '---' : '---:'));

/** Signs that would end a cell are escaped; all else stands as given. */
function linesOf(head: readonly string[], rows: Rows, rule: (column: number) => string): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map((_, column) => rule(column))), ...rows.map(line)];
}

/** A table as text in two formats. Loaded when something is saved, not with the page. */
import type { Table } from '../../state/page/table';

export { csvOf } from '../../lab/csv';

/** The table as it is, readable. */
export function jsonOf({ name, title, source, columns, rows }: Table): string {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
  const head = JSON.stringify({ name, title, source, columns }, null, 2).slice(0, -2);
  return `${head},\n  "rows": [${lines && `\n${lines}\n  `}]\n}\n`;
}

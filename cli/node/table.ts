/** Figures on a terminal. */
import type { Cost } from '../../src/lab/evaluate/cost';
import { plain } from '../../src/lab/plain';

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Rows of cells as aligned columns: the first to the left, the others to the right. */
export function columns(given: readonly (readonly (string | number)[])[]): string[] {
  const rows = given.map((row) => row.map((cell) => plain(String(cell))));
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd(),
  );
}

/** What a network takes: in the lab's own file, and in the exported one. */
type Sizes = Pick<Cost, 'bytes'> & Partial<Pick<Cost, 'exported'>>;

/** Two rows of bytes: a column for each network. */
export const sizeRows = (...networks: readonly Sizes[]): (string | number)[][] => [
  ['bytes stored here', ...networks.map(({ bytes }) => bytes)],
  ['bytes exported', ...networks.map(exportedCell)],
];

export const exportedCell = ({ exported }: Pick<Sizes, 'exported'>): string | number => exported ?? '–';

/** The same of one network in words. */
export const sizeWords = ({ bytes, exported }: Sizes): string =>
  typeof exported === 'number'
    ? `${bytes} bytes stored here, ${exported} exported`
    : `${bytes} bytes stored here, no exported form`;

/** Figures on a terminal. */

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Rows of cells as aligned columns: the first to the left, the others to the right. */
export function columns(rows: readonly (readonly (string | number)[])[]): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i])))
      .join('  ')
      .trimEnd(),
  );
}

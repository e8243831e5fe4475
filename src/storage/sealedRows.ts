/**
 * Rows with seals (lab/stage/seal.ts) that can be had again where they are damaged: made anew, measured again, or left out.
 * Rows of before there were seals have none and are taken as they are.
 */
import { unsealed } from '../lab/stage/seal';

/** A row without its seal; null where it is damaged. */
export function rowIn<Row>(found: unknown): Row | null {
  const row = unsealed(found)?.value;
  return row && Object.keys(row).length > 0 ? (row as Row) : null;
}

/** The rows that are what was written, and the keys of the others. */
export function rowsIn<Row>(
  keys: readonly string[],
  values: readonly unknown[],
): { readonly rows: Row[]; readonly damaged: string[] } {
  const all = values.map((value) => rowIn<Row>(value));
  return {
    rows: all.flatMap((row) => (row === null ? [] : [row])),
    damaged: keys.filter((_, at) => all[at] === null),
  };
}

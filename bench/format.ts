/** How figures are written, and the little arithmetic on lists of them. */

/** Where a part of the bench writes its lines. */
export type Say = (lines: readonly string[]) => void;

export const rate = (value: number | null): string =>
  value === null ? 'cannot' : value >= 10 ? value.toFixed(0) : value.toFixed(1);

/** Bytes in kB of a thousand. */
export const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(0);

/** The middle value; the upper one of two. NaN of none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** From raw values of any range to bytes. */

import type { Band } from '../raster';

export { sentinel2Byte } from '../bands';

/** The range of the values that count; null when none does. */
export function rangeOf(
  bands: readonly Pick<Band, 'values' | 'known'>[],
): { readonly least: number; readonly greatest: number } | null {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const { values, known } of bands) {
    for (let i = 0; i < values.length; i++) {
      if (known && !known[i]) continue;
      const value = values[i];
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  }
  return least <= greatest ? { least, greatest } : null;
}

/** A value between `least` (0) and `greatest` (255), rounded half up; a range of one value is black. */
export function rangeByte(value: number, least: number, greatest: number): number {
  // Halved first: the span of two doubles may be more than a double holds, or so little that its half is none.
  const span = greatest / 2 - least / 2;
  if (!(span > 0)) return 0;
  const share = (value / 2 - least / 2) / span;
  return Math.min(255, Math.max(0, Math.floor(255 * share + 0.5)));
}

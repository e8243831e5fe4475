/** What page and command line both say of a map. */
import type { marginsOf } from '../pictures/cut';

/** Pixels that no cell covers: "a margin of 4 pixels left, 5 right and 3 below"; null where there are none. */
export function marginWords({ left, right, top, bottom }: ReturnType<typeof marginsOf>): string | null {
  const sides = [
    [left, 'left'],
    [right, 'right'],
    [top, 'above'],
    [bottom, 'below'],
  ] as const;
  const there = sides.filter(([pixels]) => pixels > 0);
  if (there.length === 0) return null;
  const parts = there.map(([pixels, side], i) =>
    i > 0 ? `${pixels} ${side}` : `${pixels} ${pixels === 1 ? 'pixel' : 'pixels'} ${side}`,
  );
  const last = parts.pop();
  return `a margin of ${parts.length > 0 ? `${parts.join(', ')} and ` : ''}${last}`;
}

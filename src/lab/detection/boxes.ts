/** Boxes on square pictures: edges in pixels from the upper left corner, sides along the picture's. Turned exactly. */
import type { Element } from '../symmetry/group';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Something that is there, and where. */
export interface Truth {
  readonly box: Box;
  readonly label: number;
  /** Many of them in one box: finding them is neither right nor wrong. */
  readonly isCrowd?: boolean;
}

export interface Detection {
  readonly box: Box;
  readonly label: number;
  /** 0 … 1 */
  readonly score: number;
}

export const areaOf = ({ left, top, right, bottom }: Box): number =>
  Math.max(0, right - left) * Math.max(0, bottom - top);

export function overlapArea(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union; 0 of boxes without an area. */
export function overlap(a: Box, b: Box): number {
  const both = overlapArea(a, b);
  return both === 0 ? 0 : both / (areaOf(a) + areaOf(b) - both);
}

/** g·box on a picture of size × size: where what it holds is when the picture is turned (symmetry/turn.ts). */
export function turnBox(box: Box, size: number, { turns, mirror }: Element): Box {
  let { left, top, right, bottom } = box;
  if (mirror) [left, right] = [size - right, size - left];
  for (let t = 0; t < turns; t++) [left, top, right, bottom] = [top, size - right, bottom, size - left];
  return { left, top, right, bottom };
}

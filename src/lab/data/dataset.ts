/**
 * A dataset is a plain value: all tiles decoded once into one compact array, with labels and stable keys.
 * Readers make one, splits name parts of it, stages read it. Nothing here touches the network or a disk.
 */

import type { Bands } from '../pictures/bands';

export interface Dataset {
  /** Short identifier: `synthetic`, `eurosat`, a folder's name. */
  readonly name: string;
  /** What to call it on a page or in a report. */
  readonly title: string;
  /** True when the tiles were made by code; everything that shows figures must say so. */
  readonly synthetic: boolean;
  readonly classes: readonly string[];
  /** Tiles are square: height = width = size. */
  readonly size: number;
  readonly channels: number;
  /** Which of its files' bands each channel is; absent: colours, or grey. */
  readonly bands?: Bands | undefined;
  /** Metres along a pixel, where the files say so. */
  readonly metres?: number | undefined;
  readonly count: number;
  /** count × size × size × channels, NHWC, 0 … 255. */
  readonly pixels: Uint8Array;
  /** Class index of each tile. */
  readonly labels: Uint8Array;
  /** A stable name for each tile (`River/River_12.jpg`), so that a split can be listed and checked. */
  readonly keys: readonly string[];
}

export type SplitName = 'train' | 'val' | 'test';

/** Indices into a dataset; disjoint, together every tile unless limited (limit.ts). */
export interface Splits {
  readonly seed: number;
  readonly fractions: { readonly train: number; readonly val: number; readonly test: number };
  readonly train: Uint32Array;
  readonly val: Uint32Array;
  readonly test: Uint32Array;
}

import type { BandWish } from '../../pictures/bands';
import type { Resize } from '../../pictures/resize';

/** One file of a folder, a zip or a drop: readers see nothing else, so they run in a page and in Node alike. */
export interface Entry {
  /** Path from the top of the source, with `/`; a directory's ends with `/`. */
  readonly path: string;
  /** The whole file. Called at most once, in the reader's own order. */
  bytes(): Promise<Uint8Array>;
  /** The same bytes piece by piece, where the host has that; called instead of bytes(), for archives. */
  stream?(): ReadableStream<Uint8Array>;
  /** Why it cannot be read, where that is known beforehand; bytes() throws it as `BadInput`. */
  readonly problem?: string;
}

export type Entries = Iterable<Entry> | AsyncIterable<Entry>;

/** How far a reader is, in pictures. */
export interface ReadProgress {
  readonly done: number;
  readonly total: number;
}

/** What a reader knows once the first picture is decoded. */
export interface TileShape {
  readonly count: number;
  /** Side of a tile, in pixels. */
  readonly size: number;
  readonly channels: number;
}

/** Of the folders above a picture: the topmost that differs among the pictures, or the one that it lies in. */
export const CLASS_LEVELS = ['topmost', 'innermost'] as const;
export type ClassLevel = (typeof CLASS_LEVELS)[number];

export interface ReadOptions {
  /** Which bands of GeoTIFFs are kept; absent: the colours of every picture. */
  readonly bands?: BandWish | undefined;
  /** Which folders of pictures are their classes; absent: the topmost. */
  readonly classes?: ClassLevel | undefined;
  /** Called and awaited after the first picture, before room for all is taken; what it throws ends the reading. */
  readonly onShape?: (shape: TileShape) => void | Promise<void>;
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Called with a sentence for each thing that was understood, changed or passed over on the way. */
  readonly onNote?: (sentence: string) => void;
  /** Scale every picture to this side, in pixels; without it, pictures of different sizes are refused. */
  readonly scale?: number;
  /** With `scale`: how pictures that are no square become one; without it they are refused. */
  readonly resize?: Resize | undefined;
  readonly signal?: AbortSignal;
}

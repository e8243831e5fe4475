import type { BandWish } from '../../pictures/bands';

/** One file of a folder, a zip or a drop: readers see nothing else, so they run in a page and in Node alike. */
export interface Entry {
  /** Path from the top of the source, with `/`; a directory's ends with `/`. */
  readonly path: string;
  /** The whole file. Called at most once, in the reader's own order. */
  bytes(): Promise<Uint8Array>;
  /** The same bytes piece by piece, where the host has that; called instead of bytes(), for archives. */
  stream?(): ReadableStream<Uint8Array>;
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

export interface ReadOptions {
  /** Which bands of GeoTIFFs are kept; absent: the colours of every picture. */
  readonly bands?: BandWish | undefined;
  /** Called and awaited after the first picture, before room for all is taken; what it throws ends the reading. */
  readonly onShape?: (shape: TileShape) => void | Promise<void>;
  readonly onProgress?: (progress: ReadProgress) => void;
  readonly signal?: AbortSignal;
}

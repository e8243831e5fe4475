/**
 * A raster file as values, before anyone decides how it looks: its samples as they are stored, in their own precision,
 * and which of them say that there is nothing. `openRaster` (tiff/rasterFile.ts) makes one; `decodeTiff` shows it.
 */
import type { Georeference } from './georeference';

/** Values of 64 bits are given as doubles, like every number of JavaScript; whether there is one is told before. */
export type Samples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** One band, row after row from the top left. */
export interface Band {
  readonly values: Samples;
  /** 1 where there is a value, 0 where the no-data value, no number or an infinity stands; null where all have one. */
  readonly known: Uint8Array | null;
}

export interface RasterFile {
  readonly width: number;
  readonly height: number;
  /** How many there are, alpha included. */
  readonly bands: number;
  readonly bits: number;
  readonly format: 'unsigned' | 'signed' | 'float';
  /** TIFF's number: 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 6 YCbCr (which is read as RGB). */
  readonly colours: number;
  /** All reds, then greens, then blues, of 16 bits each; null without a palette. */
  readonly palette: ArrayLike<number> | null;
  /** The band that says how opaque a pixel is, from 0; null where there is none. */
  readonly alpha: number | null;
  readonly georeference: Georeference | null;
  /** What of its place could not be kept, as sentences without a full stop; mostly nothing. */
  readonly placeNotes: readonly string[];
  /**
   * Some of the bands, in the order asked for. Only blocks that hold them are unpacked.
   *
   * @throws BadInput when a block is broken.
   */
  read(bands: readonly number[]): Promise<Band[]>;
  /** The mask that lies beside the picture in its file: 1 where it counts, 0 where it does not; null without one. */
  mask(): Promise<Uint8Array | null>;
}

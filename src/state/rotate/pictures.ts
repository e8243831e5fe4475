/**
 * The pictures on the Rotate view: brought by the reader, painted as samples, or out of a kept data set. Of each a
 * thumbnail is kept and where to get it again; pixels only of the one that is shown.
 */
import { create } from 'zustand';
import { CELL, type Grid, gridOf, MAX_CELLS } from '../../lab/pictures/cut';
import type { Picture } from '../../lab/pictures/picture';
import type { Preview } from '../../lab/pictures/preview';
import type { DatasetFacts } from '../../storage/rows';
import type { Given } from '../data/dropped';
import type { SampleId } from './samples';

export interface BroughtPicture {
  readonly id: string;
  readonly name: string;
  /** A sample by its name; null for what the reader brought. */
  readonly sample: SampleId | null;
  /** Painted by code. */
  readonly synthetic: boolean;
  /** The kept data set it is a tile of; null for any other picture. */
  readonly dataset: Pick<DatasetFacts, 'id' | 'title' | 'classes'> | null;
  readonly width: number;
  readonly height: number;
  readonly notes: readonly string[];
  readonly thumbnail: Preview;
  readonly source: File | Picture;
  /** Texts that came with it and say where it lies, by their paths. */
  readonly beside?: ReadonlyMap<string, string>;
}

/** The picture that is looked at, with its pixels. */
export interface ShownPicture {
  readonly brought: BroughtPicture;
  readonly picture: Picture;
  readonly preview: Preview;
}

export interface RefusedPicture {
  readonly name: string;
  readonly problem: string;
}

export interface PicturesState {
  readonly pictures: readonly BroughtPicture[];
  readonly refused: readonly RefusedPicture[];
  /** What is being read. */
  readonly reading: { readonly what: string; readonly done: number; readonly total: number | null } | null;
  /** The id of the one that was asked for last; `shown` follows. */
  readonly asked: string | null;
  readonly shown: ShownPicture | null;
  /** What was given, where its folders may be classes: it can become a data set. */
  readonly labelled: Given | null;
}

export const usePictures = create<PicturesState>()(() => ({
  pictures: [],
  refused: [],
  reading: null,
  asked: null,
  shown: null,
  labelled: null,
}));

/** Whether a picture holds more than one cell: then it is a scene, and has a map. */
export function isScene({ width, height }: Size): boolean {
  if (Math.min(width, height) < CELL) return false;
  const { columns, rows } = gridOf({ width, height }, 'it');
  return columns * rows > 1;
}

/** How a scene is to be cut: the side of a cell in pixels, and how much of one the next covers, in per cent. */
export interface Cutting {
  readonly cell: number;
  readonly overlap: number;
}

/** The cells of a scene: of a small one no larger than it is, of a large one no more than are mapped. */
export function sceneGrid({ width, height }: Size, name: string, { cell, overlap }: Cutting): Grid {
  const side = Math.min(cell, width, height);
  const least = Math.ceil(Math.sqrt((width * height) / MAX_CELLS));
  const stride = Math.min(side, Math.max(least, 1, Math.round(side * (1 - overlap / 100))));
  return gridOf({ width, height }, name, side, stride);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

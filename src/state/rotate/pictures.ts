/**
 * The pictures on the Rotate view: brought by the reader, painted as samples, or out of a kept data set. Of each a
 * thumbnail is kept and where to get it again; pixels only of the one that is shown.
 */
import { create } from 'zustand';
import { CELL, type Grid, gridOf } from '../../lab/pictures/cut';
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
export function isScene({ width, height }: { width: number; height: number }): boolean {
  if (Math.min(width, height) < CELL) return false;
  const { columns, rows } = gridOf({ width, height }, 'it');
  return columns * rows > 1;
}

/** The cells of a scene; `overlap`: how much of one the next covers, in per cent. */
export function sceneGrid(
  size: { readonly width: number; readonly height: number },
  name: string,
  overlap: number,
): Grid {
  return gridOf(size, name, CELL, strideOf(overlap));
}

/** Pixels from one cell to the next. */
export const strideOf = (overlap: number): number => Math.round(CELL * (1 - overlap / 100));

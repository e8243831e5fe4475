/** The data sets kept in this browser, and the one that is being read or downloaded. */
import { create } from 'zustand';
import type { ClassLevel } from '../../lab/data/readers/entry';
import type { Resize } from '../../lab/pictures/resize';
import { type DatasetRow, type Room, SYNTHETIC } from '../../storage/rows';
import type { Pace } from '../page/jobPace';
import type { Progress } from '../page/lab';
import type { Given } from './dropped';

/** A data set being read or downloaded. */
export interface Import {
  /** null until a dropped folder was walked. */
  readonly name: string | null;
  readonly progress: Progress | null;
  readonly pace: Pace | null;
  readonly cancellable: boolean;
  /** What happened on the way although it goes on. */
  readonly note: string | null;
}

export interface DatasetsState {
  /** The newest first; null until they are read. */
  readonly rows: readonly DatasetRow[] | null;
  /** The one that is looked at. */
  readonly shown: string;
  /** The side that every picture is to be scaled to, in pixels; null: as they are, all of one size. */
  readonly scale: number | null;
  /** How those that are no square become one where all are scaled; null: they are refused. */
  readonly resize: Resize | null;
  /** Named like a kept one: to be asked about. */
  readonly clashing: Given | null;
  readonly running: Import | null;
  /** What is kept of GeoTIFFs with more bands than colours. */
  readonly bands: 'rgb' | 'all';
  /** Which folders of pictures are their classes. */
  readonly classes: ClassLevel;
  /** What happened, what was kept, what to do. */
  readonly trouble: string | null;
  /** The last good news. */
  readonly notice: string | null;
  readonly room: Room | null;
  /** Bytes of downloads that are not complete, by the name of the published set. */
  readonly parts: Readonly<Record<string, number>>;
  /** Whether the browser promised not to clear what is kept; null until it was asked. */
  readonly lasting: boolean | null;
}

export const useDatasets = create<DatasetsState>()(() => ({
  rows: null,
  shown: SYNTHETIC,
  scale: null,
  resize: null,
  clashing: null,
  running: null,
  bands: 'rgb',
  classes: 'topmost',
  trouble: null,
  notice: null,
  room: null,
  parts: {},
  lasting: null,
}));

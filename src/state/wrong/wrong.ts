/** What a person looks at of where networks are wrong: which network beside which, on which tiles, and what is known of each. */
import { create } from 'zustand';
import { REPORT_PARTS, type Reported, type ReportPart } from '../../worker/protocol/choices';
import type { PartReport } from '../../worker/protocol/results';
import type { Progress } from '../page/lab';

/** The place of what is on the bench; that of a run is its id. */
export const BENCH = 'bench';

/** A network that can be looked at. */
export interface WrongStep {
  /** Tells it from the others of a subject. */
  readonly id: string;
  /** In a word or two. */
  readonly name: string;
  /** Within a sentence. */
  readonly words: string;
  /** What its file is called where it is saved: the report says that it is of this. */
  readonly file: string;
  readonly of: Reported;
  /** Of one pruned on the bench: all that it depends on beside that. */
  readonly made?: string;
  /** Of another run on the same tiles: something to hold others against, and looked at elsewhere. */
  readonly isBeside?: boolean;
}

/** Networks on the same tiles, in the order in which one came from the other. */
export interface WrongSubject {
  /** Changes with any of its networks. */
  readonly key: string;
  /** Where it is shown. */
  readonly place: string;
  /** What it is of, in words. */
  readonly title: string;
  readonly steps: readonly WrongStep[];
  /** The step that is looked at first. */
  readonly first: string;
}

export type Known =
  | { readonly status: 'measuring'; readonly progress: Progress | null }
  | { readonly status: 'done'; readonly result: PartReport }
  | { readonly status: 'failed'; readonly message: string }
  | { readonly status: 'stopped' };

export const LISTS = ['wrong', 'unsure', 'lost', 'gained', 'cell'] as const;
export type List = (typeof LISTS)[number];

/** A class, and what it was answered as: indices. */
export interface Cell {
  readonly truth: number;
  readonly answer: number;
}

export interface Looked {
  readonly subject: WrongSubject;
  /** A step, and the one that it is held against. */
  readonly shown: string;
  readonly before: string | null;
  readonly part: ReportPart;
  /** Below this probability of its answer a tile counts as unsure. */
  readonly unsureBelow: number;
  readonly list: List;
  readonly cell: Cell | null;
  /** By `knownKey`. */
  readonly known: Readonly<Record<string, Known>>;
}

/** One subject at a time: reports of thousands of tiles are large. */
export const useWrong = create<{
  readonly looked: Looked | null;
  /** What the address says of a subject that nobody has looked at yet: the part of its tiles. */
  readonly wanted: ReportPart | null;
}>()(() => ({ looked: null, wanted: null }));

/** The tiles on which the network on the bench is looked at, or shall be; null where it is not. */
export function benchPart(): ReportPart | null {
  const { looked, wanted } = useWrong.getState();
  return wanted ?? (looked?.subject.place === BENCH ? looked.part : null);
}

/** As the address writes it; null for none. */
export const partFrom = (text: string | undefined): ReportPart | null =>
  REPORT_PARTS.find((part) => part === text) ?? null;

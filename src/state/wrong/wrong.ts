/** What a person looks at of where networks are wrong: which network beside which, on which tiles, and what is known of each. */
import { create } from 'zustand';
import {
  type PartReport,
  REPORT_PARTS,
  type Reported,
  type ReportPart,
} from '../../worker/protocol/protocol';
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

export const knownKey = (step: string, part: ReportPart): string => `${part} ${step}`;

/** What is known of a step on the part that is looked at. */
export const knownOf = (
  { known, part }: Pick<Looked, 'known' | 'part'>,
  step: string | null,
): Known | undefined => (step === null ? undefined : known[knownKey(step, part)]);

/** The report of a step on the part that is looked at, where it is there. */
export function resultOf(looked: Pick<Looked, 'known' | 'part'>, step: string | null): PartReport | null {
  const known = knownOf(looked, step);
  return known?.status === 'done' ? known.result : null;
}

/** How a subject is looked at first: what it came to, beside what it came from. */
export const lookedFirst = (
  subject: WrongSubject,
  part: ReportPart = 'val',
  known: Looked['known'] = {},
): Looked => ({
  ...{ subject, part, shown: subject.first, before: besideFor(subject, subject.first) },
  ...{ list: 'wrong', cell: null, known },
});

/** What is known of networks of the bench that are among those of a later look too; of another place nothing. */
export function stillKnown(looked: Looked | null, { place, steps }: WrongSubject): Looked['known'] {
  if (looked?.subject.place !== BENCH || place !== BENCH) return {};
  const was = new Map(looked.subject.steps.map(({ id, of }) => [id, JSON.stringify(of)]));
  const same = steps.filter(({ id, of }) => was.get(id) === JSON.stringify(of)).map(({ id }) => id);
  const keys = REPORT_PARTS.flatMap((part) => same.map((id) => knownKey(id, part)));
  return Object.fromEntries(
    Object.entries(looked.known).filter(([key, { status }]) => status === 'done' && keys.includes(key)),
  );
}

/** What a step is held against unless something else is chosen: the first of all, where it is another. */
const besideFor = ({ steps: [{ id }] }: WrongSubject, step: string): string | null =>
  id === step ? null : id;

/** What is not known yet and is to be asked for next; null where all is there, or could not be measured. */
export function missing({
  subject,
  shown,
  before,
  part,
  known,
}: Pick<Looked, 'subject' | 'shown' | 'before' | 'part' | 'known'>): WrongStep | null {
  const wanted = [shown, before].filter((id) => id !== null && !known[knownKey(id, part)]);
  return subject.steps.find(({ id }) => id === wanted[0]) ?? null;
}

const change = (changes: (looked: Looked) => Partial<Looked>): void =>
  useWrong.setState(({ looked }) => ({ looked: looked && { ...looked, ...changes(looked) } }));

export const chooseStep = (shown: string): void =>
  change(({ subject, before }) => ({
    shown,
    before: before === shown || before === null ? besideFor(subject, shown) : before,
    ...UNCHOSEN,
  }));

export const chooseBefore = (before: string | null): void => change(() => ({ before, ...UNCHOSEN }));

export const choosePart = (part: ReportPart): void => change(() => ({ part, ...UNCHOSEN }));

/** Tiles of another network or part are others. */
const UNCHOSEN = { list: 'wrong', cell: null } as const;

export const chooseList = (list: List): void => change(() => ({ list }));

/** Shows the tiles of a cell. */
export const chooseCell = (cell: Cell): void => change(() => ({ cell, list: 'cell' }));

/** Puts what became of a measurement, where its subject is still looked at. */
export const putKnown = (subject: WrongSubject, key: string, value: Known | null): void =>
  change((looked) => {
    if (looked.subject !== subject) return {};
    const { [key]: _, ...rest } = looked.known;
    return { known: value ? { ...rest, [key]: value } : rest };
  });

/** The tiles on which the network on the bench is looked at, or shall be; null where it is not. */
export function benchPart(): ReportPart | null {
  const { looked, wanted } = useWrong.getState();
  return wanted ?? (looked?.subject.place === BENCH ? looked.part : null);
}

/** As the address writes it; null for none. */
export const partFrom = (text: string | undefined): ReportPart | null =>
  REPORT_PARTS.find((part) => part === text) ?? null;

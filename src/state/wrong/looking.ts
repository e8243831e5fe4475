/** What can be chosen of a look, what is known of it, and what is to be asked for next. */
import { UNSURE } from '../../lab/evaluate/unsure';
import { REPORT_PARTS, type ReportPart } from '../../worker/protocol/choices';
import type { PartReport } from '../../worker/protocol/results';
import {
  BENCH,
  type Cell,
  type Known,
  type List,
  type Looked,
  useWrong,
  type WrongStep,
  type WrongSubject,
} from './wrong';

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
  ...{ list: 'wrong', cell: null, unsureBelow: UNSURE, known },
});

/** What is known of networks of the bench that are among those of a later look too; of another place nothing. */
export function stillKnown(looked: Looked | null, { place, steps }: WrongSubject): Looked['known'] {
  if (looked?.subject.place !== BENCH || place !== BENCH) return {};
  const nameOf = ({ of, made }: WrongStep) => JSON.stringify([of, made]);
  const was = new Map(looked.subject.steps.map((step) => [step.id, nameOf(step)]));
  const same = steps.filter((step) => was.get(step.id) === nameOf(step)).map(({ id }) => id);
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

export const chooseUnsure = (unsureBelow: number): void => change(() => ({ unsureBelow }));

/** Shows the tiles of a cell. */
export const chooseCell = (cell: Cell): void => change(() => ({ cell, list: 'cell' }));

/** Puts what became of a measurement, where its subject is still looked at. */
export const putKnown = (subject: WrongSubject, key: string, value: Known | null): void =>
  change((looked) => {
    if (looked.subject !== subject) return {};
    const { [key]: _, ...rest } = looked.known;
    return { known: value ? { ...rest, [key]: value } : rest };
  });

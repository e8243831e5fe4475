/** How the page shows itself: what a teacher hides, and how large it is. In the address bar's query. */
import { create } from 'zustand';

/** Parts of the page that can be hidden, with the words for the menu. */
export const PARTS = {
  views: 'The other views',
  model: 'Choice of the network',
  methods: 'Other methods',
  compensation: 'Compensation',
  tiles: 'The dozen tiles',
  strip: 'Strip of neurons',
  numbers: 'Before and after',
  finetuning: 'Fine-tuning',
  rotation: 'Turn the tiles',
  wrong: 'Where it is wrong',
  tile: 'A tile of your own',
  engine: 'Compute engine',
} as const;
export type Part = keyof typeof PARTS;
export const PART_NAMES = Object.keys(PARTS) as Part[];

export const SIZES = ['normal', 'projector'] as const;
export type Size = (typeof SIZES)[number];

export interface Flags {
  readonly hidden: ReadonlySet<Part>;
  readonly size: Size;
}

/** What an open lesson asks of the page: parts it needs are shown; `alone`, for a class, nothing else is, and large. */
export interface LessonNeeds {
  readonly parts: readonly Part[];
  readonly alone: boolean;
  /** What would give an answer away: parts of the page, or the whole view. */
  readonly covers: Covers;
}

export type Covers = readonly Part[] | 'view';

export interface FlagsState extends Flags {
  /** No part of the address: the lesson is. */
  readonly wanted: LessonNeeds | null;
}

export const useFlags = create<FlagsState>()(() => ({ hidden: new Set(), size: 'normal', wanted: null }));

export function isHidden({ hidden, wanted }: Pick<FlagsState, 'hidden' | 'wanted'>, part: Part): boolean {
  if (wanted && wanted.covers !== 'view' && wanted.covers.includes(part)) return true;
  if (wanted?.parts.includes(part)) return false;
  return wanted?.alone || hidden.has(part);
}

export const useIsHidden = (part: Part): boolean => useFlags((flags) => isHidden(flags, part));

export const sizeShown = ({ size, wanted }: Pick<FlagsState, 'size' | 'wanted'>): Size =>
  wanted?.alone ? 'projector' : size;

export function toggleHidden(part: Part): void {
  useFlags.setState(({ hidden }) => {
    const next = new Set(hidden);
    if (!next.delete(part)) next.add(part);
    return { hidden: next };
  });
}

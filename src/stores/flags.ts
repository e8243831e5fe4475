/** How the page shows itself: what a teacher hides, and how large it is. In the address bar's query. */
import { create } from 'zustand';

/** Parts of the page that can be hidden, with the words for the menu. */
export const PARTS = {
  views: 'Train, Pipeline and Data',
  model: 'Choice of the network',
  methods: 'Other methods',
  compensation: 'Compensation',
  strip: 'Strip of neurons',
  numbers: 'Before and after',
  finetuning: 'Fine-tuning',
  rotation: 'Turn the tiles',
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

export const useFlags = create<Flags>()(() => ({ hidden: new Set(), size: 'normal' }));

export const useIsHidden = (part: Part): boolean => useFlags(({ hidden }) => hidden.has(part));

export function toggleHidden(part: Part): void {
  useFlags.setState(({ hidden }) => {
    const next = new Set(hidden);
    if (!next.delete(part)) next.add(part);
    return { hidden: next };
  });
}

/** Where the opening of networks stands: which steps it has taken, and whether it stands still. */
import { create } from 'zustand';

export interface OpeningStep {
  readonly what: string;
  /** In milliseconds since the page began to load. */
  readonly at: number;
}

export interface OpeningState {
  /** Of this opening, or of the latest; the last one is being taken until the networks are there. */
  readonly steps: readonly OpeningStep[];
  /** Nothing has moved for long. */
  readonly stands: boolean;
}

export const useOpening = create<OpeningState>()(() => ({ steps: [], stands: false }));

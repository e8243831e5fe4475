/** What became of this browser's storage while the page was open. */
import { create } from 'zustand';

/** How much of each kind is kept. */
export interface KeptCounts {
  readonly runs: number;
  readonly datasets: number;
  readonly networks: number;
  readonly points: number;
}

export interface LibraryState {
  /** It was deleted under the page: what was in it then. null: it was not. */
  readonly lost: KeptCounts | null;
}

export const useLibrary = create<LibraryState>()(() => ({ lost: null }));

/** Two networks that are held beside each other: which, what their layers are, and how fast they answered here. */
import { create } from 'zustand';
import type { NetworkDiff } from '../../lab/evaluate/layerDiff';
import type { TimedHere } from '../../worker/protocol/results';
import type { Progress } from './lab';

/** A network by its file, which is loaded when it is needed. */
export interface NetworkFile {
  readonly name: string;
  load(): Promise<Uint8Array>;
}

export type LayersState =
  | { readonly status: 'reading' }
  | { readonly status: 'done'; readonly diff: NetworkDiff }
  | { readonly status: 'failed'; readonly message: string };

export type PaceState =
  | { readonly status: 'none' }
  | { readonly status: 'timing'; readonly progress: Progress | null }
  | { readonly status: 'done'; readonly timed: TimedHere; readonly memory: Memory }
  | { readonly status: 'failed'; readonly message: string };

/** Bytes that page and workers hold together; `asked`: the browser counts; `untold`: it has no such figure. */
export type Memory = number | 'asked' | 'untold';

interface Compare {
  readonly isOpen: boolean;
  /** null: none was chosen, and the other one stands alone. */
  readonly before: NetworkFile | null;
  readonly after: NetworkFile | null;
  readonly layers: LayersState;
  readonly pace: PaceState;
}

export const useCompare = create<Compare>()(() => ({
  isOpen: false,
  before: null,
  after: null,
  layers: { status: 'reading' },
  pace: { status: 'none' },
}));

/** Opens the dialog for two networks, or for one that has no other yet. */
export const openCompare = (before: NetworkFile | null, after: NetworkFile): void =>
  useCompare.setState({ isOpen: true, ...fresh(before, after) });

/** Another one takes the place of one of them. */
export const chooseNetwork = (side: 'before' | 'after', network: NetworkFile): void =>
  useCompare.setState(({ before, after }) => {
    const chosen = { before, after, [side]: network };
    return fresh(chosen.before, chosen.after);
  });

/** What was after is before. */
export const swapNetworks = (): void =>
  useCompare.setState(({ before, after }) => (before ? fresh(after, before) : {}));

export const closeCompare = (): void => useCompare.setState({ isOpen: false });

const fresh = (before: NetworkFile | null, after: NetworkFile | null) => ({
  ...{ before, after },
  layers: { status: 'reading' } as const,
  pace: { status: 'none' } as const,
});

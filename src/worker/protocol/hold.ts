/**
 * Where the tests in a browser have jobs wait, so that what a walk does in the midst of one hangs on no machine's speed.
 * In the page for tests alone: page and workers tell each other on a channel of its own.
 */
import type { JobEvent } from './results';

/**
 * A job waits after an event of this type from there on: from that epoch, from so much done of its progress, else from the
 * n-th of that type. `stage`: only within this kind of stage of a recipe.
 */
export interface Hold {
  readonly after: JobEvent['type'];
  readonly from: number;
  readonly stage?: string;
}

/** A worker asks for the hold; a page tells it, and every change. */
export type HoldMessage = 'ask' | { readonly hold: Hold | null };

export const HOLDS = 'orbit-lab-holds';

/**
 * The opening: three screens for who was never here and opened the bare address; a link goes straight to what it names. It
 * is told on one validation tile. Which one was found by looking: the plain network changes its mind on it, clearly, and the
 * other does not (`story.test.ts` holds the networks beside the page to that). What is said is what they answer here.
 */
import { create } from 'zustand';
import { keep, recall } from '../page/kept';

/** The tile: in the first pair's data set, and how it is painted. It is among the first tiles that are run. */
export const STORY_TILE = { tile: 377, label: 3, index: 17 } as const;

/** The quarter turn that it is shown at. */
export const STORY_TURN = 1;

export const SCREENS = ['turn', 'prune', 'recover'] as const;
export type Screen = (typeof SCREENS)[number];

const KEY = 'orbit-lab opening seen';

/** Whether an address and what this browser remembers are those of somebody who was never here. */
export function isFirstTime(
  { search, hash }: { readonly search: string; readonly hash: string },
  remembered: readonly string[],
): boolean {
  return search === '' && hash === '' && !remembered.some((key) => key.startsWith('orbit-lab'));
}

function remembered(): string[] {
  if (recall(KEY) === true) return [KEY];
  try {
    return Object.keys(globalThis.localStorage);
  } catch {
    // Nobody could ever say that they have seen it.
    return [KEY];
  }
}

export const useStory = create<{ readonly screen: Screen | null }>()(() => ({
  screen: globalThis.location && isFirstTime(globalThis.location, remembered()) ? 'turn' : null,
}));

/** On to a screen; whoever got this far has seen it. */
export function showScreen(screen: Screen): void {
  keep(KEY, true);
  useStory.setState({ screen });
}

/** Over, for ever. */
export function endStory(): void {
  keep(KEY, true);
  useStory.setState({ screen: null });
}

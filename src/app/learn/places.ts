/** Where the steps of a lesson happen: the part of the Prune view or the board above it, and the control in it. */
import type { Place } from '../../state/learn/lessons/lesson';
import { LESSON_BOARD } from '../../state/page/lesson';

interface Spot {
  readonly region: string;
  readonly control: string;
  /** In a sentence. */
  readonly name: string;
  /** What came of it, where that is only a part of the region. */
  readonly result?: string;
}

export const SPOTS: Readonly<Record<Place, Spot>> = {
  slider: {
    region: '[aria-labelledby=prune-title]',
    control: '[role=slider][aria-label="Hidden neurons removed"]',
    name: 'the slider',
  },
  strip: {
    region: '[aria-label=Neurons]',
    control: '[role=slider][aria-label="Neuron to look at"]',
    name: 'the strip',
  },
  finetuning: {
    region: '[aria-labelledby=finetune-title]',
    control: '[aria-labelledby=finetune-title] :is(button, input:checked)',
    name: 'fine-tuning',
  },
  rotation: {
    region: '[aria-labelledby=rotation-title]',
    control: '[aria-labelledby=rotation-title] button',
    name: 'the turns',
  },
  board: {
    region: `#${LESSON_BOARD} > *`,
    control: `#${LESSON_BOARD} :is(button, [role=slider])`,
    name: 'the picture',
    result: `#${LESSON_BOARD} [data-result]`,
  },
  tile: {
    region: '[aria-labelledby=tile-title]',
    control: '[aria-labelledby=tile-title] button',
    name: 'the tile',
    result: '[data-testid=tile-answers]',
  },
  orbit: {
    region: '[aria-labelledby=orbit-title]',
    control: '[aria-label="Turn of the tile"]',
    name: 'the flower',
  },
};

/** How long a part that is still to be drawn is waited for, and how often it is looked for, in milliseconds. */
const PATIENCE = 10_000;
const PAUSE = 50;

/** Does something with an element as soon as it is there; returns how to give up. */
export function whenThere(selector: string, act: (element: HTMLElement) => void): () => void {
  const until = performance.now() + PATIENCE;
  let waiting: ReturnType<typeof setTimeout>;
  const look = () => {
    const element = document.querySelector<HTMLElement>(selector);
    if (element) act(element);
    else if (performance.now() < until) waiting = setTimeout(look, PAUSE);
  };
  look();
  return () => clearTimeout(waiting);
}

/** How long a part is kept in sight while the page around it is still being drawn, in milliseconds. */
const SETTLING = 2500;

/** Brings a part of the page into sight, and keeps it there until the page is drawn or the reader moves it; returns how to give up. */
export function showSpot(place: Place): () => void {
  let release = () => {};
  const giveUp = whenThere(SPOTS[place].region, () => {
    bringIntoSight(place);
    const growing = new ResizeObserver(() => bringIntoSight(place));
    growing.observe(document.body);
    const stop = () => {
      growing.disconnect();
      clearTimeout(settled);
      for (const type of MOVES) removeEventListener(type, stop, true);
    };
    const settled = setTimeout(stop, SETTLING);
    for (const type of MOVES) addEventListener(type, stop, true);
    release = stop;
  });
  return () => {
    giveUp();
    release();
  };
}

/** By these a reader goes elsewhere. */
const MOVES = ['wheel', 'pointerdown', 'keydown', 'touchstart'] as const;

/** What lies at the edges of the window and is not to be looked under, in pixels: the lesson itself on a phone. */
function edges(): { top: number; bottom: number } {
  const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement);
  const pixels = (length: string) => Number.parseFloat(length) || 0;
  return { top: pixels(scrollPaddingTop), bottom: innerHeight - pixels(scrollPaddingBottom) };
}

/** All of a part where it fits; else its control, with as much around it as fits. Nothing moves that is in sight. */
export function bringIntoSight(place: Place): void {
  const { region, control } = SPOTS[place];
  const part = document.querySelector(region);
  if (!part) return;
  const { top, bottom } = edges();
  const isSeen = (element: Element) => {
    const box = element.getBoundingClientRect();
    return box.top >= top - 1 && box.bottom <= bottom + 1;
  };
  if (part.getBoundingClientRect().height <= bottom - top) {
    if (!isSeen(part)) part.scrollIntoView({ block: 'nearest' });
    return;
  }
  const held = document.querySelector(control);
  if (held && isSeen(held)) return;
  part.scrollIntoView({ block: 'start' });
  if (held && !isSeen(held)) held.scrollIntoView({ block: 'center' });
}

/** What came of a task, in sight: of a part that is larger than the room there is, that much of it. */
export function showResult(place: Place): void {
  const { result } = SPOTS[place];
  const found = result ? document.querySelector(result) : null;
  if (found) found.scrollIntoView({ block: 'nearest' });
  else bringIntoSight(place);
}

/** Moves the keyboard to the control of a step. */
export function focusSpot(place: Place): void {
  document.querySelector<HTMLElement>(SPOTS[place].control)?.focus();
}

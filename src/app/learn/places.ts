/** Where the steps of a lesson happen: the part of the Prune view, and the control in it. */
import type { Place } from '../../state/learn/lessons/lesson';

interface Spot {
  readonly region: string;
  readonly control: string;
  /** In a sentence. */
  readonly name: string;
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
  tile: {
    region: '[aria-labelledby=tile-title]',
    control: '[aria-labelledby=tile-title] button',
    name: 'the tile',
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

/** Brings a part of the page into sight; returns how to give up. */
export const showSpot = (place: Place): (() => void) =>
  whenThere(SPOTS[place].region, (region) => region.scrollIntoView({ block: 'start' }));

/** Brings what has grown into sight again, where it fits. */
export function keepSpotInSight(place: Place): void {
  const region = document.querySelector(SPOTS[place].region);
  if (region && region.getBoundingClientRect().height < innerHeight)
    region.scrollIntoView({ block: 'nearest' });
}

/** Moves the keyboard to the control of a step. */
export function focusSpot(place: Place): void {
  document.querySelector<HTMLElement>(SPOTS[place].control)?.focus();
}

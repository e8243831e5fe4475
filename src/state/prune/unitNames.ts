/** What is removed under the slider, in words. */
import type { SliderUnit } from '../../lab/families/units';
import { startsOf } from '../../lab/prune/blocks/rank';
import type { Sheet } from '../../lab/prune/neurons/sheet';

interface UnitWords {
  /** "hidden neuron"; with s it is several. */
  readonly full: string;
  /** The same where it is clear which: "neuron". */
  readonly short: string;
  /** Where one is by its number: "Neuron 7". */
  readonly title: string;
  /** What it is. */
  readonly sentence: string;
}

const WORDS: Readonly<Record<SliderUnit, UnitWords>> = {
  neuron: {
    full: 'hidden neuron',
    short: 'neuron',
    title: 'Neuron',
    sentence:
      'The outputs of the dense layer before the last one: each is one number of a tile, which the classes are read from. A removed one is silent for every tile.',
  },
  mlp: {
    full: 'hidden neuron',
    short: 'neuron',
    title: 'neuron',
    sentence:
      'Of each block those between the two maps of its MLP; under a group each is a whole field, in all orientations.',
  },
  heads: {
    full: 'head',
    short: 'head',
    title: 'head',
    sentence:
      'The parts of a block’s attention, each with queries, keys and values of its own. Not the network’s head, its last layers.',
  },
  filter: {
    full: 'filter',
    short: 'filter',
    title: 'filter',
    sentence:
      'What a convolution computes a map with, or a dense layer a number, with all that reads it. Where sums tie layers, the same filters of all of them are one; where a group acts, a filter in all orientations is one.',
  },
};

/** So many of the layers that a sum ties are named. */
const MOST_NAMED = 2;

/** Layers whose filters go together, in a title: "conv1, layer1.0.conv2 and 1 more". */
export function makersName(makers: readonly string[]): string {
  const more = makers.length - MOST_NAMED;
  if (more <= 0) return makers.join(' and ');
  return `${makers.slice(0, MOST_NAMED).join(', ')} and ${more} more`;
}

/** What can go inside the blocks of a transformer, as a form offers it. */
export const BLOCK_UNIT_CHOICES = [
  { value: 'mlp', label: 'Hidden neurons' },
  { value: 'heads', label: 'Heads' },
] as const;

/** "hidden neurons". */
export const unitsName = (unit: SliderUnit): string => `${WORDS[unit].full}s`;

/** What such units are. */
export const unitSentence = (unit: SliderUnit): string => WORDS[unit].sentence;

export const unitWords = (unit: SliderUnit): UnitWords => WORDS[unit];

/** "Neuron 7", "Block 2, head 1" or "conv1, filter 3": units are numbered through all layers, people number them in each. */
export function unitTitle(
  { unit, layers, makers }: Pick<Sheet, 'unit' | 'layers' | 'makers'>,
  index: number,
): string {
  const { title } = WORDS[unit];
  if (layers.length === 1 && unit === 'neuron') return `${title} ${index}`;
  const layer = layerOf(layers, index);
  const where = makers ? makersName(makers[layer]) : `Block ${layer + 1}`;
  return `${where}, ${title} ${index - startsOf(layers)[layer]}`;
}

/** The layer of a unit, from 0. */
export const layerOf = (layers: readonly number[], index: number): number =>
  startsOf(layers).findLastIndex((start) => start <= index);

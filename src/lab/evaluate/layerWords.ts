/** What a pair of layers, and a pair of networks, differ in: in words that page and terminal share. */
import type { LayerUnits } from '../families/family';
import type { LayerChange, LayerPair, NetworkDiff } from './layerDiff';

type Unit = LayerUnits['unit'];

const PLURALS: Readonly<Record<Unit, string>> = {
  field: 'fields',
  channel: 'channels',
  neuron: 'neurons',
  head: 'heads',
  class: 'classes',
};

/** "1 field", "64 fields". */
export const unitsWords = ({ unit, count }: LayerUnits): string =>
  `${count} ${count === 1 ? unit : PLURALS[unit]}`;

/** "8 fields of 4", where a unit is of several channels. */
const wideWords = (units: LayerUnits): string =>
  `${unitsWords(units)}${(units.each ?? 1) > 1 ? ` of ${units.each}` : ''}`;

/** What became of a layer. Nothing for one that is the same. */
export function pairWords({ fate, before, after, changes }: LayerPair): string {
  const units = (before ?? after)?.makes;
  if (fate === 'merged') return 'merged into the layer before it';
  if (fate === 'gone' || fate === 'new') return units ? `${fate}: ${unitsWords(units)}` : fate;
  // A layer that makes fewer leaves less.
  const told = changes.filter(
    ({ what }) => what !== 'shape' || !changes.some((other) => other.what === 'makes'),
  );
  return told.map((change) => changeWords(change)).join('; ');
}

function changeWords(change: LayerChange): string {
  if (change.what === 'cost') return 'other costs';
  const { from, to } = change;
  switch (change.what) {
    case 'makes': {
      const { from, to } = change;
      const isFewer = from.unit === to.unit && from.each === to.each && from.count > to.count;
      if (isFewer) return `${from.count - to.count} of ${unitsWords(from)} went`;
      return `${wideWords(from)} ⇒ ${wideWords(to)}`;
    }
    case 'reads':
      return `reads ${from} ⇒ ${to}`;
    case 'kernel':
      return `kernel ${from}×${from} ⇒ ${to}×${to}`;
    case 'positions':
      return `values of a filter ${from} ⇒ ${to}`;
    case 'numbers':
      return `${numbersWords(change.from)} ⇒ ${numbersWords(change.to)}`;
    case 'shape': {
      const [from, to] = [change.from.at(-1), change.to.at(-1)];
      if (change.from.slice(0, -1).join() === change.to.slice(0, -1).join())
        return `channels ${from} ⇒ ${to}`;
      return `leaves ${change.from.join('×')} ⇒ ${change.to.join('×')}`;
    }
    case 'kind':
      return `${from} ⇒ ${to}`;
  }
}

const numbersWords = (numbers: 'floats' | 'integers'): string =>
  numbers === 'floats' ? 'floats' : '8-bit integers';

/** How many units of each kind went, over all layers; no kind of which none did. */
export function removedUnits({ pairs }: NetworkDiff): LayerUnits[] {
  const sums = new Map<Unit, number>();
  for (const { before, removed } of pairs) {
    if (!before?.makes || removed <= 0) continue;
    const { unit } = before.makes;
    sums.set(unit, (sums.get(unit) ?? 0) + removed);
  }
  return [...sums].map(([unit, count]) => ({ unit, count }));
}

/** What went and what changed, in one sentence without its point. */
export function diffWords(diff: NetworkDiff): string {
  const counted = (fate: LayerPair['fate']) => diff.pairs.filter((pair) => pair.fate === fate).length;
  const layers = (count: number, what: string, noun = 'layer') =>
    count === 0 ? [] : [`${count} ${count === 1 ? noun : `${noun}s`} ${what}`];
  const gone = removedUnits(diff).map(unitsWords);
  const told = [
    ...(gone.length > 0 ? [`${gone.join(' and ')} went`] : []),
    ...layers(counted('gone'), 'gone'),
    ...layers(counted('merged'), 'merged into the layer before', 'norm'),
    ...layers(counted('new'), 'new'),
    ...layers(counted('changed'), 'changed'),
    ...layers(counted('same'), 'the same'),
  ];
  return told.join(', ');
}

/** The neuron that is pointed at, and everything the sheet says about it. */
import { create } from 'zustand';
import { TOP_TILES } from '../../lab/prune/neurons/portraits';
import type { Sheet, SheetCurve } from '../../lab/prune/neurons/sheet';
import { unitTitle } from './unitNames';

/** The index of the hidden neuron last pointed at; null before the first. */
export const useNeuron = create<{ readonly unit: number | null }>()(() => ({ unit: null }));

export const pointAt = (unit: number): void => useNeuron.setState({ unit });

/** A class by its index, and a figure of it. */
export interface OfClass {
  readonly label: number;
  readonly value: number;
}

export interface NeuronFacts {
  readonly unit: number;
  /** "Neuron 7", "Block 2, head 1". */
  readonly title: string;
  readonly units: number;
  /** In the order in which neurons go: 1 goes first. */
  readonly place: number;
  readonly saliency: number;
  readonly dead: boolean;
  /** Of its activation on the training tiles. */
  readonly mean: number;
  readonly variance: number;
  /** The validation tiles it responds to most, strongest first, with their rows among the sheet's pictures (−1: none). */
  readonly tops: readonly (OfClass & { readonly thumb: number })[];
  /** Mean activation on the validation tiles of each class, those without tiles left out. */
  readonly classMeans: readonly OfClass[];
  /** What it adds to and takes from a class's logit, the largest weights first. */
  readonly raises: readonly OfClass[];
  readonly lowers: readonly OfClass[];
}

/** Classes named of those a neuron raises, and lowers. */
const NAMED = 3;

export function neuronFacts(sheet: Sheet, { order, saliency }: SheetCurve, unit: number): NeuronFacts {
  const { units, dead, neurons } = sheet;
  const { mean, variance, topTiles, topActivations, classMeans, weights, labels, thumbs } = neurons;
  const classes = classMeans.length / units;
  const ofClasses = (values: ArrayLike<number>): OfClass[] =>
    Array.from({ length: classes }, (_, label) => ({ label, value: values[unit * classes + label] }));
  const byWeight = (weights ? ofClasses(weights) : []).sort((a, b) => b.value - a.value || a.label - b.label);
  const tops = Array.from({ length: TOP_TILES }, (_, i) => unit * TOP_TILES + i)
    .filter((at) => topTiles[at] >= 0)
    .map((at) => ({
      label: labels[topTiles[at]],
      value: topActivations[at],
      thumb: thumbs.rows[topTiles[at]],
    }));
  return {
    unit,
    title: unitTitle(sheet, unit),
    units,
    place: units - order.indexOf(unit),
    saliency: saliency[unit],
    dead: dead[unit] === 1,
    mean: mean[unit],
    variance: variance[unit],
    tops,
    classMeans: ofClasses(classMeans).filter(({ value }) => !Number.isNaN(value)),
    raises: byWeight.filter(({ value }) => value > 0).slice(0, NAMED),
    lowers: byWeight
      .filter(({ value }) => value < 0)
      .reverse()
      .slice(0, NAMED),
  };
}

/** The neuron at a place in the order in which they go, 1 … units; places beyond an end mean the end. */
export function unitAt({ order }: Pick<SheetCurve, 'order'>, place: number): number {
  return order[order.length - Math.min(order.length, Math.max(1, place))];
}

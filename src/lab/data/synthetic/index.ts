/**
 * Land-cover tiles made by code: ten classes with EuroSAT's names, for when no real data is at hand.
 *
 * They have a canonical orientation by construction. The sun stands in the north-west, so every shadow falls
 * to the south-east; highways, orchard rows, hedges, streets and swell run east–west, rivers and furrows
 * north–south (within 25°, seldom otherwise); shores lie in the south. Real satellite tiles have no such
 * thing. A plain net learns this shortcut and stumbles when tiles are turned, although colour, texture and
 * shape tell every class in any orientation.
 *
 * A tile is a pure function of (class, index, seed). Painting uses + − × ÷, square roots, floor and integer
 * hashes only, so every engine makes the same bytes.
 */

import { BadInput } from '../../errors';
import type { Dataset } from '../dataset';
import { EUROSAT_CLASSES } from '../readers/eurosat';
import { shrinkTiles } from '../tiles';
import { observe } from './atmosphere';
import { SIDE } from './canvas';
import { randomStream } from './random';
import { paintScene } from './scene';
import { SYNTHETIC_TITLE } from './title';

/** Tiles of each class unless asked otherwise. */
export const SYNTHETIC_PER_CLASS = 120;

/** The seed of the tiles unless asked otherwise. */
export const SYNTHETIC_SEED = 1;

export interface SyntheticOptions {
  /** Side of a tile: 64 or a divisor of it. */
  readonly size?: number;
  readonly perClass?: number;
  readonly seed?: number;
}

/** A tile that a host has painted already, or null. */
export type Painted = (classIndex: number, index: number, seed: number) => Uint8Array | null;

let painted: Painted = () => null;

/** Has tiles taken from where they are painted already: what is given has to be what would be painted. */
export function takePainted(from: Painted): void {
  painted = from;
}

/** One tile of a class: 64 × 64 × 3 bytes, a pure function of its arguments. */
export function syntheticTile(classIndex: number, index: number, seed: number): Uint8Array {
  return painted(classIndex, index, seed) ?? paint(classIndex, index, seed);
}

function paint(classIndex: number, index: number, seed: number): Uint8Array {
  const random = randomStream('synthetic', seed, classIndex, index);
  return observe(paintScene(classIndex, random), random);
}

/**
 * `perClass` tiles of each class, class by class, keys `River/synthetic_12`. A data set of a smaller size is
 * atSize() of the 64 × 64 one, tile by tile, and a larger perClass only adds tiles.
 *
 * @throws BadInput when the size does not divide 64.
 */
export function syntheticDataset({
  size = SIDE,
  perClass = SYNTHETIC_PER_CLASS,
  seed = SYNTHETIC_SEED,
}: SyntheticOptions = {}): Dataset {
  if (!Number.isInteger(perClass) || perClass < 0)
    throw new BadInput(`${perClass} is no number of tiles per class.`);
  const length = SIDE * SIDE * 3;
  const count = perClass * EUROSAT_CLASSES.length;
  const pixels = new Uint8Array(count * length);
  const labels = new Uint8Array(count);
  const keys: string[] = [];
  for (let i = 0; i < count; i++) {
    labels[i] = Math.floor(i / perClass);
    pixels.set(syntheticTile(labels[i], i % perClass, seed), i * length);
    keys.push(`${EUROSAT_CLASSES[labels[i]]}/synthetic_${i % perClass}`);
  }
  const dataset: Dataset = {
    name: 'synthetic',
    title: SYNTHETIC_TITLE,
    synthetic: true,
    classes: EUROSAT_CLASSES,
    size: SIDE,
    channels: 3,
    count,
    pixels,
    labels,
    keys,
  };
  return shrinkTiles(dataset, size);
}

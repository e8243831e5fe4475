/**
 * A class's whole tile: its own land, a neighbour at the border, what runs through it. Adding a class is one
 * painter and one line here.
 */

import { EUROSAT_CLASSES } from '../readers/eurosat';
import { industrial, residential } from './built';
import { blend, type Canvas, clamp, clouds, newCanvas, PIXELS, SIDE } from './canvas';
import { annualCrop, permanentCrop } from './crops';
import { DIFFICULTY } from './difficulty';
import { highway, river } from './lines';
import type { Random } from './random';
import { seaLake, shore } from './sea';
import { forest, herbaceousVegetation, pasture } from './vegetation';

type Painter = (canvas: Canvas, random: Random) => void;
type ClassName = (typeof EUROSAT_CLASSES)[number];

interface Scene {
  /** What covers the tile: one of these. */
  readonly land: readonly Painter[];
  /** What may lie beside it. */
  readonly neighbours: readonly Painter[];
  /** What makes the tile this class, where the land does not. */
  readonly through?: Painter;
}

const OPEN_LAND = [annualCrop, pasture, forest, herbaceousVegetation];

const SCENES: Record<ClassName, Scene> = {
  AnnualCrop: { land: [annualCrop], neighbours: [pasture, permanentCrop, forest, residential] },
  Forest: { land: [forest], neighbours: [pasture, herbaceousVegetation, annualCrop] },
  HerbaceousVegetation: { land: [herbaceousVegetation], neighbours: [forest, pasture, permanentCrop] },
  Highway: {
    land: OPEN_LAND,
    neighbours: [...OPEN_LAND, residential, industrial],
    through: highway,
  },
  Industrial: { land: [industrial], neighbours: [residential, pasture, annualCrop] },
  Pasture: { land: [pasture], neighbours: [annualCrop, forest, herbaceousVegetation, residential] },
  PermanentCrop: {
    land: [permanentCrop],
    neighbours: [annualCrop, herbaceousVegetation, forest, residential],
  },
  Residential: { land: [residential], neighbours: [industrial, pasture, forest] },
  River: { land: OPEN_LAND, neighbours: [...OPEN_LAND, residential, industrial], through: river },
  SeaLake: { land: [seaLake], neighbours: [forest, herbaceousVegetation, pasture, residential] },
};

/** Paints a tile of a class as it is on the ground, before the atmosphere. */
export function paintScene(classIndex: number, random: Random): Canvas {
  const { land, neighbours, through } = SCENES[EUROSAT_CLASSES[classIndex]];
  const canvas = newCanvas();
  const own = random.pick(land);
  own(canvas, random);
  if (random.chance(DIFFICULTY.neighbour)) {
    const other = newCanvas();
    random.pick(neighbours)(other, random);
    const [least, most] = DIFFICULTY.neighbourReach;
    const reach = random.range(least, most);
    if (own === seaLake) shore(canvas, random, other, reach);
    else beside(canvas, random, other, reach);
  }
  through?.(canvas, random);
  return canvas;
}

/** Covers one side of the tile with other land, along an uneven border. */
function beside(canvas: Canvas, random: Random, other: Canvas, reach: number): void {
  const side = random.int(4);
  const uneven = clouds(random, 24, 2);
  const wobble = random.range(0, 24);
  for (let i = 0; i < PIXELS; i++) {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    const fromSide = [x, y, SIDE - 1 - x, SIDE - 1 - y][side];
    const cover = clamp(SIDE * reach - fromSide + wobble * (uneven[i] - 0.5));
    if (cover > 0) blend(canvas, i, [other[3 * i], other[3 * i + 1], other[3 * i + 2]], cover);
  }
}

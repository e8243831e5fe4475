/**
 * Scenes to find things in: land as the synthetic tiles have it, and halls, tanks and lawns on it, each with its box. Halls
 * mostly lie east–west and shadows fall to the south-east, so scenes have an upright, as the tiles do. A scene is a pure
 * function of its numbers.
 */
import { EUROSAT_CLASSES } from '../data/readers/eurosat';
import { observe } from '../data/synthetic/atmosphere';
import { type Colour, SIDE, shade } from '../data/synthetic/canvas';
import { anyDirection, nearEastWest, type Random, randomStream } from '../data/synthetic/random';
import { paintScene } from '../data/synthetic/scene';
import { type Block, building, crown, plot } from '../data/synthetic/shapes';
import { type Box, overlapArea, type Truth } from './boxes';
import { CELL } from './cells';

export const THINGS = ['hall', 'tank', 'lawn'] as const;

export const SCENE_SIDE = SIDE;

/** Land that things stand on: of scenes to learn from first, and of others. */
export const GROUNDS = {
  open: ['Pasture', 'AnnualCrop', 'HerbaceousVegetation'],
  other: ['Forest', 'PermanentCrop', 'SeaLake'],
} as const satisfies Record<string, readonly (typeof EUROSAT_CLASSES)[number][]>;
export type Ground = keyof typeof GROUNDS;

const ROOF: readonly Colour[] = [
  [224, 224, 228],
  [196, 190, 186],
  [170, 130, 114],
];
const STEEL: readonly Colour[] = [
  [228, 230, 232],
  [202, 206, 210],
];
const GRASS: readonly Colour[] = [
  [96, 150, 84],
  [112, 164, 92],
];

export interface Scene {
  /** 64 × 64 × 3 bytes. */
  readonly pixels: Uint8Array;
  readonly things: readonly Truth[];
}

/** At most so many things on a scene; some scenes have none. */
const MOST = 4;
/** How often a place is looked for. */
const TRIES = 40;

export function makeScene(ground: Ground, seed: number, number: number): Scene {
  const random = randomStream('scene', ground, seed, number);
  const canvas = paintScene(EUROSAT_CLASSES.indexOf(random.pick(GROUNDS[ground])), random);
  const things: Truth[] = [];
  for (let wanted = random.int(MOST + 1), tries = 0; wanted > 0 && tries < TRIES; tries++) {
    const thing = anyThing(random);
    if (!fits(thing.truth.box, things)) continue;
    thing.paint(canvas);
    things.push(thing.truth);
    wanted--;
  }
  return { pixels: observe(canvas, random), things };
}

export interface Thing {
  readonly truth: Truth;
  readonly paint: (canvas: Float64Array) => void;
}

/** Somewhere on a scene. */
export function anyThing(random: Random): Thing {
  const label = random.int(THINGS.length);
  const [x, y] = [random.range(5, SIDE - 5), random.range(5, SIDE - 5)];
  if (THINGS[label] === 'tank') {
    const radius = random.range(2.5, 5.5);
    const colour = shade(random, STEEL);
    const box = { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
    return { truth: { box, label }, paint: (canvas) => crown(canvas, x, y, radius, colour) };
  }
  const direction = random.chance(0.9) ? nearEastWest(random, 0.15) : anyDirection(random);
  const isHall = THINGS[label] === 'hall';
  const block: Block = {
    ...{ x, y, direction },
    halfLength: isHall ? random.range(5, 11) : random.range(3.5, 6),
    halfWidth: isHall ? random.range(2.5, 4.5) : random.range(3.5, 6),
  };
  const colour = shade(random, isHall ? ROOF : GRASS);
  const height = random.range(1, 2.5);
  return {
    truth: { box: boxOf(block), label },
    paint: (canvas) => (isHall ? building(canvas, block, height, colour) : plot(canvas, block, colour)),
  };
}

/** Of the block itself, without its shadow. */
function boxOf({ x, y, halfLength, halfWidth, direction }: Block): Box {
  const [across, down] = [Math.abs(direction.x), Math.abs(direction.y)];
  const [halfX, halfY] = [halfLength * across + halfWidth * down, halfLength * down + halfWidth * across];
  return { left: x - halfX, top: y - halfY, right: x + halfX, bottom: y + halfY };
}

/** Inside the scene, clear of all others, and the only one in the cell of its middle. */
function fits(box: Box, things: readonly Truth[]): boolean {
  if (box.left < 1 || box.top < 1 || box.right > SIDE - 1 || box.bottom > SIDE - 1) return false;
  const wide = { left: box.left - 2, top: box.top - 2, right: box.right + 2, bottom: box.bottom + 2 };
  return things.every((other) => overlapArea(wide, other.box) === 0 && cellOf(other.box) !== cellOf(box));
}

const cellOf = ({ left, top, right, bottom }: Box): number =>
  Math.floor((top + bottom) / 2 / CELL) * (SIDE / CELL) + Math.floor((left + right) / 2 / CELL);

export interface SceneSet {
  readonly scenes: readonly Scene[];
}

export const makeScenes = (ground: Ground, seed: number, count: number): SceneSet => ({
  scenes: Array.from({ length: count }, (_, number) => makeScene(ground, seed, number)),
});

/** A map of a scene: what a network says each cell shows, upright and turned. */

import { BadInput } from '../errors';
import { decide } from '../evaluate/decide';
import { probabilityOf } from '../evaluate/softmax';
import { openClassifier } from '../families/networks';
import { chunks, INFERENCE_BATCH, normalisedTiles } from '../nn/batch';
import type { AnyModel } from '../nn/model';
import {
  CELL,
  type CellChoice,
  cellAt,
  channelsOf,
  emptyCounts,
  type Grid,
  gridOf,
  type Pixels,
  sampleSquare,
  turnGrid,
} from '../pictures/cut';
import { turnPicture } from '../pictures/turn';
import { breathe } from '../runtime/breathe';
import * as tf from '../runtime/tf';
import type { Stage } from '../stage/events';
import { type Element, QUARTER_TURNS } from '../symmetry/group';
import { type ClassMap, type MapAgreement, mapAgreement, turnMapBack } from './cells';

/** A cell of which more than this share has no value is left empty: what is missing would be read as black. */
export const MOST_MISSING = 0.1;

/**
 * The map of a picture.
 *
 * @param name what to call the picture in an error.
 * @param choice how it is cut; the network sees each cell averaged to its own size.
 * @throws BadInput when not one cell fits, none has enough pixels with a value, or the network does not read what the
 * picture has.
 */
export async function* mapClasses(
  model: AnyModel,
  picture: Pixels,
  name: string,
  { cell = CELL, stride = cell }: Partial<CellChoice> = {},
): Stage<ClassMap> {
  return yield* mapGrid(model, picture, name, gridOf(picture, name, cell, stride));
}

async function* mapGrid(model: AnyModel, picture: Pixels, name: string, grid: Grid): Stage<ClassMap> {
  const { input, classes: width } = model.arch;
  const channels = channelsOf(picture);
  if (input.channels !== channels) {
    throw new BadInput(`The network reads ${counted(input.channels)}, but ${name} has ${counted(channels)}.`);
  }
  const count = grid.columns * grid.rows;
  const most = MOST_MISSING * grid.cell ** 2;
  const empty = Uint8Array.from(emptyCounts(picture, grid), (missing) => (missing > most ? 1 : 0));
  const asked = Uint32Array.from(empty.keys()).filter((i) => !empty[i]);
  if (asked.length === 0) {
    throw new BadInput(
      `${name} has no cell with enough data: of each, more than ${100 * MOST_MISSING} % of the pixels have no value.`,
    );
  }
  const logits = new Float32Array(asked.length * width);
  const network = openClassifier(model);
  try {
    let done = 0;
    for (const cells of chunks(asked, INFERENCE_BATCH)) {
      const pixels = tilesOf(picture, grid, input.size, cells);
      const tiles = normalisedTiles(
        { ...input, pixels },
        cells.map((_, i) => i),
        model.normalisation,
      );
      const rows = tf.tidy(() => {
        const x = tf.tensor4d(tiles, [cells.length, input.size, input.size, channels]);
        return network.logits(x);
      });
      logits.set((await rows.data()) as Float32Array, done * width);
      rows.dispose();
      done += cells.length;
      yield { type: 'progress', what: `mapping ${name}`, done, total: asked.length };
      await breathe();
    }
  } finally {
    network.dispose();
  }
  const decided = decide(logits, width);
  const map = {
    ...{ classes: model.classes, grid, empty },
    answers: new Uint8Array(count),
    probabilities: new Float32Array(count),
    undecided: new Uint8Array(count),
  };
  asked.forEach((cell, i) => {
    map.answers[cell] = decided.answers[i];
    map.undecided[cell] = decided.undecided[i];
    map.probabilities[cell] = probabilityOf(logits, width, i, decided.answers[i]);
  });
  return map;
}

const counted = (channels: number): string => `${channels} ${channels === 1 ? 'channel' : 'channels'}`;

/** Some cells as tiles, one after the other. */
function tilesOf(picture: Pixels, grid: Grid, size: number, cells: Uint32Array): Uint8Array {
  const length = size * size * channelsOf(picture);
  const tiles = new Uint8Array(cells.length * length);
  cells.forEach((cell, i) => {
    tiles.set(sampleSquare(picture, cellAt(grid, cell), size), i * length);
  });
  return tiles;
}

/** The maps of a picture at the four quarter turns, each turned back upright, and whether they agree. */
export interface TurnedMaps extends MapAgreement {
  readonly upright: ClassMap;
}

export async function* mapAtQuarterTurns(
  model: AnyModel,
  picture: Pixels,
  name: string,
  choice: Partial<CellChoice> = {},
): Stage<TurnedMaps> {
  const maps: ClassMap[] = [];
  for (const turn of QUARTER_TURNS) maps.push(yield* mapAtTurn(model, picture, name, turn, choice));
  return { upright: maps[0], ...mapAgreement(maps) };
}

/** The map of a picture that was turned first, cells and all, turned back. */
export async function* mapAtTurn(
  model: AnyModel,
  picture: Pixels,
  name: string,
  turn: Element,
  { cell = CELL, stride = cell }: Partial<CellChoice> = {},
): Stage<ClassMap> {
  const turned = turnPicture(picture, turn);
  const grid = turnGrid(gridOf(picture, name, cell, stride), picture, turn);
  return turnMapBack(yield* mapGrid(model, turned, name, grid), turned, turn);
}

/** A map of a scene: what a network says each cell shows, upright and turned. */

import { BadInput } from '../errors';
import { type Agreement, agreementOf } from '../evaluate/agreement';
import { decide } from '../evaluate/decide';
import { probabilityOf } from '../evaluate/softmax';
import type { Stage } from '../events';
import { INFERENCE_BATCH, normalisedTiles } from '../nn/batch';
import type { Model } from '../nn/model';
import { openNetwork } from '../nn/network';
import { breathe } from '../runtime/breathe';
import * as tf from '../runtime/tf';
import { type Element, GROUPS, QUARTER_TURNS } from '../symmetry/group';
import { CELL, cutTiles, type Grid, gridOf, type Pixels } from './cut';
import { turnPicture, turnRaster } from './turn';

/** Row by row over the cells of a grid. */
export interface ClassMap {
  readonly classes: readonly string[];
  readonly grid: Grid;
  /** Index of the class each cell shows. */
  readonly answers: Uint8Array;
  /** Softmax probability of that class. */
  readonly probabilities: Float32Array;
  /** 1 where the two best answers are too close to call (science §8). */
  readonly undecided: Uint8Array;
}

/**
 * The map of a picture.
 *
 * @param cell side of a cell in pixels; the network sees it averaged to its own size.
 * @param name what to call the picture in an error.
 * @throws BadInput when not one cell fits, or the network does not read three colours.
 */
export async function* classMap(model: Model, picture: Pixels, name: string, cell = CELL): Stage<ClassMap> {
  const { input, classes: width } = model.arch;
  if (input.channels !== 3) {
    throw new BadInput(`The network reads ${input.channels} channel, but a picture has red, green and blue.`);
  }
  const grid = gridOf(picture, name, cell);
  const count = grid.columns * grid.rows;
  const logits = new Float32Array(count * width);
  const network = openNetwork(model);
  try {
    for (let from = 0; from < count; from += INFERENCE_BATCH) {
      const to = Math.min(count, from + INFERENCE_BATCH);
      const pixels = cutTiles(picture, grid, input.size, from, to);
      const indices = Uint32Array.from({ length: to - from }, (_, i) => i);
      const tiles = normalisedTiles({ ...input, pixels }, indices, model.normalisation);
      const rows = tf.tidy(() => {
        const x = tf.tensor4d(tiles, [to - from, input.size, input.size, 3]);
        return network.logits(network.hidden(network.features(x)));
      });
      logits.set((await rows.data()) as Float32Array, from * width);
      rows.dispose();
      yield { type: 'progress', what: `mapping ${name}`, done: to, total: count };
      await breathe();
    }
  } finally {
    network.dispose();
  }
  const { answers, undecided } = decide(logits, width);
  return {
    classes: model.classes,
    grid,
    answers,
    probabilities: Float32Array.from(answers, (answer, i) => probabilityOf(logits, width, i, answer)),
    undecided,
  };
}

/** The maps of a picture at the four quarter turns, each turned back upright, and whether they agree. */
export interface TurnedMaps extends Agreement {
  readonly upright: ClassMap;
  /** For each cell, whether its answer differs at some turn. */
  readonly differs: Uint8Array;
  /** Answers at 0°, 90°, 180°, 270°, as cells of the upright map. */
  readonly answers: readonly Uint8Array[];
  /** The greatest difference of a cell's probability between two turns. */
  readonly probabilityGap: number;
}

export async function* turnedMaps(
  model: Model,
  picture: Pixels,
  name: string,
  cell = CELL,
): Stage<TurnedMaps> {
  const maps: ClassMap[] = [];
  for (const turn of QUARTER_TURNS) {
    const map = yield* classMap(model, turnPicture(picture, turn), name, cell);
    maps.push(turnMap(map, inverse(turn)));
  }
  const [upright] = maps;
  const answers = maps.map((map) => map.answers);
  return {
    upright,
    answers,
    differs: upright.answers.map((first, i) => (answers.some((each) => each[i] !== first) ? 1 : 0)),
    probabilityGap: upright.probabilities.reduce((gap, _, i) => {
      const at = maps.map(({ probabilities }) => probabilities[i]);
      return Math.max(gap, Math.max(...at) - Math.min(...at));
    }, 0),
    ...agreementOf(
      answers,
      maps.map(({ undecided }) => undecided),
    ),
  };
}

/** A map turned as its picture would be. */
export function turnMap(map: ClassMap, g: Element): ClassMap {
  const { columns, rows, left2, top2 } = map.grid;
  const size = { width: columns, height: rows };
  const isUpright = g.turns % 2 === 0;
  return {
    ...map,
    grid: isUpright ? map.grid : { ...map.grid, columns: rows, rows: columns, left2: top2, top2: left2 },
    answers: turnRaster(map.answers, size, 1, g),
    probabilities: turnRaster(map.probabilities, size, 1, g),
    undecided: turnRaster(map.undecided, size, 1, g),
  };
}

/** Share of the cells that show each class, in the order of `classes`. */
export function classShares({ classes, answers }: ClassMap): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  for (const answer of answers) counts[answer]++;
  return counts.map((count) => count / answers.length);
}

function inverse(g: Element): Element {
  return GROUPS.C4.elements[(4 - g.turns) % 4];
}

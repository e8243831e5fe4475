/** A map of a scene: what a network says each cell shows, upright and turned. */

import { BadInput } from '../errors';
import { decide } from '../evaluate/decide';
import { probabilityOf } from '../evaluate/softmax';
import { openClassifier } from '../families/networks';
import { INFERENCE_BATCH, normalisedTiles } from '../nn/batch';
import type { AnyModel } from '../nn/model';
import { CELL, cutTiles, gridOf, type Pixels } from '../pictures/cut';
import { turnPicture } from '../pictures/turn';
import { breathe } from '../runtime/breathe';
import * as tf from '../runtime/tf';
import type { Stage } from '../stage/events';
import { type Element, QUARTER_TURNS } from '../symmetry/group';
import { type ClassMap, type MapAgreement, mapAgreement, turnMapBack } from './cells';

/**
 * The map of a picture.
 *
 * @param cell side of a cell in pixels; the network sees it averaged to its own size.
 * @param name what to call the picture in an error.
 * @throws BadInput when not one cell fits, or the network does not read three colours.
 */
export async function* mapClasses(
  model: AnyModel,
  picture: Pixels,
  name: string,
  cell = CELL,
): Stage<ClassMap> {
  const { input, classes: width } = model.arch;
  if (input.channels !== 3) {
    throw new BadInput(`The network reads ${input.channels} channel, but a picture has red, green and blue.`);
  }
  const grid = gridOf(picture, name, cell);
  const count = grid.columns * grid.rows;
  const logits = new Float32Array(count * width);
  const network = openClassifier(model);
  try {
    for (let from = 0; from < count; from += INFERENCE_BATCH) {
      const to = Math.min(count, from + INFERENCE_BATCH);
      const pixels = cutTiles(picture, grid, input.size, from, to);
      const indices = Uint32Array.from({ length: to - from }, (_, i) => i);
      const tiles = normalisedTiles({ ...input, pixels }, indices, model.normalisation);
      const rows = tf.tidy(() => {
        const x = tf.tensor4d(tiles, [to - from, input.size, input.size, 3]);
        return network.logits(x);
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
export interface TurnedMaps extends MapAgreement {
  readonly upright: ClassMap;
}

export async function* mapAtQuarterTurns(
  model: AnyModel,
  picture: Pixels,
  name: string,
  cell = CELL,
): Stage<TurnedMaps> {
  const maps: ClassMap[] = [];
  for (const turn of QUARTER_TURNS) maps.push(yield* mapAtTurn(model, picture, name, turn, cell));
  return { upright: maps[0], ...mapAgreement(maps) };
}

/** The map of a picture that was turned first, turned back. */
export async function* mapAtTurn(
  model: AnyModel,
  picture: Pixels,
  name: string,
  turn: Element,
  cell = CELL,
): Stage<ClassMap> {
  return turnMapBack(yield* mapClasses(model, turnPicture(picture, turn), name, cell), turn);
}

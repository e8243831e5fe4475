/** Finding things as a task for a network: examples, the loss of its cells, and its precision on scenes as they are and turned. */
import * as tf from '../runtime/tf';
import type { SpatialArch } from '../spatial/arch';
import { answersOf } from '../spatial/measure';
import type { OpenSpatial } from '../spatial/network';
import type { MapExamples, MapLoss } from '../spatial/problem';
import type { Element } from '../symmetry/group';
import { turnPictures } from '../symmetry/turn';
import { joinArrays } from '../train/problem';
import { turnBox } from './boxes';
import { BEFORE_CLASSES, cellKinds, cellTargets, detectionsIn } from './cells';
import { meanPrecision, type Precision } from './precision';
import { SCENE_SIDE, type SceneSet, THINGS } from './scenes';

/** A cell with something in it counts as so many without. */
const WEIGHT_OF_ONE = 4;

/** Bytes as a network reads them. */
function normalised(pixels: Uint8Array): Float32Array {
  return Float32Array.from(pixels, (value) => (value / 255 - 0.45) / 0.2);
}

export function sceneExamples({ scenes }: SceneSet): MapExamples {
  const inputs = scenes.map(({ pixels }) => normalised(pixels));
  const targets = scenes.map(({ things }) => cellTargets(things, SCENE_SIDE, THINGS.length));
  return {
    count: scenes.length,
    called: 'scenes',
    input: (rows) => joinArrays(Array.from(rows, (row) => inputs[row])),
    target: (rows) => joinArrays(Array.from(rows, (row) => targets[row])),
    targetKinds: cellKinds(THINGS.length),
  };
}

/**
 * Cross-entropy of whether there is something, over all cells; and over the cells where there is, the square of what place
 * and size lack, and the cross-entropy of the class.
 */
export const sceneLoss: MapLoss = (answer, target) => {
  const part = (x: tf.Tensor4D, from: number, length: number) => {
    const [count, height, width] = x.shape;
    return tf.slice(x, [0, 0, 0, from], [count, height, width, length]);
  };
  const there = part(target, 0, 1);
  const [logit, isThere] = [part(answer, 0, 1), there];
  // ln(1 + e^x) − x·t, without overflow.
  const surprise = tf.sub(
    tf.add(tf.relu(logit), tf.log(tf.add(tf.exp(tf.neg(tf.abs(logit))), 1))),
    tf.mul(logit, isThere),
  );
  const weights = tf.add(tf.mul(isThere, WEIGHT_OF_ONE - 1), 1);
  const found = tf.div(tf.sum(tf.mul(surprise, weights)), tf.sum(weights));
  const ones = tf.maximum(tf.sum(isThere), 1);
  const place = tf.square(tf.sub(part(answer, 1, BEFORE_CLASSES - 1), part(target, 1, BEFORE_CLASSES - 1)));
  const placed = tf.div(tf.sum(tf.mul(place, isThere)), ones);
  const classes = answer.shape[3] - BEFORE_CLASSES;
  const logits = part(answer, BEFORE_CLASSES, classes);
  const named = tf.sub(
    tf.logSumExp(logits, 3, true),
    tf.sum(tf.mul(logits, part(target, BEFORE_CLASSES, classes)), 3, true),
  );
  const told = tf.div(tf.sum(tf.mul(named, isThere)), ones);
  return tf.addN([found, placed, told]) as tf.Scalar;
};

/** Scenes as a network reads them, turned. */
export const turnedPictures = ({ scenes }: SceneSet, turn: Element): Float32Array =>
  joinArrays(scenes.map(({ pixels }) => normalised(turnPictures(pixels, SCENE_SIDE, 3, turn))));

/** How well a network finds the things on scenes, all turned alike. */
export async function precisionOn(
  network: OpenSpatial,
  arch: SpatialArch,
  { scenes }: SceneSet,
  turn: Element = { turns: 0, mirror: false },
): Promise<Precision> {
  const cells = await answersOf(network, arch, turnedPictures({ scenes }, turn));
  const each = cells.length / scenes.length;
  return meanPrecision(
    scenes.map(({ things }) =>
      things.map((thing) => ({ ...thing, box: turnBox(thing.box, SCENE_SIDE, turn) })),
    ),
    scenes.map((_, i) => detectionsIn(cells.subarray(i * each, (i + 1) * each), SCENE_SIDE, THINGS.length)),
    THINGS.length,
  );
}

/** Scenes as a network reads them, one after the other. */
export const scenePictures = ({ scenes }: SceneSet): Float32Array =>
  joinArrays(scenes.map(({ pixels }) => normalised(pixels)));

/**
 * Running a network over tiles in pieces. Head inputs ("features") are what pruning of dense layers leaves
 * alone, so they are computed once per tile and turn and kept.
 */
import type { Dataset } from '../data/dataset';
import { headInputs } from '../families/gcnn/layout';
import type { GcnnModel } from '../families/gcnn/model';
import { type Network, type OpenHead, openHead, openNetwork } from '../families/gcnn/network';
import { requireFinite } from '../finite';
import { chunks, INFERENCE_BATCH, tileBatch } from '../nn/batch';
import { breathe } from '../runtime/breathe';
import * as tf from '../runtime/tf';
import type { Stage } from '../stage/events';
import type { Element } from '../symmetry/group';

const FEATURES = 'What the convolutions leave';
const HEAD = 'What the dense layers leave';

/** Head inputs of the chosen tiles, each turned by `turn` first: tiles × inputs. */
export async function* featuresOf(
  model: GcnnModel,
  dataset: Dataset,
  indices: Uint32Array,
  turn?: Element,
): Stage<Float32Array> {
  const network = openNetwork(model);
  try {
    return yield* featuresThrough(network, model, dataset, indices, turn);
  } finally {
    network.dispose();
  }
}

/** The same through a network that is open and stays so: to open one, its filters are transformed. */
export async function* featuresThrough(
  network: Pick<Network, 'features'>,
  model: GcnnModel,
  dataset: Dataset,
  indices: Uint32Array,
  turn?: Element,
): Stage<Float32Array> {
  const width = headInputs(model.arch);
  const out = new Float32Array(indices.length * width);
  let done = 0;
  for (const piece of chunks(indices, INFERENCE_BATCH)) {
    const features = tf.tidy(() => network.features(tileBatch(dataset, piece, model.normalisation, turn)));
    out.set(requireFinite((await features.data()) as Float32Array, FEATURES), done * width);
    features.dispose();
    done += piece.length;
    yield { type: 'progress', what: 'features', done, total: indices.length };
    await breathe();
  }
  return out;
}

/** Hidden activations (tiles × hidden) from head inputs (tiles × inputs). */
export function hiddenOf(model: GcnnModel, features: Float32Array): Promise<Float32Array> {
  return throughHead(model, features, model.arch.head.hidden, (head, rows) => head.hidden(rows));
}

/** Logits (tiles × classes) from head inputs (tiles × inputs). */
export function logitsFromFeatures(model: GcnnModel, features: Float32Array): Promise<Float32Array> {
  return throughHead(model, features, model.arch.classes, (head, rows) => head.logits(head.hidden(rows)));
}

/** Opens the dense layers only: the trunk, whose filters would be expanded, has done its part. */
async function throughHead(
  model: GcnnModel,
  features: Float32Array,
  widthOut: number,
  apply: (head: OpenHead, rows: tf.Tensor2D) => tf.Tensor2D,
): Promise<Float32Array> {
  const width = headInputs(model.arch);
  const tiles = features.length / width;
  const out = new Float32Array(tiles * widthOut);
  const head = openHead(model);
  try {
    for (let start = 0; start < tiles; start += INFERENCE_BATCH) {
      const end = Math.min(tiles, start + INFERENCE_BATCH);
      const rows = features.subarray(start * width, end * width);
      const result = tf.tidy(() => apply(head, tf.tensor2d(rows, [end - start, width])));
      out.set(requireFinite((await result.data()) as Float32Array, HEAD), start * widthOut);
      result.dispose();
      if (end < tiles) await breathe();
    }
    return out;
  } finally {
    head.dispose();
  }
}

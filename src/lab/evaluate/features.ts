/**
 * Running a network over tiles in pieces. Head inputs ("features") are what pruning of dense layers leaves
 * alone, so they are computed once per tile and turn and kept.
 */
import type { Dataset } from '../data/dataset';
import type { Stage } from '../events';
import { chunks, tileBatch } from '../nn/batch';
import { hiddenActivations, logitsOf, type Tensors } from '../nn/head';
import { headInputs, isHeadParam } from '../nn/layout';
import type { Model } from '../nn/model';
import { openNetwork, uploadParams } from '../nn/network';
import { breathe } from '../runtime/breathe';
import * as tf from '../runtime/tf';
import type { Element } from '../symmetry/group';

const BATCH = 32;

/** Head inputs of the chosen tiles, each turned by `turn` first: tiles × inputs. */
export async function* featuresOf(
  model: Model,
  dataset: Dataset,
  indices: Uint32Array,
  turn?: Element,
): Stage<Float32Array> {
  const width = headInputs(model.arch);
  const out = new Float32Array(indices.length * width);
  const network = openNetwork(model);
  try {
    let done = 0;
    for (const piece of chunks(indices, BATCH)) {
      const features = tf.tidy(() => network.features(tileBatch(dataset, piece, model.normalisation, turn)));
      out.set((await features.data()) as Float32Array, done * width);
      features.dispose();
      done += piece.length;
      yield { type: 'progress', what: 'features', done, total: indices.length };
      await breathe();
    }
    return out;
  } finally {
    network.dispose();
  }
}

/** Hidden activations (tiles × hidden) from head inputs (tiles × inputs). */
export function hiddenOf(model: Model, features: Float32Array): Promise<Float32Array> {
  const { arch } = model;
  return throughHead(model, features, arch.head.hidden, (params, rows) =>
    hiddenActivations(arch, params, rows),
  );
}

/** Logits (tiles × classes) from head inputs (tiles × inputs). */
export function logitsFromFeatures(model: Model, features: Float32Array): Promise<Float32Array> {
  const { arch } = model;
  return throughHead(model, features, arch.classes, (params, rows) =>
    logitsOf(params, hiddenActivations(arch, params, rows)),
  );
}

/** The dense layers as live tensors, which the caller owns; the trunk, whose filters would be expanded, stays behind. */
export function uploadHead(model: Model): Record<string, tf.Tensor> {
  return uploadParams(Object.fromEntries(Object.entries(model.params).filter(([name]) => isHeadParam(name))));
}

async function throughHead(
  model: Model,
  features: Float32Array,
  widthOut: number,
  apply: (params: Tensors, rows: tf.Tensor2D) => tf.Tensor2D,
): Promise<Float32Array> {
  const width = headInputs(model.arch);
  const tiles = features.length / width;
  const out = new Float32Array(tiles * widthOut);
  const params = uploadHead(model);
  try {
    for (let start = 0; start < tiles; start += 2 * BATCH) {
      const end = Math.min(tiles, start + 2 * BATCH);
      const rows = features.subarray(start * width, end * width);
      const result = tf.tidy(() => apply(params, tf.tensor2d(rows, [end - start, width])));
      out.set((await result.data()) as Float32Array, start * widthOut);
      result.dispose();
    }
    return out;
  } finally {
    tf.dispose(Object.values(params));
  }
}

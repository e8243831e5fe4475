/**
 * Shrinking for real: the kept neurons' columns of dense1 and, cascading, their rows of dense2.
 * Masking (same shapes, removed rows zeroed) exists to check that extraction changes no logit.
 */
import type { Model, Param, Params } from '../nn/model';
import { removedUnits } from './units';

/** The model with only the `kept` hidden neurons (ascending indices). */
export function extract(model: Model, kept: Uint32Array): Model {
  return shrunk(model, kept, kept);
}

/**
 * What goes wrong when the next layer's inputs do not follow: the right neurons are kept, but the *first*
 * rows of dense2 instead of theirs. A named counter-example (science §3.6), never used to prune.
 */
export function extractMisaligned(model: Model, kept: Uint32Array): Model {
  return shrunk(
    model,
    kept,
    kept.map((_, i) => i),
  );
}

/** The model with the removed neurons silenced and nothing shrunk. */
export function mask(model: Model, kept: Uint32Array): Model {
  const { shape, data } = model.params['dense2.weight'];
  const masked = data.slice();
  for (const unit of removedUnits(kept, shape[0])) masked.fill(0, unit * shape[1], (unit + 1) * shape[1]);
  return withParams(model, { 'dense2.weight': { shape, data: masked } });
}

/** `model` with some parameters replaced. */
export function withParams(model: Model, replaced: Params): Model {
  return { ...model, params: { ...model.params, ...replaced } };
}

function shrunk(model: Model, columns: Uint32Array, rows: Uint32Array): Model {
  const { params, arch } = model;
  return {
    ...model,
    arch: { ...arch, head: { ...arch.head, hidden: columns.length } },
    params: {
      ...params,
      'dense1.weight': takeColumns(params['dense1.weight'], columns),
      'dense1.bias': takeColumns(params['dense1.bias'], columns),
      'dense2.weight': takeRows(params['dense2.weight'], rows),
    },
  };
}

function takeColumns({ shape, data }: Param, columns: Uint32Array): Param {
  const width = shape.at(-1)!;
  const rows = data.length / width;
  const out = new Float32Array(rows * columns.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns.length; c++) out[r * columns.length + c] = data[r * width + columns[c]];
  }
  return { shape: [...shape.slice(0, -1), columns.length], data: out };
}

function takeRows({ shape: [, width], data }: Param, rows: Uint32Array): Param {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    out.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return { shape: [rows.length, width], data: out };
}

/**
 * Turns the PyTorch + e2cnn reference files into models of the lab (test vectors; not part of the project).
 * Layouts there are PyTorch's: OIHW filters with channel = field·|G| + g, NCHW pictures, heads flattened as
 * (field, y, x). Free weights are the g = identity slices of the expanded filters, projected for `steerable`.
 */

import { type ArchSpec, averagesMap } from '../families/gcnn/arch';
import { blockLayouts, featureMap } from '../families/gcnn/layout';
import type { GcnnModel } from '../families/gcnn/model';
import type { SafeFile } from '../files/safetensors';
import type { Param } from '../nn/model';
import { GROUPS } from '../symmetry/group';
import { projectOnBasis } from '../symmetry/steerable';

/** The float data of one reference tensor. */
export function referenceArray(file: SafeFile, name: string): Float32Array {
  const tensor = file.tensors[name];
  if (!(tensor?.data instanceof Float32Array)) throw new Error(`reference tensor ${name} is missing`);
  return tensor.data;
}

/** NCHW → NHWC. */
export function channelsLast(data: Float32Array, channels: number, size: number): Float32Array {
  const positions = size * size;
  const tiles = data.length / (channels * positions);
  const out = new Float32Array(data.length);
  for (let n = 0; n < tiles; n++) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < positions; p++) {
        out[(n * positions + p) * channels + c] = data[(n * channels + c) * positions + p];
      }
    }
  }
  return out;
}

/** OIHW expanded filter → HWIO bank. */
export function bankFromReference(
  data: Float32Array,
  out: number,
  input: number,
  kernel: number,
): Float32Array {
  const positions = kernel * kernel;
  const bank = new Float32Array(data.length);
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < input; i++) {
      for (let p = 0; p < positions; p++) {
        bank[(p * input + i) * out + o] = data[(o * input + i) * positions + p];
      }
    }
  }
  return bank;
}

/** How the tensors of one reference file are called. */
export interface ReferenceNames {
  readonly filter: (block: number) => string;
  readonly bias: (block: number) => string;
  readonly norm: (block: number) => string;
}

export const EQUIVARIANT_NAMES: ReferenceNames = {
  filter: (i) => `conv${i}.expanded_weight`,
  bias: (i) => `conv${i}.expanded_bias`,
  norm: (i) => `norm${i}`,
};

const PLAIN_POSITIONS = [0, 3, 7, 10, 14, 17];
export const PLAIN_NAMES: ReferenceNames = {
  filter: (i) => `body.${PLAIN_POSITIONS[i - 1]}.weight`,
  bias: (i) => `body.${PLAIN_POSITIONS[i - 1]}.bias`,
  norm: (i) => `body.${PLAIN_POSITIONS[i - 1] + 1}`,
};

/** A reference network as a model of the lab. */
export function referenceModel(file: SafeFile, arch: ArchSpec, names: ReferenceNames): GcnnModel {
  const params: Record<string, Param> = {};
  const put = (name: string, shape: number[], data: Float32Array) => {
    params[name] = { shape, data };
  };
  const { order } = GROUPS[arch.group];
  for (const { index, filter, basis } of blockLayouts(arch)) {
    const { kernel, fieldsIn, sizeIn, fieldsOut } = filter;
    const bank = bankFromReference(
      referenceArray(file, names.filter(index)),
      fieldsOut * order,
      fieldsIn * sizeIn,
      kernel,
    );
    const grid = identitySlice(bank, order);
    const free = arch.filters === 'grid' ? grid : projectOnBasis(grid, kernel);
    put(`conv${index}.weight`, [basis, fieldsIn, sizeIn, fieldsOut], free);
    const perField = (name: string) => identitySlice(referenceArray(file, name), order);
    put(`conv${index}.bias`, [fieldsOut], perField(names.bias(index)));
    const norm = names.norm(index);
    put(`norm${index}.scale`, [fieldsOut], perField(`${norm}.weight`));
    put(`norm${index}.shift`, [fieldsOut], perField(`${norm}.bias`));
    put(`norm${index}.mean`, [fieldsOut], perField(`${norm}.running_mean`));
    put(`norm${index}.variance`, [fieldsOut], perField(`${norm}.running_var`));
  }
  const { hidden } = arch.head;
  put(
    'dense1.weight',
    [referenceArray(file, 'head.fc1.weight').length / hidden, hidden],
    firstDense(file, arch),
  );
  put('dense1.bias', [hidden], referenceArray(file, 'head.fc1.bias'));
  const second = transposed(referenceArray(file, 'head.fc2.weight'), arch.classes, hidden);
  put('dense2.weight', [hidden, arch.classes], second);
  put('dense2.bias', [arch.classes], referenceArray(file, 'head.fc2.bias'));
  const classes = Array.from({ length: arch.classes }, (_, i) => `class ${i}`);
  return { arch, params, classes, normalisation: { mean: [0, 0, 0], std: [1, 1, 1] }, provenance: {} };
}

/** Every |G|-th entry of the last axis: the g = identity copies. */
function identitySlice(data: Float32Array, order: number): Float32Array {
  return data.filter((_, i) => i % order === 0);
}

/** [hidden, (field, y, x)] → [(y, x, field), hidden]. */
function firstDense(file: SafeFile, arch: ArchSpec): Float32Array {
  const weight = referenceArray(file, 'head.fc1.weight');
  const { hidden } = arch.head;
  const inputs = weight.length / hidden;
  if (averagesMap(arch.head)) return transposed(weight, hidden, inputs);
  const { size, fields } = featureMap(arch);
  return transposed(channelsLast(weight, fields, size), hidden, inputs);
}

/** [rows, columns] → [columns, rows]. */
export function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c];
  return out;
}

/** A network from maps to maps, live: in training (norms from the batch, differentiable), and opened with its norms folded in. */
import type { BatchMoments } from '../families/family';
import { type Tensors, uploadParams } from '../nn/live';
import type { MapForm, Maps } from '../nn/maps/form';
import { preferredForm } from '../nn/maps/forms';
import type { Params } from '../nn/model';
import { NORM_EPSILON } from '../nn/ops/fieldNormLoops';
import { multiply } from '../nn/ops/matmul';
import * as tf from '../runtime/tf';
import { GROUPS } from '../symmetry/group';
import { fromFields, type Kind, toFields, widthOf } from '../symmetry/kinds';
import { entersAsFields, normOf, type SpatialArch, type SpatialLayer, spatialLayers } from './arch';
import { unwrapMaps, wrapMaps } from './wrap';

export interface TrainedMaps {
  /** [N, s, s, numbers of the output's kinds] */
  readonly output: tf.Tensor4D;
  readonly moments: readonly BatchMoments[];
}

/** x: [N, S, S, numbers of the input's kinds], to which no gradient flows. */
export function trainSpatial(
  arch: SpatialArch,
  params: Tensors,
  x: tf.Tensor4D,
  form: MapForm = preferredForm(),
): TrainedMaps {
  const { order } = GROUPS[arch.group];
  const moments: BatchMoments[] = [];
  let maps = enter(arch, x, form);
  for (const [i, layer] of spatialLayers(arch).entries()) {
    const { name, filter, pool, hasNorm } = layer;
    const weights = params[`${name}.weight`] as tf.Tensor4D;
    const response = around(arch, form, layer, maps, (wide) =>
      form.convolve(wide, weights, filter, i === 0 ? 'input' : undefined),
    );
    if (!hasNorm) return { output: leave(arch, response, params, x, form), moments };
    const batch = form.moments(response, order);
    const norm = normOf(name);
    moments.push({
      ...batch,
      count: response.size / filter.fieldsOut,
      running: { mean: norm.mean, variance: norm.variance },
    });
    const [scale, shift] = [params[norm.scale], params[norm.shift]] as tf.Tensor1D[];
    maps = form.normReluPool(response, scale, shift, batch, pool);
  }
  throw new Error('A network without an answer.');
}

export interface OpenSpatial {
  /** Maps [N, S, S, …] → the answer [N, s, s, …]. */
  run(x: tf.Tensor4D): tf.Tensor4D;
  dispose(): void;
}

/** The network for inference; the tensors stay the caller's, and are read until it is disposed of. */
export function openSpatial(
  arch: SpatialArch,
  params: Tensors,
  form: MapForm = preferredForm(),
): OpenSpatial {
  const layers = spatialLayers(arch);
  const blocks = layers
    .filter(({ hasNorm }) => hasNorm)
    .map((layer) => {
      const folded = tf.tidy(() => foldedLayer(params, layer.name));
      const open = form.openLayer(folded.weights, folded.bias, layer.filter);
      tf.dispose([folded.weights, folded.bias]);
      return { layer, open };
    });
  const last = layers.at(-1)!;
  return {
    run: (x) =>
      tf.tidy(() => {
        let maps = enter(arch, x, form);
        for (const { layer, open } of blocks) {
          maps = around(arch, form, layer, maps, (wide) => open.run(wide, layer.pool));
        }
        const weights = params['answer.weight'] as tf.Tensor4D;
        const response = around(arch, form, last, maps, (wide) => form.convolve(wide, weights, last.filter));
        return leave(arch, response, params, x, form);
      }),
    dispose: () => {
      for (const { open } of blocks) open.dispose();
    },
  };
}

/** A network opened for as long as it is used. */
export async function withSpatial<T>(
  arch: SpatialArch,
  params: Params,
  use: (network: OpenSpatial) => Promise<T>,
): Promise<T> {
  const live = uploadParams(params);
  const network = openSpatial(arch, live);
  try {
    return await use(network);
  } finally {
    network.dispose();
    tf.dispose(Object.values(live));
  }
}

/** With a = scale/√(variance + ε) the norm is a factor on the filter and a bias; the last axis is the field. */
function foldedLayer(params: Tensors, name: string) {
  const norm = normOf(name);
  const a = tf.mul(params[norm.scale], tf.rsqrt(tf.add(params[norm.variance], NORM_EPSILON))) as tf.Tensor1D;
  return {
    weights: tf.mul(params[`${name}.weight`], a) as tf.Tensor4D,
    bias: tf.sub(params[norm.shift], tf.mul(params[norm.mean], a)) as tf.Tensor1D,
  };
}

/** A convolution on maps that are wrapped round where the network says so. */
function around(
  { rim }: SpatialArch,
  form: MapForm,
  { filter }: SpatialLayer,
  maps: Maps,
  convolve: (maps: Maps) => Maps,
): Maps {
  const margin = rim === 'wrapped' ? (filter.kernel - 1) / 2 : 0;
  return unwrapMaps(convolve(wrapMaps(maps, form, margin)), form, margin);
}

function enter(arch: SpatialArch, x: tf.Tensor4D, form: MapForm): Maps {
  if (!entersAsFields(arch)) return form.enter(x);
  const [count, size] = x.shape;
  const matrix = blockDiagonal(arch.input.map((kind) => toFields(kind, arch.group)));
  const fields = tf.matMul(tf.reshape(x, [count * size * size, -1]), tf.tensor2d(matrix));
  const maps = form.enter(tf.reshape(fields, [count, size, size, -1]));
  return asFields(maps, arch.group, form);
}

/** Planes enter as fields of one; n of them in a row are a field of n. */
function asFields(maps: Maps, group: SpatialArch['group'], form: MapForm): Maps {
  if (form.name === 'channels last') return maps;
  const { order } = GROUPS[group];
  const [count, fields, one, height, width] = maps.shape as number[];
  return tf.reshape(maps, [count, (fields * one) / order, order, height, width]);
}

/** Fields → the numbers asked for, with a bias for each field, added to what was read where the network says so. */
function leave(arch: SpatialArch, maps: Maps, params: Tensors, x: tf.Tensor4D, form: MapForm): tf.Tensor4D {
  const { group, output } = arch;
  const { order } = GROUPS[group];
  const channels = toChannels(maps, form);
  const [count, height, width] = channels.shape;
  const bias = tf.reshape(params['answer.bias'], [-1, 1]);
  const rows = tf.reshape(channels, [count * height * width, -1, order]);
  const flat = tf.reshape(tf.add(rows, bias), [count * height * width, -1]) as tf.Tensor2D;
  const matrix = tf.tensor2d(blockDiagonal(output.map((kind: Kind) => fromFields(kind, group))));
  const answer = tf.reshape(multiply(flat, matrix), [count, height, width, widthOf(output)]) as tf.Tensor4D;
  return arch.residual ? tf.add(answer, x) : answer;
}

/** `form.leave`, differentiable: it only reorders. */
function toChannels(maps: Maps, form: MapForm): tf.Tensor4D {
  return tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([]);
    return {
      value: tf.clone(form.leave(input as tf.Tensor)),
      gradFunc: (dy: tf.Tensor) => tf.reshape(form.enter(dy as tf.Tensor4D), maps.shape),
    };
  })(maps) as tf.Tensor4D;
}

type Matrix = readonly (readonly number[])[];

/** Matrices along the diagonal, zeros elsewhere. */
function blockDiagonal(matrices: readonly Matrix[]): number[][] {
  const columns = matrices.reduce((sum, [row]) => sum + row.length, 0);
  let left = 0;
  return matrices.flatMap((matrix) => {
    const rows = matrix.map((row) => {
      const line = new Array<number>(columns).fill(0);
      for (const [i, entry] of row.entries()) line[left + i] = entry;
      return line;
    });
    left += matrix[0].length;
    return rows;
  });
}

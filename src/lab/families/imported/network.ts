/**
 * A network from elsewhere as it runs: layer by layer in the order in which they stand, opened to answer, or differentiable in
 * its weights. Its norms are factors and shifts by now, so it answers in training as it does otherwise.
 */
import { BadInput } from '../../errors';
import { type Tensors, uploadParams } from '../../nn/live';
import type { Int8Param } from '../../nn/model';
import { dense, openIntegers, type Product } from '../../nn/ops/dense';
import { depthwise } from '../../nn/ops/depthwise';
import { RELU6 } from '../../nn/ops/fieldNorm';
import { globalPool } from '../../nn/ops/globalPool';
import { multiply } from '../../nn/ops/matmul';
import { splitMax } from '../../nn/ops/maxima';
import { convolveStrided } from '../../nn/ops/strided';
import { maximumOver } from '../../nn/ops/windowPool';
import * as tf from '../../runtime/tf';
import { GROUPS } from '../../symmetry/group';
import { turnSource } from '../../symmetry/turn';
import type { Classifier, OpenedModel, Trainee } from '../family';
import { watchedLayers } from './layout';
import { shapesOf } from './shapes';
import { type Convolution, type ImportedLayer, type ImportedSpec, isDepthwise, PICTURE } from './spec';

/** How the layers with weights are computed. */
interface Ways {
  convolve(layer: Convolution, x: tf.Tensor4D): tf.Tensor4D;
  /** `isLast`: it leaves the logits. */
  dense(name: string, x: tf.Tensor2D, isLast: boolean): tf.Tensor2D;
  /** The parameters of a `scale`. */
  readonly tensors: Tensors;
}

export interface Hooks {
  /** Sees what a layer leaves. */
  see?(layer: ImportedLayer, value: tf.Tensor): void;
  /** What a layer reads is handed to it through this. */
  read?(layer: ImportedLayer, value: tf.Tensor): tf.Tensor;
}

/** Pictures in, logits out; every value is dropped with the surrounding tidy. */
function run(spec: ImportedSpec, ways: Ways, x: tf.Tensor4D, { see, read }: Hooks = {}): tf.Tensor2D {
  const values = new Map<string, tf.Tensor>([[PICTURE, x]]);
  const last = spec.layers.at(-1)!;
  for (const layer of spec.layers) {
    const value = values.get(layer.from)!;
    const left = step(layer, read ? read(layer, value) : value, values, ways, layer === last);
    see?.(layer, left);
    values.set(layer.name, left);
  }
  return values.get(last.name) as tf.Tensor2D;
}

function step(
  layer: ImportedLayer,
  x: tf.Tensor,
  values: ReadonlyMap<string, tf.Tensor>,
  { convolve, dense: map, tensors }: Ways,
  isLast: boolean,
): tf.Tensor {
  switch (layer.op) {
    case 'convolution':
      return convolve(layer, x as tf.Tensor4D);
    case 'scale':
      return tf.add(tf.mul(x, tensors[`${layer.name}.scale`]), tensors[`${layer.name}.shift`]);
    case 'relu':
      return tf.relu(x);
    case 'relu6':
      return tf.minimum(tf.relu(x), RELU6.high);
    case 'maximum pool':
      return maximumOver(x as tf.Tensor4D, layer);
    case 'average pool':
      return tf.avgPool(x as tf.Tensor4D, layer.kernel, layer.stride, 0, 'floor');
    case 'average':
      return globalPool(x as tf.Tensor4D);
    case 'field maximum':
    case 'field mean': {
      const width = x.shape.at(-1)! / layer.order;
      const apart = tf.reshape(x, [(x.size / (width * layer.order)) * width, layer.order, 1]) as tf.Tensor3D;
      const one = layer.op === 'field mean' ? tf.mean(apart, 1) : splitMax(apart);
      return tf.reshape(one, [...x.shape.slice(0, -1), width]);
    }
    case 'sum':
      return tf.add(x, values.get(layer.and)!);
    case 'flatten':
      return tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [x.shape[0], -1]);
    case 'dense':
      return map(layer.name, x as tf.Tensor2D, isLast);
    case 'turned dense': {
      const [tiles, size, , channels] = x.shape as [number, number, number, number];
      const { elements, order } = GROUPS[layer.group];
      const places = elements.flatMap((g) => Array.from(turnSource(size, g)));
      const turned = tf.gather(
        tf.reshape(x, [tiles, size * size, channels]),
        tf.tensor1d(places, 'int32'),
        1,
      );
      // [N, |G| · s², C] → a row for each orientation in the order (channel, y, x).
      const apart = tf.transpose(tf.reshape(turned, [tiles * order, size * size, channels]), [0, 2, 1]);
      const rows = tf.reshape(apart, [tiles * order, channels * size * size]) as tf.Tensor2D;
      return splitMax(tf.reshape(map(layer.name, rows, false), [tiles, order, layer.outputs]) as tf.Tensor3D);
    }
  }
}

/** A stored weight [k², …] as tfjs's convolutions read it: [k, k, C_in, C_out], depthwise [k, k, C, 1]. */
function bankOf(layer: Convolution, weight: tf.Tensor): tf.Tensor4D {
  const { kernel, outputs } = layer;
  const inputs = weight.shape[1]!;
  return tf.reshape(
    weight,
    isDepthwise(layer) ? [kernel, kernel, outputs, 1] : [kernel, kernel, inputs, outputs],
  );
}

/** Padding that is (k−1)/2 after `before` zeros around the map, of which the result is cut by `crop`; null where it never is. */
function centred({ kernel, stride, padding }: Convolution): { before: number; crop: number } | null {
  if (kernel % 2 === 0) return null;
  const apart = padding - (kernel - 1) / 2;
  if (apart >= 0) return { before: apart, crop: 0 };
  return stride === 1 ? { before: 0, crop: -apart } : null;
}

const around = (x: tf.Tensor4D, by: number): tf.Tensor4D =>
  by === 0
    ? x
    : tf.pad(x, [
        [0, 0],
        [by, by],
        [by, by],
        [0, 0],
      ]);

function cropped(x: tf.Tensor4D, by: number): tf.Tensor4D {
  if (by === 0) return x;
  const [tiles, height, width, channels] = x.shape;
  return tf.slice(x, [0, by, by, 0], [tiles, height - 2 * by, width - 2 * by, channels]);
}

/** A convolution without a gradient; the fastest way there is. */
function answer(layer: Convolution, x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  const { kernel, stride, padding } = layer;
  const plain = centred(layer);
  const pad = plain ? (kernel - 1) / 2 : padding;
  const settings = {
    x: around(x, plain?.before ?? 0),
    filter,
    strides: stride,
    pad,
    bias,
    dimRoundingMode: 'floor' as const,
  };
  const value = isDepthwise(layer) ? tf.fused.depthwiseConv2d(settings) : tf.fused.conv2d(settings);
  return cropped(value, plain?.crop ?? 0);
}

/** The same, differentiable. */
function respond(layer: Convolution, x: tf.Tensor4D, bank: tf.Tensor4D): tf.Tensor4D {
  const { kernel, stride } = layer;
  const { before, crop } = centred(layer)!;
  const wide = around(x, before);
  const value = isDepthwise(layer)
    ? depthwise(wide, bank, stride as 1 | 2)
    : kernel === 1 && stride === 1
      ? pointwise(wide, bank)
      : convolveStrided(wide, bank, stride);
  return cropped(value, crop);
}

/** A 1×1 convolution as a product of matrices. */
function pointwise(x: tf.Tensor4D, bank: tf.Tensor4D): tf.Tensor4D {
  const [tiles, height, width, channels] = x.shape;
  const filters = bank.shape[3];
  const rows = tf.reshape(x, [tiles * height * width, channels]) as tf.Tensor2D;
  const product = multiply(rows, tf.reshape(bank, [channels, filters]) as tf.Tensor2D);
  return tf.reshape(product, [tiles, height, width, filters]);
}

/** Throws `BadInput` for a convolution that has no gradient here. */
export function requireTrainable({ layers, id }: ImportedSpec): void {
  for (const layer of layers) {
    if (layer.op !== 'convolution') continue;
    const { kernel, stride, padding, name } = layer;
    if (centred(layer) && (!isDepthwise(layer) || stride <= 2)) continue;
    throw new BadInput(
      `"${id}" cannot be trained here: layer "${name}" is a convolution of ${kernel}×${kernel} with stride ${stride} and ` +
        `padding ${padding}, which has no gradient here. It can be looked at, pruned and exported as it is.`,
    );
  }
}

/** Weights as floats, whatever they are stored as. */
function weightOf(params: Tensors, int8: Readonly<Record<string, Int8Param>>, name: string): tf.Tensor {
  const integers = int8[`${name}.weight`];
  if (!integers) return params[`${name}.weight`];
  const values = tf.tensor(Float32Array.from(integers.data), [...integers.shape]);
  return tf.mul(values, params[`${name}.weight_scale`]);
}

/** A network that runs with hooks, without gradients; to be disposed by whoever opened it. */
export interface Running {
  logits(x: tf.Tensor4D, hooks?: Hooks): tf.Tensor2D;
  dispose(): void;
}

export function openRunning(model: OpenedModel<ImportedSpec>): Running {
  const { arch } = model;
  const tensors = uploadParams(model.params);
  const opened = openWays(arch, tensors, model.int8);
  const integers = new Map(
    arch.layers.flatMap(({ op, name }) => {
      const found = op === 'dense' || op === 'turned dense' ? openIntegers(model, name) : undefined;
      return found ? [[name, found] as const] : [];
    }),
  );
  const ways = { ...opened.ways, dense: denseBy(tensors, (name) => integers.get(name)?.product) };
  return {
    logits: (x, hooks) => tf.tidy(() => run(arch, ways, x, hooks)),
    dispose: () => {
      opened.dispose();
      for (const each of integers.values()) each.dispose();
      tf.dispose(Object.values(tensors));
    },
  };
}

export function openImported(model: OpenedModel<ImportedSpec>): Classifier {
  const { logits, dispose } = openRunning(model);
  const shown = new Map(watchedLayers(model.arch).map((each) => [each.layer.name, each.shown.name]));
  return {
    logits: (x, observe) =>
      logits(x, {
        see: ({ name }, value) => {
          const called = shown.get(name);
          if (called !== undefined) observe?.(called, value);
        },
      }),
    dispose,
  };
}

const denseBy =
  (tensors: Tensors, product: (name: string) => Product | undefined = () => undefined): Ways['dense'] =>
  (name, x) =>
    dense(tensors, name, x, { product: product(name) });

function openWays(
  spec: ImportedSpec,
  tensors: Tensors,
  int8: Readonly<Record<string, Int8Param>> = {},
): { ways: Ways; dispose(): void } {
  const banks = new Map(
    spec.layers.flatMap((layer) =>
      layer.op === 'convolution'
        ? [[layer.name, tf.tidy(() => tf.clone(bankOf(layer, weightOf(tensors, int8, layer.name))))] as const]
        : [],
    ),
  );
  return {
    ways: {
      convolve: (layer, x) =>
        answer(layer, x, banks.get(layer.name)!, tensors[`${layer.name}.bias`] as tf.Tensor1D),
      dense: denseBy(tensors),
      tensors,
    },
    dispose: () => tf.dispose([...banks.values()]),
  };
}

/** Logits that differentiate in the weights, and in whatever a hook hands on. */
export function respondingLogits(
  spec: ImportedSpec,
  params: Tensors,
  x: tf.Tensor4D,
  hooks?: Hooks,
  mask: tf.Tensor2D | null = null,
): tf.Tensor2D {
  const map = denseBy(params);
  const ways: Ways = {
    convolve: (layer, value) =>
      tf.add(
        respond(layer, value, bankOf(layer, params[`${layer.name}.weight`])),
        params[`${layer.name}.bias`],
      ) as tf.Tensor4D,
    dense: (name, value, isLast) =>
      map(name, mask && isLast ? (tf.mul(value, mask) as tf.Tensor2D) : value, isLast),
    tensors: params,
  };
  return run(spec, ways, x, hooks);
}

export function importedTrainee(spec: ImportedSpec): Trainee {
  requireTrainable(spec);
  const left = shapesOf(spec);
  const last = spec.layers.at(-1)!;
  const maps = lastMaps(spec);
  return {
    last: { width: last.op === 'dense' ? left.get(last.from)!.width : spec.classes, dropout: 0 },
    train: (params, x, mask) => {
      const seen = new Map<string, tf.Tensor>();
      const logits = respondingLogits(
        spec,
        params,
        x,
        { see: ({ name }, value) => void seen.set(name, value) },
        mask,
      );
      return {
        logits,
        moments: [],
        ...(maps !== undefined && { maps: () => [seen.get(maps) as tf.Tensor4D] }),
      };
    },
    open: (params) => {
      const { ways, dispose } = openWays(spec, params);
      return { logits: (x) => run(spec, ways, x), dispose };
    },
  };
}

/** The last maps that are looked at: the name of the layer that leaves them. */
function lastMaps(spec: ImportedSpec): string | undefined {
  return watchedLayers(spec).findLast(({ shown }) => shown.kind !== 'invariant')?.layer.name;
}

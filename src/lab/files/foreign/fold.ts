/** From a network as another program wrote it to one of the lab: norms folded in, sizes worked out, weights laid as here. */
import { BadInput } from '../../errors';
import type { ImportedModel } from '../../families/imported/model';
import { shapesOf } from '../../families/imported/shapes';
import {
  type ImportedLayer,
  type ImportedSpec,
  importedSchema,
  MOST_LAYERS,
  PICTURE,
} from '../../families/imported/spec';
import { firstNotFinite } from '../../finite';
import type { ArchInput } from '../../nn/arch';
import type { Normalisation, Param } from '../../nn/model';
import { plain } from '../../plain';
import { outputsLast } from '../../symmetry/filters';
import { type RawLayer, type RawNetwork, type RawNorm, type RawOf, unreadable } from './raw';

/** What of a network its weights do not say. */
export interface Pictures {
  readonly input: ArchInput;
  readonly classes: readonly string[];
  readonly normalisation: Normalisation;
}

/** Throws `BadInput` that names the layer whose sizes do not work out. */
export function foldedModel(
  network: RawNetwork,
  { input, classes, normalisation }: Pictures,
  called: string,
): ImportedModel {
  if (network.layers.length > MOST_LAYERS)
    throw new BadInput(
      `${plain(called)} has ${network.layers.length} layers, and at most ${MOST_LAYERS} are read.`,
    );
  const layers = withoutAdaptive(foldNorms(network.layers), input, called);
  const params: Record<string, Param> = {};
  const stored = layers.map((layer) => storedLayer(layer, params));
  const spec = {
    ...{ family: 'imported', id: network.id, group: 'C1', input },
    ...{ layers: stored, classes: classes.length },
  };
  const parsed = importedSchema.safeParse(spec);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    const at = path[0] === 'layers' ? stored[Number(path[1])]?.name : undefined;
    const what = at === undefined ? path.join('.') : `layer "${at}", ${path.slice(2).join('.')}`;
    throw new BadInput(`${plain(called)} does not fit what is read here: ${plain(what)} (${message}).`);
  }
  requireFitting(layers, parsed.data, called);
  for (const [name, { data }] of Object.entries(params)) {
    if (firstNotFinite(data) !== undefined)
      throw new BadInput(
        `${plain(called)} was not taken: with its norms folded in, "${plain(name)}" holds what is no number.`,
      );
  }
  return { arch: parsed.data, params, classes, normalisation, provenance: {} };
}

/** Every norm right behind a convolution or a dense layer that nothing else reads becomes part of it; others become scales. */
function foldNorms(layers: readonly RawLayer[]): RawLayer[] {
  const readers = new Map<string, number>();
  for (const layer of layers)
    for (const name of [layer.from, ...(layer.op === 'sum' ? [layer.and] : [])])
      readers.set(name, (readers.get(name) ?? 0) + 1);
  const folded = new Map<string, RawLayer>();
  /** Where a value is found that a folded norm left. */
  const now = new Map<string, string>();
  const place = (name: string) => now.get(name) ?? name;
  for (const layer of layers) {
    const moved = {
      ...layer,
      from: place(layer.from),
      ...(layer.op === 'sum' && { and: place(layer.and) }),
    } as RawLayer;
    const change = moved.op === 'norm' ? changeOf(moved) : moved.op === 'scale' ? moved : null;
    if (!change) {
      folded.set(moved.name, moved);
      continue;
    }
    const before = folded.get(moved.from);
    const isAlone = readers.get(layer.from) === 1;
    if (
      isAlone &&
      (before?.op === 'convolution' || before?.op === 'dense') &&
      before.weight.shape[0] === change.scale.length
    ) {
      folded.set(before.name, { ...before, ...scaled(before, change) });
      readers.set(before.name, readers.get(layer.name) ?? 0);
      now.set(layer.name, before.name);
    } else {
      const { name, from } = moved;
      folded.set(name, { op: 'scale', name, from, ...change });
    }
  }
  return [...folded.values()];
}

interface Change {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** A norm as a factor and a shift. */
function changeOf({ scale, shift, mean, variance, epsilon }: RawNorm): Change {
  const factor = Float64Array.from(scale, (each, c) => each / Math.sqrt(variance[c] + epsilon));
  return {
    scale: Float32Array.from(factor),
    shift: shift.map((each, c) => each - mean[c] * factor[c]),
  };
}

function scaled({ weight, bias }: RawOf<'convolution' | 'dense'>, { scale, shift }: Change) {
  const each = weight.data.length / weight.shape[0];
  return {
    weight: { shape: weight.shape, data: weight.data.map((value, i) => value * scale[Math.floor(i / each)]) },
    bias: shift.map((value, c) => value + (bias ? bias[c] * scale[c] : 0)),
  };
}

/**
 * Averages of a fixed number become pools of a fixed window, where the map is so many times as large. Where it is so many times
 * smaller they repeat every position, and the dense layer behind them reads each once, with its weights added up.
 */
function withoutAdaptive(layers: readonly RawLayer[], input: ArchInput, called: string): RawLayer[] {
  const sizes = new Map<string, number | null>([[PICTURE, input.size]]);
  /** Values whose positions should have been repeated: from a size to another. */
  const repeated = new Map<string, { readonly from: number; readonly to: number }>();
  const now = new Map<string, string>();
  const out: RawLayer[] = [];
  for (const given of layers) {
    let layer = { ...given, from: now.get(given.from) ?? given.from } as RawLayer;
    if (layer.op === 'sum') layer = { ...layer, and: now.get(layer.and) ?? layer.and };
    const size = sizes.get(layer.from) ?? null;
    const repeat = repeated.get(layer.from);
    if (layer.op === 'adaptive pool') {
      const { name, from, size: wanted } = layer;
      if (size === null)
        throw unreadable(called, 'has a layer that cannot be read', [`"${name}" averages what are no maps`]);
      if (size >= wanted && size % wanted === 0) {
        layer = { op: 'average pool', name, from, kernel: size / wanted, stride: size / wanted };
      } else if (wanted % size === 0) {
        repeated.set(from, { from: size, to: wanted });
        now.set(name, from);
        continue;
      } else {
        throw unreadable(called, 'has a layer that cannot be read with pictures of this size', [
          `"${name}" makes ${wanted}×${wanted} averages of maps of ${size}×${size}, which is no whole number of times: choose another size of the pictures`,
        ]);
      }
    } else if (repeat && layer.op === 'flatten') repeated.set(layer.name, repeat);
    else if (repeat && layer.op === 'dense') layer = { ...layer, weight: addedUp(layer.weight, repeat) };
    sizes.set(layer.name, sizeAfter(layer, size));
    out.push(layer);
  }
  return out;
}

function sizeAfter(layer: RawLayer, size: number | null): number | null {
  if (size === null) return null;
  switch (layer.op) {
    case 'convolution':
      return windowed(size, { ...layer, kernel: layer.weight.shape[2] });
    case 'maximum pool':
      return windowed(size, layer);
    case 'average pool':
      return windowed(size, { ...layer, padding: 0 });
    case 'average':
    case 'flatten':
    case 'dense':
    case 'turned dense':
      return null;
    default:
      return size;
  }
}

const windowed = (
  size: number,
  { kernel, stride, padding }: { readonly kernel: number; readonly stride: number; readonly padding: number },
): number => Math.floor((size + 2 * padding - kernel) / stride) + 1;

/** [out, C · to²] → [out, C · from²]: the weights of positions that read the same. */
function addedUp(
  { shape, data }: Param,
  { from, to }: { readonly from: number; readonly to: number },
): Param {
  const [outputs, inputs] = shape;
  const channels = inputs / to ** 2;
  if (!Number.isInteger(channels)) return { shape, data };
  const times = to / from;
  const out = new Float64Array(outputs * channels * from ** 2);
  for (let i = 0; i < data.length; i++) {
    const [row, p] = [Math.floor(i / to ** 2), i % to ** 2];
    const [y, x] = [Math.floor(p / to / times), Math.floor((p % to) / times)];
    out[row * from ** 2 + y * from + x] += data[i];
  }
  return { shape: [outputs, channels * from ** 2], data: Float32Array.from(out) };
}

/** The layer without its numbers, which go among the parameters. */
function storedLayer(layer: RawLayer, params: Record<string, Param>): ImportedLayer {
  const { name, from } = layer;
  const row = (part: string, data: Float32Array) => {
    params[`${name}.${part}`] = { shape: [data.length], data };
  };
  switch (layer.op) {
    case 'convolution': {
      const { weight, bias, stride, padding, groups } = layer;
      const [outputs, inputs, kernel] = weight.shape;
      const data = outputsLast(weight.data, kernel ** 2, inputs);
      params[`${name}.weight`] = { shape: [kernel ** 2, inputs, 1, outputs], data };
      row('bias', bias ?? new Float32Array(outputs));
      return { op: 'convolution', name, from, outputs, kernel, stride, padding, groups };
    }
    case 'dense':
    case 'turned dense': {
      const [outputs, inputs] = layer.weight.shape;
      params[`${name}.weight`] = {
        shape: [inputs, outputs],
        data: outputsLast(layer.weight.data, 1, inputs),
      };
      row('bias', layer.bias ?? new Float32Array(outputs));
      const { op } = layer;
      return op === 'dense' ? { op, name, from, outputs } : { op, name, from, outputs, group: layer.group };
    }
    case 'scale':
      row('scale', layer.scale);
      row('shift', layer.shift);
      return { op: 'scale', name, from };
    case 'norm':
    case 'adaptive pool':
      throw new Error(`${layer.op} "${name}" was not folded.`);
    default:
      return layer as ImportedLayer;
  }
}

/** Throws `BadInput` where what a layer's weights read is not what stands before it, layer by layer. */
function requireFitting(layers: readonly RawLayer[], spec: ImportedSpec, called: string): void {
  const left = shapesOf(spec);
  const misfits = layers.flatMap((layer) => {
    const { width } = left.get(layer.from)!;
    const wrong = (reads: number) => [
      `"${layer.name}" reads ${reads} ${layer.op === 'dense' ? 'numbers' : 'channels'}, and ${width} stand before it`,
    ];
    if (layer.op === 'convolution' && layer.weight.shape[1] * layer.groups !== width)
      return wrong(layer.weight.shape[1] * layer.groups);
    if (layer.op === 'dense' && layer.weight.shape[1] !== width) return wrong(layer.weight.shape[1]);
    const { size } = left.get(layer.from)!;
    if (layer.op === 'turned dense' && layer.weight.shape[1] !== width * (size ?? 0) ** 2)
      return wrong(layer.weight.shape[1]);
    return layer.op === 'scale' && layer.scale.length !== width ? wrong(layer.scale.length) : [];
  });
  if (misfits.length > 0)
    throw unreadable(called, 'has layers that do not fit each other with pictures of this size', misfits);
}

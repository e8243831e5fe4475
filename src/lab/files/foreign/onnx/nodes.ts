/**
 * One node of an ONNX graph after the other as layers (github.com/onnx/onnx, docs/Operators.md). Values are followed with their
 * axes but the first, the pictures of a batch: a reshape changes only how a value's numbers are counted, and what it means is
 * seen at the next node.
 */
import { BadInput } from '../../../errors';
import { PICTURE } from '../../../families/imported/spec';
import type { Param } from '../../../nn/model';
import { plain } from '../../../plain';
import { GROUP_NAMES, GROUPS, type GroupName } from '../../../symmetry/group';
import { turnSource } from '../../../symmetry/turn';
import type { GraphProto, NodeProto } from '../../onnx/schema/onnx_pb';
import type { RawLayer } from '../raw';
import { Attributes, type PictureInput, type Tensor, tensorOf } from './values';

/** What a layer left, and how its numbers are counted now. */
interface Value {
  readonly layer: string;
  /** Axes but the first: [C, s, s] of maps, [n] of rows; also [C, s²], [F, o, s²] and such of maps reshaped. */
  readonly dims: readonly number[];
  /** Of the layer: [C, s, s], or [n]. */
  readonly made: readonly number[];
  /** On its way through a dense layer in all orientations: which orientations, and what was done to them. */
  readonly turned?: {
    readonly group: GroupName;
    readonly step: 'gathered' | 'transposed' | 'rows' | 'responses';
    readonly dense?: { readonly name: string; readonly weight: Param };
  };
}

/** A picture on its way to the first layer: factor · pixel + shift, by channel. */
interface Prelude {
  readonly factor: readonly number[];
  readonly shift: readonly number[];
  readonly isTransposed: boolean;
}

/** Part of the computation of a shape from the batch's size. */
type Dimensions = readonly (number | 'batch')[];

/** What normalises bytes. */
const STEPS_OF_BYTES: ReadonlySet<string> = new Set(['Cast', 'Transpose', 'Add', 'Sub', 'Mul', 'Div']);

class Misfit extends Error {}

const sizeOf = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

export class NodeReader {
  readonly misfits: string[] = [];
  readonly #constants: Map<string, Tensor>;
  readonly #values = new Map<string, Value>();
  readonly #preludes = new Map<string, Prelude>();
  readonly #shapes = new Map<string, Dimensions>();
  readonly #layers: RawLayer[] = [];
  readonly #names = new Set<string>([PICTURE]);
  readonly #wanted = new Set<string>();
  /** Values that come from a node that was not understood: what reads them is not told again. */
  readonly #lost = new Set<string>();
  readonly #input: PictureInput & { readonly size: number };
  #first: Prelude | null = null;
  #probabilities: string | null = null;

  constructor(
    graph: GraphProto,
    constants: Map<string, Tensor>,
    input: PictureInput & { readonly size: number },
  ) {
    this.#constants = constants;
    this.#input = input;
    const channels = input.channels ?? this.#guessChannels(graph);
    if (input.form === 'bytes') {
      const ones = new Array<number>(channels).fill(1);
      this.#preludes.set(input.name, { factor: ones, shift: ones.map(() => 0), isTransposed: false });
    } else {
      const dims = [channels, input.size, input.size];
      this.#values.set(input.name, { layer: PICTURE, dims, made: dims });
    }
  }

  /** Whether a constant that cannot be read is read by some node. */
  wasWanted(name: string): boolean {
    return this.#wanted.has(name);
  }

  /** Channels of pictures where the input leaves them free: those of the first convolution's filters. */
  #guessChannels(graph: GraphProto): number {
    const first = graph.node.find(({ opType }) => opType === 'Conv');
    return (first && this.#constants.get(first.input[1])?.shape[1]) ?? 3;
  }

  read(node: NodeProto): void {
    for (const name of node.input) this.#wanted.add(name);
    if (node.input.some((name) => this.#lost.has(name))) {
      for (const name of node.output) this.#lost.add(name);
      return;
    }
    try {
      this.#convert(node);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      this.misfits.push(`"${node.name || node.output[0]}" (${node.opType}) ${error.message}`);
      for (const name of node.output) this.#lost.add(name);
    }
  }

  /** The layers, when all nodes were read. Throws `BadInput` where the graph's answer is not what was read last. */
  finish(graph: GraphProto, called: string): readonly RawLayer[] {
    const outputs = graph.output.map(({ name }) => name);
    const found = outputs.length === 1 ? this.#values.get(outputs[0]) : undefined;
    const last = this.#layers.at(-1);
    if (!found || !last || found.turned || found.dims.length !== 1)
      throw new BadInput(
        `${plain(called)} answers ${outputs.length === 1 ? 'with something other than a row of numbers' : `with ${outputs.length} outputs`}: only networks that tell classes apart come in.`,
      );
    if (found.layer === last.name) return this.#layers;
    // What leads to no answer is left out.
    const byName = new Map(this.#layers.map((layer) => [layer.name, layer]));
    const needed = new Set<string>();
    const visit = (name: string): void => {
      const layer = byName.get(name);
      if (!layer || needed.has(name)) return;
      needed.add(name);
      visit(layer.from);
      if (layer.op === 'sum') visit(layer.and);
    };
    visit(found.layer);
    return this.#layers.filter(({ name }) => needed.has(name));
  }

  /** What the graph itself does to bytes before its first layer, as mean and deviation of pixel/255. */
  normalisation(): { readonly mean?: readonly number[]; readonly std?: readonly number[] } {
    if (!this.#first) return {};
    const { factor, shift } = this.#first;
    const std = factor.map((each) => 1 / (255 * each));
    return { mean: shift.map((each, c) => -each * std[c]), std };
  }

  #convert(node: NodeProto): void {
    const attributes = new Attributes(node);
    const { opType, input, output } = node;
    const domain = node.domain;
    if (domain !== '' && domain !== 'ai.onnx')
      throw new Misfit(`is an operator of "${domain}", which is not known here`);
    if (this.#computesShape(node, attributes) || this.#startsWithBytes(node, attributes)) return;
    switch (opType) {
      case 'Constant': {
        const tensor = attributes.tensor('value');
        const found = tensor ? tensorOf(tensor) : constantOf(attributes);
        if (typeof found === 'string') throw new Misfit(found);
        this.#constants.set(output[0], found);
        return;
      }
      case 'Identity':
      case 'Dropout':
      case 'Cast': {
        const constant = this.#constants.get(input[0]);
        if (constant) this.#constants.set(output[0], constant);
        else this.#values.set(output[0], this.#value(input[0]));
        return;
      }
      case 'Pad': {
        // Exporters write some that pad by nothing.
        const pads = attributes.list('pads') ?? Array.from(this.#constant(node.input[1], 'paddings').data);
        if (pads.some((each) => each !== 0))
          throw new Misfit('pads a map by itself: only convolutions and pools do that here');
        this.#values.set(output[0], this.#value(input[0]));
        return;
      }
      case 'Softmax':
      case 'LogSoftmax':
        // Probabilities of the logits: the answer stays, and the lab makes its own.
        this.#probabilities = output[0];
        this.#values.set(output[0], this.#value(input[0]));
        return;
      case 'Conv':
        this.#convolution(node, attributes);
        return;
      case 'BatchNormalization':
        this.#norm(node, attributes);
        return;
      case 'Relu':
        this.#keep(node, 'relu');
        return;
      case 'Clip': {
        const [low, high] = this.#bounds(node, attributes);
        if (low !== 0 || (high !== 6 && high !== Number.POSITIVE_INFINITY))
          throw new Misfit(`cuts at ${low} and ${high}, and only 0 and 6 are known`);
        this.#keep(node, high === 6 ? 'relu6' : 'relu');
        return;
      }
      case 'MaxPool':
      case 'AveragePool':
        this.#pool(node, attributes);
        return;
      case 'GlobalAveragePool':
        this.#average(node, true);
        return;
      case 'ReduceMean':
      case 'ReduceMax':
        this.#reduce(node, attributes);
        return;
      case 'Flatten': {
        const value = this.#value(input[0]);
        if (attributes.whole('axis', 1) !== 1) throw new Misfit('flattens from another axis than the first');
        this.#values.set(output[0], this.#flat(node, value));
        return;
      }
      case 'Reshape':
      case 'Squeeze':
      case 'Unsqueeze':
        this.#reshape(node, attributes);
        return;
      case 'Gather':
      case 'Transpose':
        this.#turn(node, attributes);
        return;
      case 'Gemm':
      case 'MatMul':
        this.#dense(node, attributes);
        return;
      case 'Add':
      case 'Sub':
      case 'Mul':
      case 'Div':
        this.#arithmetic(node);
        return;
      default:
        throw new Misfit('is an operator that is not known here');
    }
  }

  /** mayTurn: on its way through a dense layer in all orientations, which few nodes know. */
  #value(name: string, mayTurn = false): Value {
    const value = this.#values.get(name);
    if (!value) throw new Misfit(`reads "${name}", which is no value of the picture`);
    if (value.turned && !mayTurn) throw new Misfit('reads turned maps in a way that is not known');
    if (name === this.#probabilities)
      throw new Misfit('reads probabilities, which only an answer is made of');
    return value;
  }

  #constant(name: string | undefined, what: string): Tensor {
    const found = name === undefined ? undefined : this.#constants.get(name);
    if (!found) throw new Misfit(`has ${what} that are computed, not stored`);
    return found;
  }

  /** Maps as a layer left them. */
  #maps(name: string): Value {
    const value = this.#value(name);
    const { dims, made } = value;
    if (made.length === 1 && dims.length === 3)
      throw new Misfit('reads averages over the whole map as maps of 1×1');
    if (made.length !== 3 || dims.join() !== made.join())
      throw new Misfit(`reads a value of the shape [${dims}], and should read maps`);
    return value;
  }

  #name(node: NodeProto): string {
    const wanted = (node.name || node.output[0] || node.opType).slice(0, 190);
    // Weights are called after their layers, which is what people know a layer by.
    const weight = node.input[1];
    const own = /^(.{1,180})\.weight$/.exec(weight ?? '')?.[1];
    const base = own ?? wanted;
    let name = base;
    for (let number = 2; this.#names.has(name); number++) name = `${base}.${number}`;
    this.#names.add(name);
    return name;
  }

  #leave(node: NodeProto, layer: RawLayer, made: readonly number[]): void {
    this.#layers.push(layer);
    this.#values.set(node.output[0], { layer: layer.name, dims: made, made });
  }

  #convolution(node: NodeProto, attributes: Attributes): void {
    const value = this.#maps(node.input[0]);
    const { shape, data } = this.#constant(node.input[1], 'filters');
    const bias = node.input[2] ? this.#constant(node.input[2], 'biases').data : null;
    if (shape.length !== 4) throw new Misfit(`has filters of the shape [${shape}]`);
    const [outputs, each, height, width] = shape;
    if (height !== width) throw new Misfit(`has a kernel of ${height}×${width}, which is not square`);
    const groups = attributes.whole('group', 1);
    const [channels, size] = value.made;
    if (each * groups !== channels)
      throw new Misfit(`reads ${each * groups} channels, and ${channels} stand before it`);
    if (groups > 1 && (each !== 1 || outputs !== channels))
      throw new Misfit(
        `has ${groups} groups of ${each} channels: only depthwise ones are known, a filter for each channel`,
      );
    const { stride, padding } = windowOf(attributes, height, size);
    if ((attributes.list('dilations') ?? []).some((dilation) => dilation !== 1))
      throw new Misfit('is dilated');
    const side = Math.floor((size + 2 * padding - height) / stride) + 1;
    const name = this.#name(node);
    const weight = { shape, data: Float32Array.from(data) };
    const layer = { op: 'convolution' as const, name, from: value.layer, weight, stride, padding, groups };
    this.#leave(node, { ...layer, bias: bias && Float32Array.from(bias) }, [outputs, side, side]);
  }

  #norm(node: NodeProto, attributes: Attributes): void {
    const value = this.#value(node.input[0], true);
    if (attributes.whole('training_mode', 0) !== 0)
      throw new Misfit('learns while it answers: export the network for inference');
    const row = (at: number) => Float32Array.from(this.#constant(node.input[at], 'numbers').data);
    const [scale, shift, mean, variance] = [1, 2, 3, 4].map(row);
    if ([scale, shift, mean, variance].some(({ length }) => length !== value.made[0]))
      throw new Misfit(`has ${scale.length} values, and ${value.made[0]} channels stand before it`);
    const epsilon = attributes.float('epsilon', 1e-5);
    const name = this.#name(node);
    this.#leave(
      node,
      { op: 'norm', name, from: value.layer, scale, shift, mean, variance, epsilon },
      value.made,
    );
  }

  /** A layer that changes every number by itself: however they are counted. */
  #keep(node: NodeProto, op: 'relu' | 'relu6'): void {
    const value = this.#value(node.input[0]);
    const layer = { op, name: this.#name(node), from: value.layer };
    this.#layers.push(layer);
    this.#values.set(node.output[0], { ...value, layer: layer.name });
  }

  #bounds(node: NodeProto, attributes: Attributes): [number, number] {
    const bound = (at: number, name: string, otherwise: number) =>
      node.input[at] ? this.#constant(node.input[at], 'bounds').data[0] : attributes.float(name, otherwise);
    return [bound(1, 'min', Number.NEGATIVE_INFINITY), bound(2, 'max', Number.POSITIVE_INFINITY)];
  }

  #pool(node: NodeProto, attributes: Attributes): void {
    const value = this.#maps(node.input[0]);
    const [channels, size] = value.made;
    const sides = attributes.list('kernel_shape') ?? [];
    const [kernel] = sides;
    if (sides.length !== 2 || kernel !== sides[1])
      throw new Misfit(`has windows of ${sides.join('×')}, which are not square`);
    const { stride, padding } = windowOf(attributes, kernel, size);
    if ((attributes.list('dilations') ?? []).some((dilation) => dilation !== 1))
      throw new Misfit('is dilated');
    const reach = size + 2 * padding - kernel;
    if (attributes.whole('ceil_mode', 0) !== 0 && reach % stride !== 0)
      throw new Misfit('has windows that are cut off at the edge (ceil_mode)');
    const side = Math.floor(reach / stride) + 1;
    const named = { name: this.#name(node), from: value.layer };
    if (node.opType === 'MaxPool') {
      this.#leave(node, { op: 'maximum pool', ...named, kernel, stride, padding }, [channels, side, side]);
      return;
    }
    if (padding !== 0) throw new Misfit('averages over a padding');
    this.#leave(node, { op: 'average pool', ...named, kernel, stride }, [channels, side, side]);
  }

  /** isKept: the axes stay, of one position each. */
  #average(node: NodeProto, isKept: boolean): void {
    const value = this.#value(node.input[0]);
    const [channels] = value.made;
    if (value.made.length !== 3 || value.dims[0] !== channels)
      throw new Misfit(`averages a value of the shape [${value.dims}]`);
    const name = this.#name(node);
    this.#layers.push({ op: 'average', name, from: value.layer });
    this.#values.set(node.output[0], {
      layer: name,
      dims: isKept ? [channels, 1, 1] : [channels],
      made: [channels],
    });
  }

  #reduce(node: NodeProto, attributes: Attributes): void {
    const value = this.#value(node.input[0], true);
    const { dims, made, layer } = value;
    const given =
      attributes.list('axes') ??
      (node.input[1] ? Array.from(this.#constant(node.input[1], 'axes').data) : []);
    const axes = given.map((axis) => (axis < 0 ? axis + dims.length + 1 : axis)).sort((a, b) => a - b);
    const isKept = attributes.whole('keepdims', 1) !== 0;
    const isMean = node.opType === 'ReduceMean';
    if (value.turned?.step === 'responses' && !isMean && axes.join() === '1' && !isKept) {
      this.#largestOf(node, value);
      return;
    }
    if (value.turned) throw new Misfit('goes over turned maps in a way that is not known');
    const isAllPositions =
      made.length === 3 &&
      dims[0] === made[0] &&
      axes.join() ===
        dims
          .map((_, i) => i + 1)
          .slice(1)
          .join();
    if (isMean && isAllPositions) {
      this.#average(node, isKept);
      return;
    }
    // A field's channels stand apart, on an axis of their own.
    if (axes.join() === '2' && dims.length >= 2 && dims[0] * dims[1] === made[0] && dims[1] > 1) {
      const [fields, order, ...rest] = dims;
      const name = this.#name(node);
      this.#layers.push({ op: isMean ? 'field mean' : 'field maximum', name, from: layer, order });
      const after = [fields, ...(isKept ? [1] : []), ...rest];
      this.#values.set(node.output[0], { layer: name, dims: after, made: [fields, ...made.slice(1)] });
      return;
    }
    throw new Misfit(
      `goes over the axes ${axes.join(', ')} of a value of the shape [${dims}], which is neither all positions nor a field’s channels`,
    );
  }

  /** One row of numbers for each picture. */
  #flat(node: NodeProto, value: Value): Value {
    if (value.made.length === 1) return { ...value, dims: value.made };
    const name = this.#name(node);
    this.#layers.push({ op: 'flatten', name, from: value.layer });
    const dims = [sizeOf(value.made)];
    return { layer: name, dims, made: dims };
  }

  #reshape(node: NodeProto, attributes: Attributes): void {
    const constant = this.#constants.get(node.input[0]);
    if (constant) {
      // Of a constant only the count of its axes changes, which is not looked at.
      this.#constants.set(node.output[0], constant);
      return;
    }
    const value = this.#value(node.input[0], true);
    const dims =
      node.opType === 'Reshape' ? this.#wantedShape(node, value) : this.#squeezed(node, attributes, value);
    if (value.turned) {
      const [order, channels, positions] = value.dims;
      if (value.turned.step !== 'transposed' || dims.join() !== [order, channels * positions].join())
        throw new Misfit('counts turned maps in a way that is not known');
      this.#values.set(node.output[0], { ...value, dims, turned: { ...value.turned, step: 'rows' } });
      return;
    }
    if (sizeOf(dims) !== sizeOf(value.dims))
      throw new Misfit(`asks for the shape [${dims}] of a value of the shape [${value.dims}]`);
    this.#values.set(node.output[0], dims.length === 1 ? this.#flat(node, value) : { ...value, dims });
  }

  #wantedShape(node: NodeProto, value: Value): number[] {
    const stored = this.#constants.get(node.input[1]);
    const wanted: Dimensions | undefined = stored ? Array.from(stored.data) : this.#shapes.get(node.input[1]);
    if (!wanted) throw new Misfit('asks for a shape that is computed in a way that is not known');
    const [pictures, ...rest] = wanted;
    if (rest.includes('batch')) throw new Misfit('mixes the pictures of a batch');
    const total = sizeOf(value.dims);
    const filled = (rest as number[]).map((size, i) => (size === 0 ? value.dims[i] : size));
    const known = sizeOf(filled.filter((size) => size !== -1));
    const out = filled.map((size) => (size === -1 ? total / known : size));
    // The first axis is that of the pictures, whichever way it is said.
    const isBatch =
      pictures === 'batch' || pictures === 0 || pictures === 1 || (pictures === -1 && sizeOf(out) === total);
    if (!isBatch && sizeOf(out) !== total)
      throw new Misfit(`asks for the shape [${wanted}], which mixes the pictures of a batch`);
    return out;
  }

  #squeezed(node: NodeProto, attributes: Attributes, { dims }: Value): number[] {
    const given =
      attributes.list('axes') ??
      (node.input[1] ? Array.from(this.#constant(node.input[1], 'axes').data) : undefined);
    if (!given) return dims.filter((size) => size !== 1);
    if (node.opType === 'Unsqueeze') throw new Misfit('adds an axis');
    const axes = given.map((axis) => (axis < 0 ? axis + dims.length + 1 : axis));
    return dims.filter((_, i) => !axes.includes(i + 1));
  }

  /** The first steps of a dense layer in all orientations: maps [C, s²] → [C, |G|, s²] → [|G|, C, s²]. */
  #turn(node: NodeProto, attributes: Attributes): void {
    const value = this.#value(node.input[0], true);
    const { dims, made, turned } = value;
    if (
      node.opType === 'Gather' &&
      made.length === 3 &&
      dims.length === 2 &&
      attributes.whole('axis', 0) === 2
    ) {
      const { data, shape } = this.#constant(node.input[1], 'places');
      const group = groupOf(data, made[1]);
      if (shape.length !== 2 || !group) throw new Misfit('takes positions of a map that are no turns of it');
      this.#values.set(node.output[0], {
        ...value,
        dims: [dims[0], shape[0], dims[1]],
        turned: { group, step: 'gathered' },
      });
      return;
    }
    if (
      node.opType === 'Transpose' &&
      turned?.step === 'gathered' &&
      attributes.list('perm')?.join() === '0,2,1,3'
    ) {
      const [channels, order, positions] = dims;
      this.#values.set(node.output[0], {
        ...value,
        dims: [order, channels, positions],
        turned: { ...turned, step: 'transposed' },
      });
      return;
    }
    throw new Misfit(`puts a value of the shape [${dims}] into an order that is not known`);
  }

  /** What a dense layer in all orientations leaves, when the largest of them were taken. */
  #largestOf(node: NodeProto, { layer, turned }: Value): void {
    const { name, weight } = turned!.dense!;
    const raw = { op: 'turned dense' as const, name, from: layer, weight, bias: null, group: turned!.group };
    this.#leave(node, raw, [weight.shape[0]]);
  }

  #dense(node: NodeProto, attributes: Attributes): void {
    const value = this.#value(node.input[0], true);
    if (value.turned) {
      const { shape, data } = this.#constant(node.input[1], 'weights');
      const { turned, dims } = value;
      if (node.opType !== 'MatMul' || turned.step !== 'rows' || shape.length !== 2 || shape[0] !== dims[1])
        throw new Misfit('multiplies turned maps in a way that is not known');
      const [inputs, outputs] = shape;
      const laid = Float32Array.from(data, (_, i) => data[(i % inputs) * outputs + Math.floor(i / inputs)]);
      const dense = { name: this.#name(node), weight: { shape: [outputs, inputs], data: laid } };
      const after = {
        ...value,
        dims: [dims[0], outputs],
        turned: { ...turned, step: 'responses' as const, dense },
      };
      this.#values.set(node.output[0], after);
      return;
    }
    const { shape, data } = this.#constant(node.input[1], 'weights');
    if (value.dims.length !== 1 || shape.length !== 2)
      throw new Misfit(`multiplies a value of the shape [${value.dims}], and should a row of numbers`);
    const isGemm = node.opType === 'Gemm';
    if (isGemm && (attributes.float('alpha', 1) !== 1 || attributes.whole('transA', 0) !== 0))
      throw new Misfit('is scaled or transposed in a way that is not known');
    const isLaid = isGemm && attributes.whole('transB', 0) !== 0;
    const [outputs, inputs] = isLaid ? shape : [shape[1], shape[0]];
    if (inputs !== value.dims[0])
      throw new Misfit(`reads ${inputs} numbers, and ${value.dims[0]} stand before it`);
    const laid = Float32Array.from({ length: data.length }, (_, i) =>
      isLaid ? data[i] : data[(i % inputs) * outputs + Math.floor(i / inputs)],
    );
    const added = isGemm && node.input[2] ? this.#constant(node.input[2], 'biases').data : null;
    const factor = attributes.float('beta', 1);
    const bias =
      added && Float32Array.from({ length: outputs }, (_, o) => factor * added[added.length === 1 ? 0 : o]);
    const weight = { shape: [outputs, inputs], data: laid };
    this.#leave(node, { op: 'dense', name: this.#name(node), from: value.layer, weight, bias }, [outputs]);
  }

  /** A residual sum, or a factor or a shift of every channel. */
  #arithmetic(node: NodeProto): void {
    const { opType, input } = node;
    const constants = input.map((name) => this.#constants.get(name));
    if (!constants[0] && !constants[1]) {
      const [a, b] = [this.#value(input[0]), this.#value(input[1])];
      if (opType !== 'Add') throw new Misfit('joins two values in another way than by adding them');
      if (a.dims.join() !== b.dims.join() || a.made.join() !== b.made.join())
        throw new Misfit(`adds values of the shapes [${a.dims}] and [${b.dims}]`);
      const layer = { op: 'sum' as const, name: this.#name(node), from: a.layer, and: b.layer };
      this.#leave(node, layer, a.made);
      this.#values.set(node.output[0], { layer: layer.name, dims: a.dims, made: a.made });
      return;
    }
    if (constants[0] && constants[1]) throw new Misfit('computes with constants alone');
    const constant = (constants[0] ?? constants[1])!;
    const isFirst = constants[0] !== undefined;
    if (isFirst && (opType === 'Sub' || opType === 'Div'))
      throw new Misfit('subtracts or divides a constant by a value');
    const value = this.#value(input[isFirst ? 1 : 0]);
    const width = value.made[0];
    const each = perChannel(constant, value, width);
    const layer = this.#layers.at(-1);
    if (
      opType === 'Add' &&
      (layer?.op === 'dense' || layer?.op === 'turned dense') &&
      layer.name === value.layer &&
      layer.bias === null
    ) {
      this.#layers[this.#layers.length - 1] = { ...layer, bias: Float32Array.from(each) };
      this.#values.set(node.output[0], value);
      return;
    }
    const isFactor = opType === 'Mul' || opType === 'Div';
    const signed = each.map((number) =>
      opType === 'Div' ? 1 / number : opType === 'Sub' ? -number : number,
    );
    const scale = Float32Array.from(signed, (number) => (isFactor ? number : 1));
    const shift = Float32Array.from(signed, (number) => (isFactor ? 0 : number));
    const name = this.#name(node);
    this.#layers.push({ op: 'scale', name, from: value.layer, scale, shift });
    this.#values.set(node.output[0], { ...value, layer: name });
  }

  /** What happens to bytes before the first layer; whether the node is a part of it. */
  #startsWithBytes({ opType, input, output }: NodeProto, attributes: Attributes): boolean {
    const at = input.findIndex((name) => this.#preludes.has(name));
    if (at < 0) return false;
    const prelude = this.#preludes.get(input[at])!;
    if (prelude.isTransposed && !STEPS_OF_BYTES.has(opType)) return false;
    const next = { ...prelude };
    if (opType === 'Transpose') {
      if (attributes.list('perm')?.join() !== '0,3,1,2')
        throw new Misfit('puts the axes of a picture into an order that is not known');
      Object.assign(next, { isTransposed: true });
    } else if (opType !== 'Cast') {
      const constant = this.#constants.get(input[1 - at]);
      const isKnown =
        ['Add', 'Sub', 'Mul', 'Div'].includes(opType) &&
        constant &&
        (at === 0 || opType === 'Add' || opType === 'Mul');
      if (!isKnown) throw new Misfit('reads bytes, and only their normalisation is known there');
      const { factor, shift } = prelude;
      const numbers = factor.map((_, c) => constant.data[constant.data.length === 1 ? 0 : c]);
      if (constant.data.length !== 1 && constant.data.length !== factor.length)
        throw new Misfit('normalises by other than a number for each channel');
      const by = (c: number) => (opType === 'Div' ? 1 / numbers[c] : numbers[c]);
      const isFactor = opType === 'Mul' || opType === 'Div';
      Object.assign(next, {
        factor: factor.map((each, c) => (isFactor ? each * by(c) : each)),
        shift: shift.map((each, c) =>
          isFactor ? each * by(c) : opType === 'Sub' ? each - numbers[c] : each + numbers[c],
        ),
      });
    }
    this.#preludes.set(output[0], next);
    if (next.isTransposed) {
      // Any of these may be what the first layer reads.
      const dims = [next.factor.length, this.#input.size, this.#input.size];
      this.#values.set(output[0], { layer: PICTURE, dims, made: dims });
      this.#first = next;
    }
    return true;
  }

  /** Shapes that are computed from a value's, as exporters do to flatten a batch; whether the node is a part of that. */
  #computesShape(node: NodeProto, attributes: Attributes): boolean {
    const { opType, input, output } = node;
    const known = (name: string): Dimensions | undefined => {
      const constant = this.#constants.get(name);
      return this.#shapes.get(name) ?? (constant?.isWhole ? Array.from(constant.data) : undefined);
    };
    if (opType === 'Shape') {
      this.#shapes.set(output[0], ['batch', ...this.#value(input[0]).dims]);
      return true;
    }
    if (!input.some((name) => this.#shapes.has(name)) || opType === 'Reshape') return false;
    const first = known(input[0]);
    if (!first) throw new Misfit('computes with a shape in a way that is not known');
    switch (opType) {
      case 'Gather': {
        const indices = known(input[1]);
        if (!indices) throw new Misfit('takes from a shape what is computed');
        this.#shapes.set(
          output[0],
          indices.map((i) => first.at(Number(i))!),
        );
        return true;
      }
      case 'Concat': {
        const parts = input.map(known);
        if (parts.includes(undefined)) throw new Misfit('joins shapes that are not known');
        this.#shapes.set(output[0], (parts as Dimensions[]).flat());
        return true;
      }
      case 'Slice': {
        const [starts, ends] = [
          known(input[1]) ?? attributes.list('starts'),
          known(input[2]) ?? attributes.list('ends'),
        ];
        if (!starts || !ends) throw new Misfit('takes from a shape what is computed');
        this.#shapes.set(output[0], first.slice(Number(starts[0]), Number(ends[0])));
        return true;
      }
      case 'Unsqueeze':
      case 'Squeeze':
      case 'Cast':
      case 'Identity':
        this.#shapes.set(output[0], first);
        return true;
      default:
        throw new Misfit('computes with a shape in a way that is not known');
    }
  }
}

/** The group whose elements turn a map by these places, one after the other. */
function groupOf(places: ArrayLike<number>, size: number): GroupName | undefined {
  return GROUP_NAMES.find((name) => {
    const wanted = GROUPS[name].elements.flatMap((g) => Array.from(turnSource(size, g)));
    return wanted.length === places.length && wanted.every((place, i) => place === places[i]);
  });
}

function constantOf(attributes: Attributes): Tensor | string {
  const ints = attributes.list('value_ints');
  if (ints) return { shape: [ints.length], data: Float64Array.from(ints), isWhole: true };
  if (attributes.has('value_int'))
    return { shape: [], data: Float64Array.of(attributes.whole('value_int', 0)), isWhole: true };
  if (attributes.has('value_float'))
    return { shape: [], data: Float32Array.of(attributes.float('value_float', 0)), isWhole: false };
  return 'holds a constant of a kind that is not known';
}

/** Stride and padding of windows; throws where they are not the same in both directions and at all sides. */
function windowOf(attributes: Attributes, kernel: number, size: number): { stride: number; padding: number } {
  const [stride, across] = attributes.list('strides') ?? [1, 1];
  if (stride !== across) throw new Misfit(`has strides of ${stride} and ${across}`);
  const auto = attributes.text('auto_pad', 'NOTSET');
  if (auto === 'VALID') return { stride, padding: 0 };
  if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') {
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
    if (total % 2 !== 0) throw new Misfit('has more padding at one side than at the other');
    return { stride, padding: total / 2 };
  }
  const pads = attributes.list('pads') ?? [0, 0, 0, 0];
  if (pads.some((each) => each !== pads[0] || each < 0))
    throw new Misfit(`has paddings of ${pads.join(', ')}, which are not the same at all sides`);
  return { stride, padding: pads[0] };
}

/** A constant as a number for each channel (maps), or for each number (rows). */
function perChannel({ shape, data }: Tensor, { dims }: Value, width: number): number[] {
  if (data.length === 1) return new Array<number>(width).fill(data[0]);
  const trailing = dims.length - 1;
  // [C], or with ones behind it for the positions, and maybe one before it for the pictures.
  const axes = shape.filter((size) => size !== 1);
  const isRow = dims.length === 1;
  const isLaid = isRow
    ? shape.at(-1) === width
    : shape.length > trailing && shape[shape.length - trailing - 1] === width;
  if (axes.length !== 1 || !isLaid || data.length !== width)
    throw new Misfit(
      `has a constant of the shape [${shape}] for a value of the shape [${dims}], which is not one for each channel`,
    );
  return Array.from(data);
}

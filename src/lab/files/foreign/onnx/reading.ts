/**
 * What is known of an ONNX graph while its nodes are read, and how its readers ask and add to it. Values are followed with their
 * axes but the first, the pictures of a batch: a reshape changes only how a value's numbers are counted, and what it means is
 * seen at the next node.
 */
import { PICTURE } from '../../../families/imported/spec';
import type { Param } from '../../../nn/model';
import type { GroupName } from '../../../symmetry/group';
import type { NodeProto } from '../../onnx/schema/onnx_pb';
import type { RawLayer } from '../raw';
import type { Attributes, Tensor } from './values';

/** What a layer left, and how its numbers are counted now. */
export interface Value {
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
export interface Prelude {
  readonly factor: readonly number[];
  readonly shift: readonly number[];
  readonly isTransposed: boolean;
}

/** Part of the computation of a shape from the batch's size. */
export type Dimensions = readonly (number | 'batch')[];

export interface Reading {
  /** Side of the pictures, in pixels. */
  readonly size: number;
  /** By the names of the graph: stored numbers, what layers left, shapes computed, and bytes that no layer has read. */
  readonly constants: Map<string, Tensor>;
  readonly values: Map<string, Value>;
  readonly shapes: Map<string, Dimensions>;
  readonly preludes: Map<string, Prelude>;
  /** In the order in which they were read. */
  readonly layers: RawLayer[];
  /** Taken by layers. */
  readonly names: Set<string>;
  /** What is done to bytes before the first layer. */
  first: Prelude | null;
  /** The value of the logits' probabilities. */
  probabilities: string | null;
}

/** Reads one node: adds to the reading, or throws `Misfit`. */
export type Reader = (reading: Reading, node: NodeProto, attributes: Attributes) => void;

/** Why a node cannot be read, as the end of a sentence that begins with its name. */
export class Misfit extends Error {}

/** The reading of a graph of which no node was read yet. */
export function begin(constants: Map<string, Tensor>, size: number): Reading {
  return {
    size,
    constants,
    values: new Map(),
    shapes: new Map(),
    preludes: new Map(),
    layers: [],
    names: new Set([PICTURE]),
    first: null,
    probabilities: null,
  };
}

export const sizeOf = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** mayTurn: on its way through a dense layer in all orientations, which few nodes know. Throws `Misfit`. */
export function valueAt(reading: Reading, name: string, mayTurn = false): Value {
  const value = reading.values.get(name);
  if (!value) throw new Misfit(`reads "${name}", which is no value of the picture`);
  if (value.turned && !mayTurn) throw new Misfit('reads turned maps in a way that is not known');
  if (name === reading.probabilities)
    throw new Misfit('reads probabilities, which only an answer is made of');
  return value;
}

/** Stored numbers; throws `Misfit` where they are computed. what: in the plural, as in "has filters that are computed". */
export function constantAt(reading: Reading, name: string | undefined, what: string): Tensor {
  const found = name === undefined ? undefined : reading.constants.get(name);
  if (!found) throw new Misfit(`has ${what} that are computed, not stored`);
  return found;
}

/** Maps as a layer left them; throws `Misfit` for other values. */
export function mapsAt(reading: Reading, name: string): Value {
  const value = valueAt(reading, name);
  const { dims, made } = value;
  if (made.length === 1 && dims.length === 3)
    throw new Misfit('reads averages over the whole map as maps of 1×1');
  if (made.length !== 3 || dims.join() !== made.join())
    throw new Misfit(`reads a value of the shape [${dims}], and should read maps`);
  return value;
}

/** A name for the node's layer that no other has; it is taken from now on. */
export function nameFor(reading: Reading, node: NodeProto): string {
  const wanted = (node.name || node.output[0] || node.opType).slice(0, 190);
  // Weights are called after their layers, which is what people know a layer by.
  const weight = node.input[1];
  const own = /^(.{1,180})\.weight$/.exec(weight ?? '')?.[1];
  const base = own ?? wanted;
  let name = base;
  for (let number = 2; reading.names.has(name); number++) name = `${base}.${number}`;
  reading.names.add(name);
  return name;
}

/** Adds the node's layer, of which its first output is the value. made: axes but the first. */
export function leave(reading: Reading, node: NodeProto, layer: RawLayer, made: readonly number[]): void {
  reading.layers.push(layer);
  reading.values.set(node.output[0], { layer: layer.name, dims: made, made });
}

/**
 * A model is a value: an architecture and its parameters in plain typed arrays. Live tensors exist only
 * inside a stage. Pruning, fine-tuning, saving are functions from models to models or bytes.
 */
import { BadInput } from '../errors';
import type { AnyArch } from './arch';

export interface Param {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Weights in 8-bit integers; the floats they stand for are these times the scale stored beside them. */
export interface Int8Param {
  readonly shape: readonly number[];
  readonly data: Int8Array;
}

export type Params = Readonly<Record<string, Param>>;

/** Per-channel mean and standard deviation of pixel/255 over the training tiles. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** A network of the family whose architectures are `Arch`; by default of any: trained, evaluated, saved alike. */
export interface Model<Arch extends AnyArch = AnyArch> {
  readonly arch: Arch;
  /** Everything stored as floats. */
  readonly params: Params;
  /** The weights stored as integers, where `arch.int8` says that there are any. */
  readonly int8?: Readonly<Record<string, Int8Param>>;
  readonly classes: readonly string[];
  readonly normalisation: Normalisation;
  /** Where it came from: the recipe that made it, the data and split, figures worth keeping. JSON. */
  readonly provenance: Readonly<Record<string, unknown>>;
}

export type AnyModel = Model;

/**
 * A model as it is run to be looked at: single channels of its blocks may be silenced. That breaks its symmetry, so it is
 * done for the counter-example only (prune/counterexamples/channels.ts), and no file can hold it.
 */
export interface RunModel<Arch extends AnyArch = AnyArch> extends Model<Arch> {
  /** By block, in order: channels whose output is zero. */
  readonly silenced?: readonly Uint32Array[];
}

/** Throws `BadInput` for a network in integers, which can be evaluated and nothing else. */
export function requireFloat({ arch }: Pick<Model, 'arch'>): void {
  if (!arch.int8) return;
  throw new BadInput(
    'The weights of this network are 8-bit integers, which can be evaluated but not changed: take the network it ' +
      'was quantised from, and quantise last.',
  );
}

/** Numbers in an array of this shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/**
 * A model is a value: an architecture and its parameters in plain typed arrays. Live tensors exist only
 * inside a stage. Pruning, fine-tuning, saving are functions from models to models or bytes.
 */
import { BadInput } from '../errors';
import { type AnyArch, isComparator } from '../families/anyArch';
import type { ArchSpec } from '../families/gcnn/arch';

export interface Param {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Weights in 8-bit integers; the floats they stand for are these times `<layer>.weight_scale`. */
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

export interface Model<Arch extends AnyArch = ArchSpec> {
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

/** A network of the lab's own kind or a comparator: can be trained, evaluated, quantised and saved alike. */
export type AnyModel = Model<AnyArch>;

/** The model as one with hidden neurons; throws `BadInput` for a comparator, where there is nothing to remove. */
export function requireHidden(model: AnyModel, name = 'This network'): Model {
  const { arch } = model;
  if (!isComparator(arch)) return { ...model, arch };
  throw new BadInput(
    `${name} is ${arch.id}, a comparator with a single dense layer: it has no hidden neurons to show, remove or ` +
      'fine-tune. It can be trained, quantised and evaluated; for pruning choose a network with a hidden layer.',
  );
}

/**
 * A model as it is run to be looked at: single channels of its blocks may be silenced. That breaks its symmetry, so it is
 * done for the counter-example only (prune/counterexamples/channels.ts), and no file can hold it.
 */
export interface RunModel extends AnyModel {
  /** By block, in order: channels whose output is zero. */
  readonly silenced?: readonly Uint32Array[];
}

/** Throws `BadInput` for a network in integers, which can be evaluated and nothing else. */
export function requireFloat({ arch }: Pick<AnyModel, 'arch'>): void {
  if (!arch.int8) return;
  throw new BadInput(
    'The weights of this network are 8-bit integers, which can be evaluated but not changed: take the network it ' +
      'was quantised from, and quantise last.',
  );
}

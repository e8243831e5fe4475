/**
 * A model is a value: an architecture and its parameters in plain typed arrays. Live tensors exist only
 * inside a stage. Pruning, fine-tuning, saving are functions from models to models or bytes.
 */
import type { ArchSpec } from './arch';

export interface Param {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Params = Readonly<Record<string, Param>>;

/** Per-channel mean and standard deviation of pixel/255 over the training tiles. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface Model {
  readonly arch: ArchSpec;
  readonly params: Params;
  readonly classes: readonly string[];
  readonly normalisation: Normalisation;
  /** Where it came from: the recipe that made it, the data and split, figures worth keeping. JSON. */
  readonly provenance: Readonly<Record<string, unknown>>;
}

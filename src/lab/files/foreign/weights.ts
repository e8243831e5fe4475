/** The tensors of a checkpoint by name, each taken once: what is left over at the end is a layer that was not understood. */
import { firstNotFinite } from '../../finite';
import type { Param } from '../../nn/model';
import type { SafeFile } from '../safetensors';

/** Counters that PyTorch keeps beside running statistics, which no answer depends on. */
const COUNTERS = /(^|\.)num_batches_tracked$/;

export class Weights {
  readonly #file: SafeFile;
  readonly #taken = new Set<string>();
  /** What does not fit, a sentence's part for each layer. */
  readonly misfits: string[] = [];

  constructor(file: SafeFile) {
    this.#file = file;
  }

  get names(): readonly string[] {
    return [...Object.keys(this.#file.tensors), ...Object.keys(this.#file.unread ?? {})].filter(
      (name) => !COUNTERS.test(name),
    );
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#file.tensors, name) || Object.hasOwn(this.#file.unread ?? {}, name);
  }

  /** The shape of a tensor, or null. */
  shape(name: string): readonly number[] | null {
    return Object.hasOwn(this.#file.tensors, name) ? this.#file.tensors[name].shape : null;
  }

  /** A tensor of floats with so many axes; what is wrong with it becomes a misfit, and an empty one is handed on. */
  take(name: string, axes: number): Param {
    const nothing = { shape: new Array<number>(axes).fill(0), data: new Float32Array() };
    const wrong = (why: string): Param => {
      this.misfits.push(`"${name}" ${why}`);
      return nothing;
    };
    this.#taken.add(name);
    const type = this.#file.unread?.[name];
    if (type !== undefined) return wrong(`holds numbers of type ${type}`);
    if (!Object.hasOwn(this.#file.tensors, name)) return wrong('is missing');
    const { shape, data } = this.#file.tensors[name];
    if (!(data instanceof Float32Array)) return wrong('holds integers');
    if (shape.length !== axes) return wrong(`has the shape [${shape}], not one of ${axes} axes`);
    if (shape.includes(0)) return wrong(`has the shape [${shape}], with nothing in it`);
    if (firstNotFinite(data) !== undefined) return wrong('holds what is no number');
    return { shape, data };
  }

  /** The same of one axis and a known length. */
  takeRow(name: string, length: number): Float32Array {
    const { shape, data } = this.take(name, 1);
    if (data.length > 0 && shape[0] !== length) {
      this.misfits.push(`"${name}" has ${shape[0]} numbers, and its layer ${length} outputs`);
      return new Float32Array(length);
    }
    return data;
  }

  /** Passes over tensors that say again what others say. */
  ignore(name: string): void {
    this.#taken.add(name);
  }

  /** Tensors that nothing has taken. */
  left(): string[] {
    return this.names.filter((name) => !this.#taken.has(name));
  }
}

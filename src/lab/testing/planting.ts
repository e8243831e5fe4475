/** NaN and infinity in the midst of a computation: in one number of what an operation leaves, at one of its calls. */
import type { KernelsBackend } from '../runtime/kernels/backend';
import * as tf from '../runtime/tf';

export interface Plant {
  /** The operation's name in tfjs. */
  readonly kernel: string;
  /** Which of what it leaves; the first without it. */
  readonly output?: number;
  readonly value: number;
  /** How many calls are passed over first. */
  readonly after?: number;
}

/** Operations of the WASM engine that something can be planted in. */
export interface Watched {
  /** Plants at the next call, or after so many. */
  plant(what: Plant): void;
  /** Whether the last plant was put somewhere. */
  isPlanted(): boolean;
  end(): void;
}

/** Watches the given operations until the end, which has to be called. */
export function watchKernels(names: readonly string[]): Watched {
  const originals = names.map((name) => tf.getKernel(name, 'wasm'));
  let next: Plant | null = null;
  let after = 0;
  originals.forEach((original, i) => {
    const name = names[i];
    if (!original) throw new Error(`There is no operation "${name}".`);
    replace({
      ...original,
      kernelFunc: (given) => {
        const left = original.kernelFunc(given);
        if (next?.kernel === name && after-- === 0) {
          const values = (given.backend as KernelsBackend).values([left].flat()[next.output ?? 0]);
          values[values.length >> 1] = next.value;
          next = null;
        }
        return left;
      },
    });
  });
  return {
    plant: (what) => {
      next = what;
      after = what.after ?? 0;
    },
    isPlanted: () => next === null,
    end: () => {
      for (const original of originals) replace(original!);
    },
  };
}

function replace(kernel: tf.KernelConfig): void {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  tf.registerKernel(kernel);
}

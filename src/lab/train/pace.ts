/** How fast a network trains on the running engine, whatever its weights and tiles are. */
import type { Dataset } from '../data/dataset';
import { initialParams } from '../families/init';
import type { AnyArch } from '../nn/arch';
import { uniform } from '../random';
import { trainSettingsSchema } from './settings';
import { trainModel } from './train';

/** Tiles of a step. */
export const PACE_BATCH = 32;
const BATCHES = 8;
/** Steps that pay for what is set up once: shaders, tables, the first blocks of memory. */
export const WARM_UP = 2;

export interface PaceSteps {
  /** One step of training, to its end. */
  step(): Promise<void>;
  /** Frees what it holds. */
  end(): Promise<void>;
}

/** A training on noise without an end, of which nothing is kept, step by step of so many tiles. */
export function paceSteps(arch: AnyArch, batch = PACE_BATCH, batches = BATCHES): PaceSteps {
  const dataset = noise(arch, batch * batches);
  const all = Uint32Array.from({ length: dataset.count }, (_, i) => i);
  const splits = { seed: 1, fractions: { train: 1, val: 0, test: 0 }, train: all, val: all, test: all };
  const { channels } = arch.input;
  const model = {
    arch,
    params: initialParams(arch, 1),
    classes: dataset.classes,
    normalisation: { mean: new Array(channels).fill(0.5), std: new Array(channels).fill(0.3) },
    provenance: {},
  };
  const settings = trainSettingsSchema.parse({ epochs: 1000, patience: 1000, batch });
  const training = trainModel(model, dataset, { ...splits, val: all.subarray(0, 1) }, settings, 1);
  return {
    async step() {
      for (;;) {
        const next = await training.next();
        if (next.done) throw new Error('a training without an end has ended');
        if (next.value.type === 'batch') return;
      }
    },
    async end() {
      await training.return(undefined as never);
    },
  };
}

/** Tiles trained per second, measured over so many milliseconds and at least one step, after two that do not count. */
export async function trainingRate(arch: AnyArch, milliseconds: number): Promise<number> {
  const steps = paceSteps(arch);
  try {
    for (let i = 0; i < WARM_UP; i++) await steps.step();
    const began = performance.now();
    for (let done = 1; ; done++) {
      await steps.step();
      const passed = performance.now() - began;
      if (passed >= milliseconds) return (1000 * PACE_BATCH * done) / passed;
    }
  } finally {
    await steps.end();
  }
}

/** Timing does not depend on what is on the tiles. */
function noise({ input: { size, channels }, classes: count }: AnyArch, tiles: number): Dataset {
  const next = uniform('pace', size);
  const classes = Array.from({ length: count }, (_, i) => `${i}`);
  return {
    ...{ name: 'noise', title: 'noise', synthetic: true, classes, size, channels, count: tiles },
    pixels: Uint8Array.from({ length: tiles * size * size * channels }, () => Math.floor(256 * next())),
    labels: Uint8Array.from({ length: tiles }, (_, i) => i % count),
    keys: Array.from({ length: tiles }, (_, i) => `${i}`),
  };
}

/** How fast a network trains on the running engine, whatever its weights and tiles are. */
import type { Dataset } from '../data/dataset';
import { initialParams } from '../families/init';
import type { AnyArch } from '../nn/arch';
import { uniform } from '../random';
import { trainSettingsSchema } from './settings';
import { trainModel } from './train';

const BATCH = 32;
const BATCHES = 8;
/** Steps that pay for what is set up once: shaders, tables, the first blocks of memory. */
const WARM_UP = 2;

/** Tiles trained per second, measured over so many milliseconds and at least one step, after two that do not count. */
export async function trainingRate(arch: AnyArch, milliseconds: number): Promise<number> {
  const dataset = noise(arch);
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
  const settings = trainSettingsSchema.parse({ epochs: 1000, patience: 1000, batch: BATCH });
  const training = trainModel(model, dataset, { ...splits, val: all.subarray(0, 1) }, settings, 1);
  let [steps, began] = [0, performance.now()];
  try {
    for (;;) {
      const step = await training.next();
      if (step.done) throw new Error('a training without an end has ended');
      if (step.value.type !== 'batch') continue;
      const passed = performance.now() - began;
      if (steps++ < WARM_UP) began = performance.now();
      else if (passed >= milliseconds) return (1000 * BATCH * (steps - WARM_UP)) / passed;
    }
  } finally {
    await training.return(undefined as never);
  }
}

/** Timing does not depend on what is on the tiles. */
function noise({ input: { size, channels }, classes: count }: AnyArch): Dataset {
  const next = uniform('pace', size);
  const tiles = BATCH * BATCHES;
  const classes = Array.from({ length: count }, (_, i) => `${i}`);
  return {
    ...{ name: 'noise', title: 'noise', synthetic: true, classes, size, channels, count: tiles },
    pixels: Uint8Array.from({ length: tiles * size * size * channels }, () => Math.floor(256 * next())),
    labels: Uint8Array.from({ length: tiles }, (_, i) => i % count),
    keys: Array.from({ length: tiles }, (_, i) => `${i}`),
  };
}

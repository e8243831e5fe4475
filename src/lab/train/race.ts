/** How fast networks train here: a few steps of each in turn, so that whatever else the device does meets all of them. */
import type { Dataset } from '../data/dataset';
import { median } from '../evaluate/latency';
import type { ArchSpec } from '../families/gcnn/arch';
import { convolutionMacs, type Multiplications, plainTwin } from '../families/gcnn/twin';
import { initialParams } from '../families/init';
import { uniform } from '../random';
import type { Stage } from '../stage/events';
import { fit } from './fit';
import { pictureProblem } from './problem';
import { trainSettingsSchema } from './settings';
import { trainPlan } from './train';

const BATCH = 32;
/** Steps of each that are not timed: what is set up once, and compiled. */
const WARM = 2;
const LEAST = 3;
const MOST = 40;
/** No further step begins after so many milliseconds of timed ones. */
const ENOUGH_MS = 4000;

export interface Runner {
  /** Training tiles per second, the median step's, optimiser and all. */
  readonly tilesPerSecond: number;
  readonly multiplications: Multiplications;
}

export interface Race {
  readonly symmetric: Runner;
  /** With as many channels. */
  readonly plain: Runner;
  readonly group: ArchSpec['group'];
  /** Channels of the widest block. */
  readonly channels: number;
  readonly batch: number;
  readonly steps: number;
}

/** A symmetric network against its plain twin. Nothing that is kept or shown is trained by it. */
export async function* race(arch: ArchSpec): Stage<Race> {
  const plain = plainTwin(arch);
  const { rates, steps } = yield* trainingRates([arch, plain]);
  const runner = (of: ArchSpec, i: number): Runner => ({
    tilesPerSecond: rates[i],
    multiplications: convolutionMacs(of),
  });
  return {
    symmetric: runner(arch, 0),
    plain: runner(plain, 1),
    group: arch.group,
    channels: Math.max(...plain.blocks.map(({ fields }) => fields)),
    batch: BATCH,
    steps,
  };
}

/** Training tiles per second of each, on tiles of noise. */
async function* trainingRates(archs: readonly ArchSpec[]): Stage<{ rates: number[]; steps: number }> {
  const runners = archs.map((arch) => ({ steps: stepsOf(arch), seconds: [] as number[] }));
  try {
    const began = performance.now();
    let step = 0;
    for (; step < WARM + MOST; step++) {
      if (step >= WARM + LEAST && performance.now() - began > ENOUGH_MS) break;
      yield { type: 'progress', what: 'training side by side', done: step, total: WARM + MOST };
      for (const { steps, seconds } of runners) {
        const start = performance.now();
        await steps.next();
        if (step >= WARM) seconds.push((performance.now() - start) / 1000);
      }
    }
    return { rates: runners.map(({ seconds }) => BATCH / median(seconds)), steps: step - WARM };
  } finally {
    for (const { steps } of runners) await steps.return(undefined as never);
  }
}

/** A training that goes on for longer than it is watched: it stops after every step. */
function stepsOf(arch: ArchSpec): ReturnType<typeof fit> {
  const dataset = noise(arch);
  const rows = Uint32Array.from({ length: BATCH * (WARM + MOST + 1) }, (_, i) => i % BATCH);
  const each = (value: number) => Array.from({ length: arch.input.channels }, () => value);
  const normalisation = { mean: each(0.5), std: each(0.25) };
  const problem = pictureProblem(arch, dataset, normalisation, rows, rows.subarray(0, 1));
  const plan = trainPlan(
    { arch, params: {}, classes: dataset.classes, normalisation, provenance: {} },
    trainSettingsSchema.parse({ epochs: 1, batch: BATCH, learningRate: 1e-3 }),
    1,
  );
  return fit(problem, initialParams(arch, 1), plan);
}

function noise({ input: { size, channels }, classes }: ArchSpec): Dataset {
  const next = uniform(1, 'race');
  return {
    name: 'noise',
    title: 'noise',
    synthetic: true,
    classes: Array.from({ length: classes }, (_, i) => `class ${i + 1}`),
    size,
    channels,
    count: BATCH,
    pixels: Uint8Array.from({ length: BATCH * size * size * channels }, () => Math.floor(256 * next())),
    labels: Uint8Array.from({ length: BATCH }, (_, i) => i % classes),
    keys: Array.from({ length: BATCH }, (_, i) => `${i}`),
  };
}

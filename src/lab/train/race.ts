/** How fast networks train here: a few steps of each in turn, so that whatever else the device does meets all of them. */
import { median } from '../evaluate/latency';
import type { ArchSpec } from '../families/gcnn/arch';
import { convolutionMacs, type Multiplications, plainTwin } from '../families/gcnn/twin';
import type { Stage } from '../stage/events';
import { PACE_BATCH, paceSteps, WARM_UP } from './pace';

/** Steps that are timed of each. */
const LEAST = 3;
const MOST = 40;
/** No further step begins after so many milliseconds. */
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
    batch: PACE_BATCH,
    steps,
  };
}

/** Training tiles per second of each, the median step's. */
async function* trainingRates(archs: readonly ArchSpec[]): Stage<{ rates: number[]; steps: number }> {
  const runners = archs.map((arch) => ({ pace: paceSteps(arch), seconds: [] as number[] }));
  try {
    const began = performance.now();
    let step = 0;
    for (; step < WARM_UP + MOST; step++) {
      if (step >= WARM_UP + LEAST && performance.now() - began > ENOUGH_MS) break;
      yield { type: 'progress', what: 'training side by side', done: step, total: WARM_UP + MOST };
      for (const { pace, seconds } of runners) {
        const start = performance.now();
        await pace.step();
        if (step >= WARM_UP) seconds.push((performance.now() - start) / 1000);
      }
    }
    return { rates: runners.map(({ seconds }) => PACE_BATCH / median(seconds)), steps: step - WARM_UP };
  } finally {
    for (const { pace } of runners) await pace.end();
  }
}

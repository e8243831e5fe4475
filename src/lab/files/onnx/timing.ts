/**
 * How long networks take to answer on this device, by the lab's engine and by ONNX Runtime: from normalised numbers in
 * memory to logits in memory, each in the layout that it reads. What is compared ran in turn, in one process.
 */
import { type Ratio, type Rounds, ratioOf, type Spread, spreadOf, timeInTurn } from '../../evaluate/timing';
import { graphOf } from '../../families/graphs';
import { openClassifier } from '../../families/networks';
import type { Model } from '../../nn/model';
import { uniform } from '../../random';
import { kernelThreads, useThreads } from '../../runtime/backend';
import * as tf from '../../runtime/tf';
import type { Stage } from '../../stage/events';
import { type OnnxNetwork, onnxOfGraph } from './onnx';
import type { openOnnx } from './runtime';

export const ENGINES = ['lab', 'onnxruntime'] as const;
export type TimedEngine = (typeof ENGINES)[number];

export interface TimedNetwork {
  readonly name: string;
  readonly model: Model;
  /** The place of the whole network that this one was made from; null where there is none. */
  readonly whole: number | null;
}

/** ONNX Runtime with a number of threads, as a host starts it. */
export interface OnnxOpener {
  readonly threads: number;
  open(network: OnnxNetwork): ReturnType<typeof openOnnx>;
}

export interface TimingPlan extends Rounds {
  /** Of the lab's engine; no more than it has. Where it does not run on the CPU's kernels, it has none to be chosen. */
  readonly threads: readonly number[];
  /** Pictures at a time. */
  readonly batches: readonly number[];
  readonly engines: readonly TimedEngine[];
}

/** Milliseconds of a call, on all of its pictures. */
export interface Timing extends Spread {
  /** Its place among the networks. */
  readonly network: number;
  readonly engine: TimedEngine;
  /** null: a graphics card computes. */
  readonly threads: number | null;
  readonly batch: number;
  /** To the whole network, by the same engine with as many threads and pictures; null where there is none. */
  readonly toWhole: Ratio | null;
  /** To the lab with the same network and pictures, and as many threads where it has any; null where it was not timed so. */
  readonly toLab: Ratio | null;
}

export interface TimedNetworks {
  readonly rows: readonly Timing[];
  /** Of each network: the most bytes of tensors that the lab's engine held in a pass, weights and maps, by batch. */
  readonly peaks: readonly { readonly network: number; readonly batch: number; readonly bytes: number }[];
}

interface Runner {
  readonly network: number;
  readonly engine: TimedEngine;
  readonly threads: number | null;
  readonly batch: number;
  run(): Promise<unknown>;
}

/** Throws `BadInput` for networks that ONNX Runtime cannot run, where it is asked for. */
export async function* timeNetworks(
  networks: readonly TimedNetwork[],
  plan: TimingPlan,
  runtimes: readonly OnnxOpener[],
  clock?: () => number,
  stop?: AbortSignal,
): Stage<TimedNetworks> {
  const held: { end(): unknown }[] = [];
  const before = kernelThreads();
  try {
    const runners: Runner[] = [];
    const peaks: TimedNetworks['peaks'][number][] = [];
    const withLab = plan.engines.includes('lab');
    const withOnnx = plan.engines.includes('onnxruntime') ? runtimes : [];
    for (const [network, { name, model }] of networks.entries()) {
      yield { type: 'progress', what: `opening ${name}`, done: network, total: networks.length };
      if (withLab) {
        const lab = openLab(model);
        held.push({ end: lab.dispose });
        for (const batch of plan.batches) {
          peaks.push({ network, batch, bytes: await lab.peak(batch) });
          for (const threads of before ? plan.threads : [null])
            runners.push({ network, engine: 'lab', threads, batch, run: () => lab.run(batch, threads) });
        }
      }
      const file = withOnnx.length > 0 ? onnxOf(model) : null;
      for (const { threads, open } of withOnnx) {
        const session = await open(file!);
        held.push({ end: () => session.release() });
        for (const batch of plan.batches) {
          const values = picturesFor(model, batch);
          runners.push({
            ...{ network, engine: 'onnxruntime', threads, batch },
            run: () => session.run(values, batch),
          });
        }
      }
    }
    const times = yield* timeInTurn(runners, plan, clock, stop);
    const rows = runners.map((runner, i) =>
      rowOf(runner, networks[runner.network].whole, times[i], runners, times),
    );
    return { rows, peaks };
  } finally {
    if (before) useThreads(before.working);
    for (const { end } of held) await end();
  }
}

function rowOf(
  { network, engine, threads, batch }: Runner,
  whole: number | null,
  own: readonly number[],
  runners: readonly Runner[],
  times: readonly (readonly number[])[],
): Timing {
  /** The ratios to another network or engine, where it was timed alike. */
  const ratioTo = (other: Pick<Runner, 'network' | 'engine'>): Ratio | null => {
    const at = runners.findIndex(
      (runner) =>
        runner.network === other.network &&
        runner.engine === other.engine &&
        (runner.threads === threads || runner.threads === null) &&
        runner.batch === batch,
    );
    return at === -1 ? null : ratioOf(own, times[at]);
  };
  return {
    ...{ network, engine, threads, batch },
    ...spreadOf(own),
    toWhole: whole === null ? null : ratioTo({ network: whole, engine }),
    toLab: engine === 'lab' ? null : ratioTo({ network, engine: 'lab' }),
  };
}

/** The network by the lab's engine. */
function openLab(model: Model) {
  const others = tf.memory().numBytes;
  const classifier = openClassifier(model);
  const { size, channels } = model.arch.input;
  const answer = async (batch: number): Promise<void> => {
    const values = picturesFor(model, batch);
    const logits = tf.tidy(() => classifier.logits(tf.tensor4d(values, [batch, size, size, channels])));
    await logits.data();
    logits.dispose();
  };
  return {
    run: (batch: number, threads: number | null): Promise<void> => {
      if (threads !== null) useThreads(threads);
      return answer(batch);
    },
    /** The most bytes of tensors at once in a pass, its weights among them. */
    peak: async (batch: number): Promise<number> => {
      const { peakBytes } = await tf.profile(async () => {
        await answer(batch);
      });
      return peakBytes - others;
    },
    dispose: () => classifier.dispose(),
  };
}

const numbers = new WeakMap<Model, Map<number, Float32Array<ArrayBuffer>>>();

/** Noise: times do not depend on what is seen. The same for all that read as much; made once. */
function picturesFor(model: Model, batch: number): Float32Array<ArrayBuffer> {
  const known = numbers.get(model) ?? new Map<number, Float32Array<ArrayBuffer>>();
  numbers.set(model, known);
  const { size, channels } = model.arch.input;
  let values = known.get(batch);
  if (!values) {
    const next = uniform(1, 'timed pictures');
    values = Float32Array.from({ length: batch * size * size * channels }, () => 2 * next() - 1);
    known.set(batch, values);
  }
  return values;
}

/** The file that is exported by default, but for the preprocessing, which the lab is not timed with either. */
function onnxOf(model: Model): OnnxNetwork {
  return onnxOfGraph(model, graphOf(model), { batch: null, preprocessing: 'beside' });
}

/**
 * The training loop: epochs of shuffled batches over a problem, Adam, validation, the best epoch kept.
 * What differs between training and fine-tuning is a `Plan`, pure functions of the history; so a checkpoint
 * needs only weights, Adam's moments and the history, and a resumed run equals an uninterrupted one.
 */

import type { Score } from '../evaluate/score';
import { NotFinite } from '../finite';
import { downloadParams, uploadParams } from '../nn/live';
import type { Params } from '../nn/model';
import { permutation, uniform } from '../random';
import { breathe } from '../runtime/breathe';
import { hasHostKernels, runHostKernel } from '../runtime/hostKernel';
import { loadWith } from '../runtime/onDemand';
import { Stopwatch } from '../runtime/stopwatch';
import * as tf from '../runtime/tf';
import { usesPrograms } from '../runtime/webgpu/program';
import type { FitCheckpoint } from '../stage/checkpoint';
import type { Stage } from '../stage/events';
import { bestEpoch, type EpochRecord } from '../stage/history';
import { type AdamState, adamState, adamStep } from './adam';
import { ASTRAY_KEPT, astray, isSound, lostParam } from './astray';
import { RUNNING_STATISTICS } from './names';
import type { BatchLoss, Problem } from './problem';
import { runningKernel } from './runningLoop';

loadWith('webgpu', () => import('./webgpu/running'));

export interface Plan {
  readonly epochs: number;
  readonly batch: number;
  readonly weightDecay: number;
  /** The parameters that decay by AdamW's rule (adam.ts). */
  readonly decoupled?: ReadonlySet<string> | undefined;
  /** Share of hidden activations dropped in training. */
  readonly dropout: number;
  readonly hidden: number;
  readonly seed: number;
  /** Learning rate for a step; `step` counts from 0 over the whole run of `steps` steps. */
  learningRate(history: readonly EpochRecord[], step: number, steps: number): number;
  /** Why to stop after the latest epoch, or null to go on. */
  stop(history: readonly EpochRecord[]): string | null;
  /** Which epoch's parameters are the result; by default the best one's. */
  readonly takes?: 'best' | 'last';
  /** What the best epoch is best by; by default the accuracy. */
  readonly by?: 'balanced';
  /** In so many first epochs these parameters alone learn; after them Adam begins anew. */
  readonly first?: { readonly epochs: number; readonly only: ReadonlySet<string> } | undefined;
  /** The order of the training examples in an epoch, from 1; by default each once, shuffled. */
  order?(epoch: number): Uint32Array;
}

export interface FitResult {
  /** Parameters of the best epoch, or of the last where the plan takes that. */
  readonly params: Params;
  readonly history: readonly EpochRecord[];
  readonly best: EpochRecord;
  /** Why it ended: a plan's reason, or `epochs` when all were used. */
  readonly reason: string;
}

const NORM_MOMENTUM = 0.1;

/** Whether a checkpoint is of a network with just these parameters, by their names and shapes. */
export function fitsNetwork({ params, best, adam }: FitCheckpoint, start: Params): boolean {
  const all = Object.keys(start);
  return (
    [params, best].every(
      (each) => Object.keys(each).length === all.length && haveSameShapes(each, start, all),
    ) && [adam.first, adam.second].every((each) => haveSameShapes(start, each, Object.keys(each)))
  );
}

function haveSameShapes(a: Params, b: Params, names: readonly string[]): boolean {
  return names.every((name) => a[name]?.shape.join() === b[name].shape.join());
}

/** Whether the moments kept are of just these parameters. */
function hasMomentsOf({ adam }: FitCheckpoint, trainable: readonly string[]): boolean {
  const names = Object.keys(adam.first);
  return names.length === trainable.length && trainable.every((name) => name in adam.first);
}

/** What is said where a checkpoint of another network is not gone on with. */
export const OTHER_NETWORK =
  'The epochs that are kept here belong to a network of another shape, so this training begins with its first epoch.';

/**
 * Trains `start` (all parameters of the network) on a problem; `kept` continues from a checkpoint. One of another
 * network is not loaded, and that is said.
 */
export async function* fit(
  problem: Problem,
  start: Params,
  plan: Plan,
  kept?: FitCheckpoint,
): Stage<FitResult> {
  const fits = kept && fitsNetwork(kept, start) && hasMomentsOf(kept, problem.trainable);
  const resume = fits && isSound(kept) ? kept : undefined;
  if (kept && !resume) yield { type: 'warning', message: fits ? ASTRAY_KEPT : OTHER_NETWORK };
  const params = uploadParams(resume?.params ?? start);
  const trained = Object.fromEntries(problem.trainable.map((name) => [name, params[name]]));
  const adam = resume ? restoredAdam(resume) : adamState(trained);
  const history = [...(resume?.history ?? [])];
  let best = resume?.best ?? start;
  try {
    let reason = history.length > 0 ? plan.stop(history) : null;
    while (history.length < plan.epochs && reason === null) {
      const watch = new Stopwatch();
      if (plan.first && history.length === plan.first.epochs) forget(adam);
      const { loss, penalty, learningRate } = yield* oneEpoch(problem, params, adam, plan, history, watch);
      const score = yield* validated(problem, params, watch, history, learningRate);
      const now = await downloadParams(params);
      const moments = { first: await downloadParams(adam.first), second: await downloadParams(adam.second) };
      const lost = lostParam(now, moments);
      if (lost !== null) throw astray(lost, history, learningRate, { called: problem.called });
      history.push({
        epoch: history.length + 1,
        loss,
        ...(penalty !== null && { penalty }),
        accuracy: score.accuracy,
        ...(score.balanced !== undefined && { balanced: score.balanced }),
        ...(plan.by && { by: plan.by }),
        validationLoss: score.loss,
        learningRate,
        seconds: watch.seconds,
        ...toldOf(problem, score),
      });
      const latest = history[history.length - 1];
      if (plan.takes === 'last' || bestEpoch(history) === latest) best = now;
      const checkpoint = {
        params: now,
        best,
        adam: { step: adam.step, ...moments },
        history: [...history],
        ...(problem.constants && { constants: problem.constants }),
      };
      // In this order: an epoch that is told of is kept.
      yield { type: 'checkpoint', checkpoint };
      yield { type: 'epoch', epochs: plan.epochs, ...latest };
      reason = plan.stop(history);
    }
    return { params: best, history, best: bestEpoch(history)!, reason: reason ?? 'epochs' };
  } finally {
    tf.dispose([Object.values(params), Object.values(adam.first), Object.values(adam.second)].flat());
  }
}

/** What is answered to the examples that are watched. */
const toldOf = ({ watched }: Problem, { answers }: Score): Pick<EpochRecord, 'watched'> =>
  watched && answers ? { watched: Array.from(watched, ([row, name]) => [name, answers[row]] as const) } : {};

/** The figures on the validation examples. Throws `Astray` where they are none. */
async function* validated(
  problem: Problem,
  params: Record<string, tf.Tensor>,
  watch: Stopwatch,
  history: readonly EpochRecord[],
  learningRate: number,
): Stage<Score> {
  try {
    return yield* watch.passing(problem.validate(params));
  } catch (error) {
    if (!(error instanceof NotFinite)) throw error;
    const what = `its answers to the validation ${problem.called ?? 'tiles'} are no numbers`;
    throw astray(what, history, learningRate, { cause: error, called: problem.called });
  }
}

async function* oneEpoch(
  problem: Problem,
  params: Record<string, tf.Tensor>,
  adam: AdamState,
  plan: Plan,
  history: readonly EpochRecord[],
  watch: Stopwatch,
): Stage<{ loss: number; penalty: number | null; learningRate: number }> {
  const epoch = history.length + 1;
  const order = plan.order?.(epoch) ?? permutation(problem.examples, plan.seed, 'shuffle', epoch);
  const { first } = plan;
  const learning =
    first && epoch <= first.epochs
      ? problem.trainable.filter((name) => first.only.has(name))
      : problem.trainable;
  const batches = Math.ceil(problem.examples / plan.batch);
  let [sum, penalties, learningRate] = [0, 0, 0];
  let isPenalised = false;
  for (let batch = 0; batch < batches; batch++) {
    const rows = order.subarray(batch * plan.batch, (batch + 1) * plan.batch);
    learningRate = plan.learningRate(history, (epoch - 1) * batches + batch, plan.epochs * batches);
    const draws = {
      dropout: uniform(plan.seed, 'dropout', epoch, batch),
      augment: uniform(plan.seed, 'augment', epoch, batch),
    };
    const { loss, penalty } = await oneStep(problem, learning, params, adam, plan, rows, learningRate, draws);
    if (!Number.isFinite(loss))
      throw astray(`after ${batch} of ${batches} batches its loss is ${loss}`, history, learningRate, {
        called: problem.called,
      });
    sum += loss * rows.length;
    isPenalised ||= penalty !== null;
    penalties += (penalty ?? 0) * rows.length;
    const done = batch * plan.batch + rows.length;
    yield* watch.handOver({
      type: 'batch' as const,
      epoch,
      epochs: plan.epochs,
      batch: batch + 1,
      batches,
      loss,
      tilesPerSecond: done / watch.seconds,
    });
    await breathe();
  }
  const penalty = isPenalised ? penalties / problem.examples : null;
  return { loss: sum / problem.examples, penalty, learningRate };
}

async function oneStep(
  problem: Problem,
  trainable: readonly string[],
  params: Record<string, tf.Tensor>,
  adam: AdamState,
  { weightDecay, decoupled, dropout, hidden }: Plan,
  rows: Uint32Array,
  learningRate: number,
  draws: Readonly<Record<'dropout' | 'augment', () => number>>,
): Promise<{ loss: number; penalty: number | null }> {
  let moments: BatchLoss['moments'] = [];
  const penalties: tf.Scalar[] = [];
  const { value, grads } = tf.tidy(() => {
    const mask = dropout > 0 ? dropoutMask(rows.length, hidden, dropout, draws.dropout) : null;
    const step = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const live = { ...params, ...Object.fromEntries(trainable.map((name, i) => [name, tensors[i]])) };
      const result = problem.loss(live, rows, mask, draws.augment);
      moments = result.moments;
      if (result.penalty) penalties.push(tf.keep(result.penalty));
      for (const { mean, variance } of moments) {
        tf.keep(mean);
        tf.keep(variance);
      }
      return result.loss;
    });
    return step(trainable.map((name) => params[name]));
  });
  adamStep(params, Object.fromEntries(trainable.map((name, i) => [name, grads[i]])), adam, {
    learningRate,
    weightDecay,
    decoupled,
  });
  updateRunningStatistics(params, moments);
  const loss = (await value.data())[0];
  const penalty = penalties.length > 0 ? (await penalties[0].data())[0] : null;
  tf.dispose([value, ...penalties, ...grads, ...moments.flatMap(({ mean, variance }) => [mean, variance])]);
  return { loss, penalty };
}

/** Inverted dropout: 0 with probability p, else 1/(1−p). */
function dropoutMask(rows: number, hidden: number, p: number, draw: () => number): tf.Tensor2D {
  const mask = new Float32Array(rows * hidden);
  for (let i = 0; i < mask.length; i++) mask[i] = draw() < p ? 0 : 1 / (1 - p);
  return tf.tensor2d(mask, [rows, hidden]);
}

/** running ← 0.9 · running + 0.1 · batch, with the unbiased variance (science §2). */
function updateRunningStatistics(params: Record<string, tf.Tensor>, moments: BatchLoss['moments']): void {
  for (const { mean, variance, count, running } of moments) {
    const update = hasHostKernels() ? runningByLoop : usesPrograms() ? runningByProgram : runningByOperations;
    const old = [params[running.mean], params[running.variance]];
    const [newMean, newVariance] = tf.tidy(() => update(old, [mean, variance], count / (count - 1)));
    tf.dispose(old);
    params[running.mean] = newMean;
    params[running.variance] = newVariance;
  }
}

type Update = (old: readonly tf.Tensor[], batch: readonly tf.Tensor[], unbiased: number) => tf.Tensor[];

const runningByOperations: Update = ([oldMean, oldVariance], [mean, variance], unbiased) => {
  const moved = (old: tf.Tensor, batch: tf.Tensor) =>
    tf.add(tf.mul(old, 1 - NORM_MOMENTUM), tf.mul(batch, NORM_MOMENTUM));
  return [moved(oldMean, mean), moved(oldVariance, tf.mul(variance, unbiased))];
};

const runningByLoop: Update = (old, batch, unbiased) =>
  runHostKernel(runningKernel, [...old, ...batch], { momentum: NORM_MOMENTUM, unbiased });

const runningByProgram: Update = ([oldMean, oldVariance], [mean, variance], unbiased) =>
  tf
    .engine()
    .runKernel(
      RUNNING_STATISTICS,
      { oldMean, oldVariance, mean, variance },
      { momentum: NORM_MOMENTUM, unbiased },
    ) as tf.Tensor[];

/** Zero moments, as before the first step. */
function forget(adam: AdamState): void {
  adam.step = 0;
  for (const moments of [adam.first, adam.second])
    for (const [name, old] of Object.entries(moments)) {
      moments[name] = tf.zeros(old.shape);
      old.dispose();
    }
}

function restoredAdam({ adam }: FitCheckpoint): AdamState {
  return { step: adam.step, first: uploadParams(adam.first), second: uploadParams(adam.second) };
}

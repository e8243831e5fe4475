/**
 * The solver's step as a task for a network: from a velocity to the one an interval later. Networks read and answer
 * velocities divided by `unit`, the deviation of the flows they were first trained on. What is measured of them is in units
 * of the deviation of the velocity over the flows it is measured on: 0 is the solver, and an answer of no motion has 1.
 */
import type { Score } from '../evaluate/score';
import * as tf from '../runtime/tf';
import type { SpatialArch } from '../spatial/arch';
import { answersOf } from '../spatial/measure';
import type { OpenSpatial } from '../spatial/network';
import type { MapExamples, MapLoss } from '../spatial/problem';
import { VELOCITY } from './action';
import { deviationOf, type FlowSet, frameOf, pairsOf } from './flows';
import { meanDivergence, rmse } from './measures';

/** Velocities beyond so many deviations are no flow any more: a roll-out that gets there is over. */
const LOST = 10;

export function flowExamples(set: FlowSet, unit: number): MapExamples {
  const pairs = pairsOf(set);
  const pick = (rows: ArrayLike<number>, ahead: number) =>
    framesAt(
      set,
      Array.from(rows, (row) => pairs[row] + ahead),
      unit,
    );
  return {
    count: pairs.length,
    called: 'flows',
    input: (rows) => pick(rows, 0),
    target: (rows) => pick(rows, 1),
    targetKinds: VELOCITY,
  };
}

/** Mean square of what the answer lacks. */
export const flowLoss: MapLoss = (answer, target) => tf.mean(tf.square(tf.sub(answer, target))) as tf.Scalar;

/** Accuracy: the share of the velocity's variance that is foretold. Loss: the mean square error, in units of that variance. */
export async function scoreFlows(
  network: OpenSpatial,
  arch: SpatialArch,
  set: FlowSet,
  unit: number,
): Promise<Score> {
  const { step } = await stepError(network, arch, set, unit);
  return { accuracy: Math.max(0, 1 - step ** 2), loss: step ** 2 };
}

export interface FlowFigures {
  /** Root mean square error of one step, in deviations of the velocity. */
  readonly step: number;
  /** Divergence of the foretold velocities, over their vorticity. */
  readonly divergence: number;
  /** The error after 1, 2, … steps of the network's own, from the beginning of each flow. */
  readonly rollout: readonly number[];
}

/** A network's figures on flows; of `null`, for which nothing changes, too. */
export async function measureFlows(
  network: OpenSpatial | null,
  arch: SpatialArch,
  set: FlowSet,
  unit: number,
): Promise<FlowFigures> {
  const { step, answers } = await stepError(network, arch, set, unit);
  return {
    step,
    divergence: meanDivergence(answers, set.settings.n),
    rollout: await rollOut(network, arch, set, unit),
  };
}

async function stepError(network: OpenSpatial | null, arch: SpatialArch, set: FlowSet, unit: number) {
  const pairs = [...pairsOf(set)];
  const read = framesAt(set, pairs, unit);
  const answers = network ? await answersOf(network, arch, read) : read;
  const after = framesAt(
    set,
    pairs.map((frame) => frame + 1),
    unit,
  );
  return { step: (rmse(answers, after) * unit) / deviationOf(set), answers };
}

async function rollOut(
  network: OpenSpatial | null,
  arch: SpatialArch,
  set: FlowSet,
  unit: number,
): Promise<number[]> {
  const { steps } = set.settings;
  const at = (step: number) =>
    framesAt(
      set,
      Array.from({ length: set.flows }, (_, flow) => flow * (steps + 1) + step),
      unit,
    );
  const errors: number[] = [];
  for await (const frames of foretold(network, arch, at(0), steps)) {
    const error = (rmse(frames, at(errors.length + 1)) * unit) / deviationOf(set);
    errors.push(error < LOST ? error : LOST);
    if (errors.at(-1) === LOST) break;
  }
  while (errors.length < steps) errors.push(LOST);
  return errors;
}

/** What a network makes of frames, in units, step after step of its own; of `null`, for which nothing changes, too. */
export async function* foretold(
  network: OpenSpatial | null,
  arch: SpatialArch,
  from: Float32Array,
  steps: number,
): AsyncGenerator<Float32Array> {
  let now = from;
  for (let step = 0; step < steps; step++) {
    if (network) now = await answersOf(network, arch, now);
    yield now;
  }
}

/** Frames one after the other, in units. */
export function framesAt(set: FlowSet, frames: readonly number[], unit: number): Float32Array {
  const perFrame = 2 * set.settings.n ** 2;
  const out = new Float32Array(frames.length * perFrame);
  for (const [i, frame] of frames.entries()) out.set(frameOf(set, frame), i * perFrame);
  for (let i = 0; i < out.length; i++) out[i] /= unit;
  return out;
}

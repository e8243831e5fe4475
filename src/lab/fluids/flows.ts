/**
 * A data set of flows: each begins with random vortices and fades at its viscosity; what is seen of it is its velocity at
 * times a fixed step apart. A flow is a pure function of its seed. An example is a pair of neighbours in time; parts are
 * made of whole flows, never of frames of one, for frames of a flow know each other.
 */
import { cos } from '../elementary';
import { uniform } from '../random';
import { breathe } from '../runtime/breathe';
import { interleaved } from './action';
import { advance, budgetOf, type Flow, flowOf, velocityOf } from './solver';

/** Wave numbers of the vortices that a flow begins with. */
const [LEAST, MOST] = [1.5, 4.5];

export interface FlowSetSettings {
  readonly seed: number;
  /** Places along a side. */
  readonly n: number;
  readonly viscosity: number;
  /** Time from one frame to the next, and the solver's steps between them. */
  readonly interval: number;
  readonly substeps: number;
  /** Steps from frame to frame; a flow has one frame more. */
  readonly steps: number;
}

export interface FlowSet {
  readonly settings: FlowSetSettings;
  readonly flows: number;
  /** flows × (steps + 1) × n × n × (u, v). */
  readonly frames: Float32Array;
}

/** Vorticity of random vortices, such that the mean square of the speed is 1. */
export function randomVorticity(n: number, ...key: readonly (number | string)[]): Float64Array {
  const next = uniform('flow', ...key);
  const waves: { kx: number; ky: number; size: number; phase: number }[] = [];
  const reach = Math.ceil(MOST);
  for (let ky = 0; ky <= reach; ky++) {
    for (let kx = -reach; kx <= reach; kx++) {
      const square = kx * kx + ky * ky;
      // One of k and −k; each of them once in the whole plane.
      const isHalf = ky > 0 || kx > 0;
      if (!isHalf || square < LEAST * LEAST || square > MOST * MOST) continue;
      waves.push({ kx, ky, size: next(), phase: 2 * Math.PI * next() });
    }
  }
  const field = new Float64Array(n * n);
  for (const { kx, ky, size, phase } of waves) {
    for (let y = 0; y < n; y++) {
      for (let x = 0; x < n; x++) {
        field[y * n + x] += size * cos((2 * Math.PI * (kx * x + ky * y)) / n + phase);
      }
    }
  }
  const { energy } = budgetOf(flowOf(field, { n, viscosity: 0 }));
  const scale = Math.sqrt(1 / (2 * energy));
  return field.map((w) => w * scale);
}

/** The flow that the number names, at its beginning. */
export function beginning(settings: FlowSetSettings, number: number): Flow {
  const { n, viscosity, seed } = settings;
  return flowOf(randomVorticity(n, seed, number), { n, viscosity });
}

/** So many flows, solved. `from`: the number of the first one. `breathe` gives the host a turn after each. */
export async function makeFlows(settings: FlowSetSettings, flows: number, from = 0): Promise<FlowSet> {
  const { n, interval, substeps, steps } = settings;
  const perFrame = 2 * n * n;
  const frames = new Float32Array(flows * (steps + 1) * perFrame);
  for (let number = 0; number < flows; number++) {
    let flow = beginning(settings, from + number);
    for (let step = 0; step <= steps; step++) {
      frames.set(interleaved(velocityOf(flow)), (number * (steps + 1) + step) * perFrame);
      if (step < steps) flow = advance(flow, interval / substeps, substeps);
    }
    await breathe();
  }
  return { settings, flows, frames };
}

/** Pairs of neighbours in time, by the frame that they begin with. */
export function pairsOf({ settings: { steps }, flows }: FlowSet): Uint32Array {
  return Uint32Array.from(
    { length: flows * steps },
    (_, i) => Math.floor(i / steps) * (steps + 1) + (i % steps),
  );
}

/** One frame, n × n × (u, v). */
export function frameOf({ settings: { n }, frames }: FlowSet, frame: number): Float32Array {
  const perFrame = 2 * n * n;
  return frames.subarray(frame * perFrame, (frame + 1) * perFrame);
}

/** The standard deviation of the velocity's components over all frames; their mean is nothing. */
export function deviationOf({ frames }: FlowSet): number {
  let sum = 0;
  for (const value of frames) sum += value * value;
  return Math.sqrt(sum / frames.length);
}

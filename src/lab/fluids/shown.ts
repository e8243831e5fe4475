/**
 * One flow as it is looked at: the solver's frames beside those that a network makes of the same beginning, all turned,
 * mirrored and moved alike; and how far the network minds that. Whatever is done to a flow, the solver's is the flow to which
 * it is done: what the network makes of the changed beginning is held against the changed answer to the upright one.
 */
import { type Action, actOnMaps, numberMap } from '../spatial/action';
import type { SpatialArch } from '../spatial/arch';
import type { OpenSpatial } from '../spatial/network';
import { VELOCITY } from './action';
import { deviationOf, type FlowSet } from './flows';
import { foretold } from './learning';
import { meanDivergence, rmse } from './measures';

export interface ShownFlow {
  /** Places along a side. */
  readonly n: number;
  readonly viscosity: number;
  /** Time from one frame to the next. */
  readonly interval: number;
  readonly steps: number;
  /** (steps + 1) × n × n × (u, v). */
  readonly solved: Float32Array<ArrayBuffer>;
  /** null: no network looked at it. */
  readonly network: FlowOfNetwork | null;
}

export interface FlowOfNetwork {
  /** As `solved`, from the same first frame on. */
  readonly frames: Float32Array<ArrayBuffer>;
  /** After each step, in deviations of the solver's velocity over the whole flow. */
  readonly errors: readonly number[];
  /** Of each foretold frame, over its vorticity. */
  readonly divergences: readonly number[];
  /** How far the roll-out of the changed flow is from the changed roll-out, after each step, in the same unit; zeros where nothing is changed. */
  readonly minds: readonly number[];
}

/** `flow`: of a single one. `network`: null for the solver alone; it reads velocities in units of `unit`. */
export async function shownFlow(
  flow: FlowSet,
  action: Action,
  unit: number,
  network: { readonly open: OpenSpatial; readonly arch: SpatialArch } | null,
): Promise<ShownFlow> {
  const { n, viscosity, interval, steps } = flow.settings;
  const changed = (frames: Float32Array) => actOnMaps(frames, numberMap(action, n, VELOCITY));
  const solved = changed(flow.frames);
  const shown = { n, viscosity, interval, steps, solved: copied(solved) };
  if (!network) return { ...shown, network: null };

  const perFrame = 2 * n * n;
  const rollOut = async (frames: Float32Array) => {
    const made = new Float32Array(frames.length);
    made.set(frames.subarray(0, perFrame));
    let step = 0;
    const beginning = frames.subarray(0, perFrame).map((x) => x / unit);
    for await (const frame of foretold(network.open, network.arch, beginning, steps))
      made.set(
        frame.map((x) => x * unit),
        ++step * perFrame,
      );
    return made;
  };
  const frames = await rollOut(solved);
  const { element, move } = action;
  const isUpright = element.turns === 0 && !element.mirror && move[0] === 0 && move[1] === 0;
  const expected = isUpright ? frames : changed(await rollOut(flow.frames));
  const deviation = deviationOf(flow);
  const at = (all: Float32Array, step: number) => all.subarray(step * perFrame, (step + 1) * perFrame);
  const afterEach = <T>(what: (step: number) => T): T[] =>
    Array.from({ length: steps }, (_, i) => what(i + 1));
  return {
    ...shown,
    network: {
      frames,
      errors: afterEach((step) => rmse(at(frames, step), at(solved, step)) / deviation),
      divergences: afterEach((step) => meanDivergence(at(frames, step), n)),
      minds: afterEach((step) => rmse(at(frames, step), at(expected, step)) / deviation),
    },
  };
}

/** In a buffer of its own, which can be posted. */
const copied = (data: Float32Array): Float32Array<ArrayBuffer> => new Float32Array(data);

/** What was measured of the engines on this machine, and which of them “Automatic” therefore begins with. */
import type { AnyArch } from '../../lab/nn/arch';
import { type Paces, winnerOf } from '../../lab/runtime/probe';
import type { FirstEngine, Subject } from '../../worker/protocol/choices';
import { keep, recall } from './kept';

/** A measurement; of an earlier visit where it is remembered. */
export interface Measurement {
  /** The shape of the network that was measured, and its name. */
  readonly shape: string;
  readonly design: string;
  /** The graphics adapter. */
  readonly adapter: string;
  /** The version of the page: kernels get faster. */
  readonly code: string;
  /** What was on the bench. */
  readonly subject: string;
  readonly paces: Paces;
}

export type Probe =
  | { readonly status: 'measuring'; readonly design: string }
  | { readonly status: 'measured'; readonly measurement: Measurement; readonly remembered: boolean }
  /** Why nothing was measured, as a clause. */
  | { readonly status: 'unmeasured'; readonly because: string };

/** Measurements remembered at most; the oldest goes. */
const MOST = 16;
const KEY = 'orbit-lab engines';

/** The shape of a network, by which it is known again. */
export const shapeOf = (arch: AnyArch): string => JSON.stringify(arch);

/** What is remembered of a network on an adapter, by this version of the page. */
export const rememberedOf = (
  wanted: Pick<Measurement, 'shape' | 'adapter' | 'code'>,
): Measurement | undefined =>
  remembered().find(
    (each) => each.shape === wanted.shape && each.adapter === wanted.adapter && each.code === wanted.code,
  );

export function remember(measurement: Measurement): void {
  const { shape, adapter } = measurement;
  const others = remembered().filter((each) => each.shape !== shape || each.adapter !== adapter);
  keep(KEY, [measurement, ...others].slice(0, MOST));
}

/** What “Automatic” begins with: the winner of what was measured last of these networks, else WASM, which is at hand at once. */
export function firstEngine(subject: Subject, code: string): FirstEngine {
  const found = remembered().find((each) => each.subject === JSON.stringify(subject) && each.code === code);
  return found
    ? { engine: winnerOf(found.paces), adapter: found.adapter }
    : { engine: 'wasm', adapter: null };
}

/** Whatever lies there: what is not of this form is none. */
function remembered(): Measurement[] {
  const kept = recall(KEY);
  return Array.isArray(kept) ? kept.filter(isMeasurement) : [];
}

function isMeasurement(value: unknown): value is Measurement {
  const { shape, design, adapter, code, subject, paces } = (value ?? {}) as Partial<Measurement>;
  const words = [shape, design, adapter, code, subject];
  return words.every((word) => typeof word === 'string') && isPace(paces?.wasm) && isPace(paces?.webgpu);
}

const isPace = (value: unknown): boolean => {
  const { rate, adapter, problem } = (value ?? {}) as {
    rate?: unknown;
    adapter?: unknown;
    problem?: unknown;
  };
  return typeof problem === 'string' || (typeof rate === 'number' && rate > 0 && typeof adapter === 'string');
};

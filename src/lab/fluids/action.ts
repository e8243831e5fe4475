/** What turns, mirrors and moves a velocity: its places, and its components with them. */
import type { Element } from '../symmetry/group';
import { type Kind, turnMaps } from '../symmetry/kinds';
import type { Velocity } from './solver';

/** A velocity is one vector at each place. */
export const VELOCITY: readonly Kind[] = ['vector'];

/** (u, v) side by side at each place: as networks read them. */
export function interleaved({ u, v }: Velocity): Float64Array {
  const out = new Float64Array(2 * u.length);
  for (let i = 0; i < u.length; i++) [out[2 * i], out[2 * i + 1]] = [u[i], v[i]];
  return out;
}

/** And back. */
export function separated(values: ArrayLike<number>): Velocity {
  const [u, v] = [new Float64Array(values.length / 2), new Float64Array(values.length / 2)];
  for (let i = 0; i < u.length; i++) [u[i], v[i]] = [values[2 * i], values[2 * i + 1]];
  return { u, v };
}

/** g·(u, v) on n × n places. */
export const turnVelocity = (velocity: Velocity, n: number, g: Element): Velocity =>
  separated(turnMaps(interleaved(velocity), n, VELOCITY, g));

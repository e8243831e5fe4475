/**
 * What a record is: a hash of everything that decides its numbers. Two steps with one identity are the same step, in
 * whatever recipe, folder or browser they stand, so what was done once is recognised and not done again; steps that
 * differ in anything have different ones. The engine is not part of it: WebAssembly gives the same numbers
 * everywhere, others differ by rounding, and a file says which one made it.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Planned, Source } from './plan';
import type { Start } from './schema';

/** What a recipe is run on, as far as it decides numbers. */
export interface Ground {
  /** `datasetHash` of the tiles as they were given. */
  readonly data: string;
  /** The design that a training begins with, sizes and classes filled in. JSON. */
  readonly arch: unknown;
  /** The recipe's, which a fresh network is drawn from. */
  readonly seed: number;
  readonly start?: readonly Pick<Start, 'name' | 'fingerprint'>[];
}

/** The identity of every planned record, by name: 32 hex digits. */
export function identitiesOf(planned: readonly Planned[], ground: Ground): Map<string, string> {
  const ids = new Map<string, string>();
  const idOf = (source: Source | null): unknown => {
    if (source === null) return { fresh: ground.arch, seed: ground.seed };
    if (source.kind === 'step') return ids.get(source.name)!;
    if (source.kind === 'start') return ground.start!.find(({ name }) => name === source.name)!.fingerprint;
    const { of, ...rule } = source.rule;
    const chosenFrom = planned.filter(({ group }) => group === of).map(({ name }) => ids.get(name)!);
    return { rule, chosenFrom };
  };
  for (const { name, step, input, towards, seed, split } of planned) {
    const taken = step.kind === 'train' ? { fresh: ground.arch } : idOf(input);
    const own = { step, input: taken, seed, split, data: ground.data };
    ids.set(name, hashOf(towards ? { ...own, towards: idOf(towards) } : own));
  }
  return ids;
}

/** 32 hex digits that stand for a JSON value, whatever the order of its keys. */
export function hashOf(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonical(value)))).slice(0, 32);
}

/** JSON with the keys of every object in order, and none that is undefined. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each) =>
    isPlain(each)
      ? Object.fromEntries(
          Object.keys(each)
            .sort()
            .map((key) => [key, each[key]]),
        )
      : each,
  );
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Telling where a network comes from (provenance.ts), when a step has left it. */
import type { Dataset, Splits } from '../data/dataset';
import * as tf from '../runtime/tf';
import type { StageRecord } from '../stage/store';
import { VERSION } from '../version';
import { type Chosen, chainOf, stepsTo } from './chain';
import { freshArch, graft } from './graft';
import { identitiesOf } from './identity';
import { planRecipe } from './plan';
import { type MadeStep, type Provenance, provenanceIn } from './provenance';
import type { Run } from './run';

/** The origin of the network that a step of a run left. `records`: of the steps done so far, by name. */
export function provenanceOf(
  run: Run,
  name: string,
  records: ReadonlyMap<string, StageRecord>,
  chosen: Chosen,
): Provenance & { readonly dataset: string } {
  const { source, splits, recipe: whole, data } = run;
  const own = chainOf(whole, name, chosen);
  const recipe = graft(own, run.start, { source, data });
  // Where a recipe is made whole, its last steps are those of this one, in order.
  const arch = recipe === own ? run.arch : freshArch(recipe, run);
  const all = identitiesOf(planRecipe(recipe), { data, arch, seed: recipe.seed, start: recipe.start });
  const last = planRecipe(own).map(
    (each, i, { length }) => [each.name, [...all.values()].at(i - length)!] as const,
  );
  const ids = new Map(last);
  const links = new Set(stepsTo(whole, name, chosen));
  const told = run.planned.filter(
    (each) =>
      links.has(each.name) ||
      (each.kind === 'check' && each.input?.kind === 'step' && links.has(each.input.name)),
  );
  const before = new Map(
    [...run.start].flatMap(([given, model]) =>
      own.start?.some((each) => each.name === given)
        ? (provenanceIn(model)?.steps ?? []).map((step) => [step.id, step] as const)
        : [],
    ),
  );
  const made = told.flatMap(({ name, kind, input }): MadeStep[] => {
    const record = records.get(name);
    const of = kind === 'check' && input?.kind === 'step' ? { of: input.name } : {};
    return record
      ? [{ ...shortened(record), name, id: ids.get(name) ?? run.ids.get(name)!, kind, ...of }]
      : [];
  });
  const { title, synthetic } = source;
  return {
    version: 2,
    id: [...all.values()].at(-1)!,
    recipe,
    data: dataOf(source, splits, data),
    steps: [...before.values(), ...made],
    ...engineHere(),
    dataset: title,
    synthetic,
  };
}

/** What a file says of its tiles. fingerprint: `datasetHash`. */
export function dataOf(
  { name, title, synthetic, count, metres }: Dataset,
  splits: Splits,
  fingerprint: string,
): Provenance['data'] {
  const parts = { train: splits.train.length, val: splits.val.length, test: splits.test.length };
  return { name, title, synthetic, count, parts, fingerprint, ...(metres !== undefined && { metres }) };
}

/** What computes here. */
export const engineHere = (): Pick<Provenance, 'engine' | 'lab'> => ({
  engine: tf.getBackend(),
  lab: VERSION,
});

/** What is long, or another one each time it is measured. */
const UNTOLD: ReadonlySet<string> = new Set(['id', 'answers', 'right', 'seconds', 'latency']);

/** At most so many numbers of a list are worth keeping in a file. */
const LONGEST = 16;

/** A record without its long lists: how many epochs there were, how many units were kept of each layer. */
export function shortened(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(record).flatMap(([key, value]): [string, unknown][] => {
    if (UNTOLD.has(key)) return [];
    if (key === 'epochs' && Array.isArray(value)) return [[key, value.length]];
    if (key === 'kept' && Array.isArray(value))
      return [['left', Array.isArray(value[0]) ? value.map((each) => each.length) : value.length]];
    if (key === 'test' && typeof value === 'object')
      return [[key, shortened(value as Record<string, unknown>)]];
    return Array.isArray(value) && value.length > LONGEST ? [] : [[key, value]];
  });
  return Object.fromEntries(entries);
}

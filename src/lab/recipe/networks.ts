/** Finding the network that a step takes: given, kept in the store, or made once more from what is kept. */
import { BadInput } from '../errors';
import type { AnyModel } from '../nn/model';
import type { Stage } from '../stage/events';
import type { StageRecord } from '../stage/store';
import { choicesOf, type Planned, type Source } from './plan';
import { freshModel, type Run } from './run';
import type { Rule } from './schema';
import { keepsTrunk } from './step';

/** The step of a name. */
export const plannedAs = ({ planned }: Pick<Run, 'planned'>, name: string): Planned =>
  planned.find((each) => each.name === name)!;

/** A source by name: what a rule chooses is looked up in the records. null: a fresh network. */
export async function resolve(
  run: Run,
  source: Source | null,
): Promise<Exclude<Source, { kind: 'rule' }> | null> {
  if (source?.kind !== 'rule') return source;
  return { kind: 'step', name: await choose(run, source.rule) };
}

/**
 * The network that a rule chooses: the one of least cost that lost no more than it allows, against the network swept, on
 * validation tiles; of equals the more accurate, then the first. Throws `BadInput` where there is none.
 */
async function choose(run: Run, rule: Rule): Promise<string> {
  const records: StageRecord[] = [];
  for (const { name } of choicesOf(run.planned, rule)) {
    const kept = await run.store.loadStage(run.ids.get(name)!);
    if (kept) records.push({ ...kept.record, name });
  }
  const lost = ({ accuracy, baseline }: StageRecord) => Number(baseline) - accuracy;
  // Shares of a few hundred tiles: what is lost is known to far more digits than these.
  const enough = records.filter((record) => lost(record) <= rule.within + 1e-9);
  if (enough.length === 0) {
    const nearest = Math.min(...records.map(lost));
    throw new BadInput(
      `No network of "${rule.of}" lost at most ${(100 * rule.within).toFixed(1)} points of validation accuracy (the ` +
        `nearest lost ${(100 * nearest).toFixed(1)}): allow more, or sweep smaller ratios. All of them are kept.`,
    );
  }
  const by = rule.smallest;
  return enough.reduce((best, each) =>
    each[by] < best[by] || (each[by] === best[by] && each.accuracy > best.accuracy) ? each : best,
  ).name;
}

/**
 * A source's network. `again` makes one that was finished and not kept, to the same numbers: many a sweep leaves more
 * networks than anyone asks for.
 */
export async function* networkOf(
  run: Run,
  source: Source | null,
  again: (planned: Planned) => Stage<AnyModel>,
): Stage<AnyModel> {
  const found = await resolve(run, source);
  if (found === null) return freshModel(run, run.splits, run.arch, run.recipe.seed);
  if (found.kind === 'start') return run.start.get(found.name)!;
  const kept = await run.store.loadStage(run.ids.get(found.name)!);
  return kept?.model ?? (yield* again(plannedAs(run, found.name)));
}

/** What decides the answers of a network's convolutions: the step, or start, that last changed them; with the split. */
export async function trunkOf(run: Run, source: Source | null, split: unknown): Promise<string> {
  const found = await resolve(run, source);
  if (found?.kind !== 'step') return JSON.stringify([found, split]);
  const { step, input } = plannedAs(run, found.name);
  const { kind } = step;
  if (keepsTrunk(step)) return trunkOf(run, input, split);
  if (kind === 'study' && step.cell.units === 'neurons' && step.tuning !== 'network')
    return trunkOf(run, input, split);
  return JSON.stringify([found, split]);
}

/**
 * Runs a recipe on a dataset: each step yields its events, leaves one record (and maybe a network), and is kept by the
 * host's store as soon as it is finished, under its identity. A second run with the same store goes on where the first
 * ended, and nothing that is there already is done again.
 */

import type { SplitName } from '../data/dataset';
import { officialParts } from '../data/parts';
import { totalCost } from '../evaluate/cost';
import { figureNotFinite, NotFinite, weightNotFinite } from '../finite';
import type { AnyArch } from '../nn/arch';
import type { AnyModel } from '../nn/model';
import type { FitCheckpoint } from '../stage/checkpoint';
import type { Stage } from '../stage/events';
import type { RunStore, StageRecord } from '../stage/store';
import { needsOf } from './needs';
import { networkOf, plannedAs, resolve } from './networks';
import { provenanceOf } from './origin';
import type { Planned, Source } from './plan';
import { type Prepared, requireDifferentTiles } from './prepare';
import { type DoStep, type Figures, freshModel, openRun, type Run, splitsFor } from './run';
import type { Recipe, StageOf } from './schema';
import { STEPS } from './stages';
import { atBeginning } from './stages/learn';
import { study } from './stages/study';
import type { StudyPlanned } from './stages/studyRun';
import type { Step } from './step';
import type { Studies } from './studies';

export interface RunReport {
  readonly recipe: Recipe;
  readonly seed: number;
  readonly data: {
    readonly name: string;
    readonly title: string;
    readonly synthetic: boolean;
    readonly size: number;
    readonly classes: readonly string[];
    readonly splits: Readonly<Record<SplitName, number>>;
    /** Whether the set came in parts, which the split keeps. */
    readonly official: boolean;
  };
  readonly stages: readonly StageRecord[];
}

/** A run under way: what its steps have left so far, by name. */
interface Going extends Run {
  readonly records: Map<string, StageRecord>;
  /** The steps done in this run, not recalled. */
  readonly done: Set<string>;
  /** What was decided by measuring. */
  readonly chosen: {
    readonly networks: Map<string, string>;
    readonly kept: Map<string, number[][]>;
    readonly lambdas: Map<string, number>;
  };
  /**
   * Whether the store is shared with whoever does the other steps: then every network is kept, since another recipe may
   * ask for it, and origins are told by whoever gathers a run, who knows all of it.
   */
  readonly isShared: boolean;
}

const begin = (prepared: Prepared, store: RunStore, data: string | undefined, isShared: boolean): Going => ({
  ...openRun(prepared, store, data),
  records: new Map(),
  done: new Set(),
  chosen: { networks: new Map(), kept: new Map(), lambdas: new Map() },
  isShared,
});

/**
 * Runs every step that the store does not have. data: `datasetHash` of the tiles, where it is known. elsewhere: a store in
 * which steps may have been done one by one (`runStep`); what is there is taken from it.
 */
export async function* runRecipe(
  prepared: Prepared,
  store: RunStore,
  data?: string,
  elsewhere?: RunStore,
): Stage<RunReport> {
  requireDifferentTiles(prepared);
  const { recipe, dataset, splits, planned } = prepared;
  const run = begin(prepared, store, data, false);
  for (const [at, stage] of recipe.stages.entries()) {
    yield { type: 'stage-started', stage: stage.kind, detail: `${recipe.name} on ${dataset.title}` };
    const own = planned.filter((each) => each.at === at);
    for (const [i, each] of own.entries()) {
      const record = await kept(run, each);
      if (record) await recall(run, each, record);
      else if (!elsewhere || !(await take(run, each, elsewhere))) {
        if (stage.kind === 'study') {
          yield* doStudy(run, own.slice(i));
          break;
        }
        await keep(run, each, yield* done(run, each));
      }
      const what = stage.kind === 'adapt' ? 'folds' : 'prunings';
      if (own.length > 1) yield { type: 'progress', what, done: i + 1, total: own.length };
    }
    yield { type: 'stage-finished', stage: stage.kind, summary: run.records.get(own.at(-1)!.name)! };
  }
  const { name, title, synthetic, size, classes } = dataset;
  const counts = { train: splits.train.length, val: splits.val.length, test: splits.test.length };
  return {
    recipe,
    seed: recipe.seed,
    data: { name, title, synthetic, size, classes, splits: counts, official: !!officialParts(dataset) },
    stages: planned.map((each) => run.records.get(each.name)!),
  };
}

/**
 * Does one step of a recipe by itself, over a store that it shares with whoever does the others, and keeps what it leaves:
 * the numbers of `runRecipe`, bit for bit. What it needs and the store has lost is made again first. studies: of the steps of
 * this recipe that were done here before.
 */
export async function* runStep(
  prepared: Prepared,
  name: string,
  store: RunStore,
  data: string,
  studies: Studies,
): Stage<StageRecord> {
  requireDifferentTiles(prepared);
  const run: Going = { ...begin(prepared, store, data, true), studies };
  const planned = plannedAs(run, name);
  yield { type: 'stage-started', stage: planned.kind, detail: name };
  const record = yield* madeAlone(run, planned);
  yield { type: 'stage-finished', stage: planned.kind, summary: record };
  return record;
}

async function* madeAlone(run: Going, planned: Planned): Stage<StageRecord> {
  const there = await kept(run, planned);
  if (there) return there;
  for (const need of needsOf(run.planned, planned)) yield* madeAlone(run, need);
  if (planned.kind === 'study') yield* doStudy(run, [planned]);
  else await keep(run, planned, yield* done(run, planned));
  return run.records.get(planned.name)!;
}

/** The network of an unfinished training run: the best epoch so far. Throws `NotFinite` where that is none. */
export function bestSoFar(prepared: Prepared, { best }: Pick<FitCheckpoint, 'best'>): AnyModel {
  const wrong = weightNotFinite(best);
  if (wrong !== null) {
    throw new NotFinite(
      `No epoch of "${prepared.recipe.name}" left a network: its ${wrong}. Train it again with a smaller learning rate.`,
    );
  }
  const { recipe, splits, arch, start, planned, dataset } = prepared;
  const [{ kind, input, seed }] = planned;
  if (kind === 'continue' && input?.kind === 'start')
    return { ...atBeginning(start.get(input.name)!, dataset.classes, seed), params: best };
  const fresh = freshModel(prepared, splits, arch, recipe.seed);
  return { ...fresh, params: best };
}

/**
 * The record of a step that was done before, here or elsewhere, under the name that it has in this recipe. One whose
 * network is asked for, but not kept any more, is to be done again.
 */
async function kept(run: Going, planned: Planned): Promise<StageRecord | undefined> {
  const { name, leaves } = planned;
  const found = await run.store.loadStage(run.ids.get(name)!);
  if (!found || (!found.model && leaves !== 'nothing' && isAskedFor(run, planned))) return undefined;
  return { ...found.record, name };
}

async function recall(run: Going, { name, input }: Planned, record: StageRecord): Promise<void> {
  run.records.set(name, record);
  if (run.isShared) return;
  if (record.kind === 'prune-fields') run.chosen.kept.set(name, record.kept as number[][]);
  if (record.kind === 'adapt') run.chosen.lambdas.set(name, record.lambda as number);
  if (input?.kind === 'rule') run.chosen.networks.set(name, (await resolve(run, input))!.name);
  // Of a network that was lost and made again, what was checked before is not told in its file yet.
  const from = record.kind === 'check' ? (await resolve(run, input))?.name : undefined;
  if (from !== undefined && run.done.has(from)) await tellOrigin(run, from);
}

/** What came of a step. */
interface Outcome {
  readonly figures: Figures;
  readonly model: AnyModel | null;
  /** Of the network that the figures are of. */
  readonly arch: AnyArch;
}

/** Does a step, keeping nothing. */
async function* done(run: Going, planned: Planned): Stage<Outcome> {
  const { step, input, towards } = planned;
  if (step.kind === 'study')
    throw new RangeError(`A study's networks are made together, not "${planned.name}".`);
  const taken = yield* networkAt(run, input);
  const aim = towards === null ? taken : yield* networkAt(run, towards);
  const doIt = STEPS[step.kind] as unknown as DoStep<Step>;
  const { figures, model } = yield* doIt({
    run,
    planned,
    splits: splitsFor(run, planned),
    input: taken,
    towards: aim,
  });
  return { figures, model, arch: (model ?? taken).arch };
}

/** A source's network. One that was made and not kept is made once more: to the same numbers. */
function networkAt(run: Going, source: Source | null): Stage<AnyModel> {
  return networkOf(run, source, async function* again(lost): Stage<AnyModel> {
    const { model } = yield* done(run, lost);
    return model!;
  });
}

async function* doStudy(run: Going, steps: readonly Planned[]): Stage<void> {
  const missing: StudyPlanned[] = [];
  for (const planned of steps) {
    const record = await kept(run, planned);
    if (record) await recall(run, planned, record);
    else missing.push(planned as StudyPlanned);
  }
  const [{ stage, input }] = steps;
  const taken = yield* networkAt(run, input);
  yield* study({
    run,
    stage: stage as StageOf<'study'>,
    splits: splitsFor(run, steps[0]),
    input: taken,
    missing,
    save: (planned, figures, model) => keep(run, planned, { figures, model, arch: (model ?? taken).arch }),
  });
}

/** Keeps what a step left: its record and, where anyone may ask for it, its network with its whole origin. */
async function keep(run: Going, planned: Planned, { figures, model, arch }: Outcome): Promise<void> {
  requireSound(planned.name, figures, model);
  await settle(run, planned, { ...totalCost(arch), ...figures }, model);
}

/** Takes what was left of a step elsewhere, as if it had been done here; false where it is not there. */
async function take(run: Going, planned: Planned, elsewhere: RunStore): Promise<boolean> {
  const found = await elsewhere.loadStage(run.ids.get(planned.name)!);
  if (!found || (!found.model && planned.leaves !== 'nothing' && isAskedFor(run, planned))) return false;
  // Names are of the recipe that it was done for.
  const { id: _, name: __, kind: ___, from: ____, ...figures } = found.record;
  await settle(run, planned, figures, found.model ?? null);
  return true;
}

async function settle(
  run: Going,
  planned: Planned,
  figures: Figures & Pick<StageRecord, 'params' | 'macs' | 'bytes'>,
  model: AnyModel | null,
): Promise<void> {
  const { store, ids, records, chosen } = run;
  const { name, kind, input } = planned;
  const from = (await resolve(run, input))?.name;
  if (input?.kind === 'rule') chosen.networks.set(name, from!);
  if (kind === 'prune-fields') chosen.kept.set(name, figures.kept as number[][]);
  if (kind === 'adapt') chosen.lambdas.set(name, figures.lambda as number);
  const record = { id: ids.get(name)!, name, kind, ...(from && { from }), ...figures };
  records.set(name, record);
  run.done.add(name);
  if (run.isShared) {
    const { title, synthetic } = run.source;
    const untold = model && { ...model, provenance: { dataset: title, synthetic } };
    return store.saveStage(record, untold ?? undefined);
  }
  // First the network: a check whose record is there is told in the file, too.
  if (kind === 'check' && from) await tellOrigin(run, from);
  if (model && isAskedFor(run, planned)) {
    await store.saveStage(record, { ...model, provenance: provenanceOf(run, name, records, chosen) });
  } else await store.saveStage(record);
}

/** Throws `NotFinite` where a step measured or left what is no number: it is not kept then, nor gone on from. */
function requireSound(name: string, figures: Figures, model: AnyModel | null): void {
  const wrong = figureNotFinite(figures) ?? (model && weightNotFinite(model.params));
  if (wrong === null) return;
  throw new NotFinite(
    `The stage "${name}" was stopped: ${wrong}, which is no figure. Every stage before it is kept; look at the network that it began with.`,
  );
}

/** Writes the origin of a kept network anew: more is known of it. */
async function tellOrigin(run: Going, name: string): Promise<void> {
  const { store, ids, records, chosen, planned } = run;
  const found = await store.loadStage(ids.get(name)!);
  if (!found?.model || !planned.some((each) => each.name === name)) return;
  const provenance = provenanceOf(run, name, records, chosen);
  await store.saveStage(found.record, { ...found.model, provenance });
}

/**
 * Whether a network is kept. In a sweep the pruned one is not, where its fine-tuning follows: it is made again in no
 * time. Where speed was measured to make it, it would be another one then.
 */
function isAskedFor({ planned, isShared }: Going, { name, group, step }: Planned): boolean {
  if (isShared || group === null || (step.kind === 'prune-fields' && step.budget === 'latency')) return true;
  const takers = planned.filter(({ input, towards }) => isNamed(input, name) || isNamed(towards, name));
  return takers.length === 0 || takers.some((each) => each.group !== group);
}

const isNamed = (source: Source | null, name: string): boolean =>
  source !== null && source.kind !== 'rule' && source.name === name;

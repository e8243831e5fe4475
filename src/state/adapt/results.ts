/** What came of each way to the tiles: on test tiles, over the seeds that are done, with what it cost. */
import { z } from 'zod';
import { type Spread, spreadOf } from '../../lab/adapt/choose';
import { PENALTY_IDS } from '../../lab/adapt/penalties/names';
import { turnsIn } from '../../lab/recipe/figures';
import { type Planned, planRecipe } from '../../lab/recipe/plan';
import { stageOf, testOf, WAYS, type Way } from '../../lab/recipe/ways';
import { epochsOf, type StageRecord } from '../../lab/stage/store';
import type { RunRow } from '../../storage/rows';
import { aimOf, seedsOf } from './recipe';

/** What a run knows of itself, with the records that are there by now. */
export type AdaptedRun = Pick<RunRow, 'recipe' | 'tiles' | 'records'>;

/** Steps of Adam; tiles that went through the network and back; seconds of work. */
export interface Cost {
  readonly steps: number;
  readonly passes: number;
  readonly seconds: number;
}

export interface WayResult {
  readonly way: Way;
  /** The stages that made its networks, a seed each. */
  readonly stages: readonly string[];
  /** The λ of each seed; empty where it has none. */
  readonly lambdas: readonly number[];
  readonly accuracy: Spread;
  /** Mean over the four quarter turns. */
  readonly turned: Spread;
  readonly agreement: Spread;
  /** Of the logits, the largest over the seeds. */
  readonly error: number | null;
  /** Of the kind that was trained, on validation tiles. */
  readonly penalty: Spread | null;
  readonly params: number;
  /** Of one seed, and of the folds that chose its λ; means over the seeds. */
  readonly cost: Cost;
  readonly choosing: Cost | null;
  /** Seed by seed and tile by tile, which quarter turns were answered rightly; null where it was not kept. */
  readonly right: readonly (readonly number[])[] | null;
}

const penalised = z.object({
  penalty: z.enum(PENALTY_IDS),
  discrepancies: z.record(z.enum(PENALTY_IDS), z.number().nullable()),
});

/** The ways that have been tested, in the order of `WAYS`. */
export function resultsOf(run: AdaptedRun): WayResult[] {
  const { recipe, records } = run;
  const aim = aimOf(recipe);
  if (!aim) return [];
  const named = new Map(records.map((record) => [record.name, record]));
  const planned = new Map(planRecipe(recipe).map((each) => [each.name, each]));
  return WAYS.flatMap((way): WayResult[] => {
    const stages = seedsOf(recipe)
      .map((seed) => stageOf(way, seed))
      .filter((stage) => named.has(stage) && named.has(testOf(stage)));
    if (stages.length === 0) return [];
    const made = stages.map((stage) => named.get(stage)!);
    const tests = stages.map((stage) => named.get(testOf(stage))!);
    const turns = tests.map(turnsIn);
    const errors = turns.flatMap(({ error }) => error ?? []);
    const rights = tests.flatMap(({ right }) => (isList(right) ? [right] : []));
    const distances = made.flatMap((record) => distanceIn(record, aim.penalty) ?? []);
    const costs = stages.map((stage) => costOf(planned.get(stage)!, named.get(stage)!, run));
    const choosing = stages.map((stage) => costOfFolds(planned, planned.get(stage)!, named, run));
    return [
      {
        ...{ way, stages },
        lambdas: way === 'adapted' ? made.map(({ lambda }) => Number(lambda)) : [],
        accuracy: spreadOf(tests.map(({ accuracy }) => accuracy)),
        turned: spreadOf(turns.map(({ turned }, i) => mean(turned ?? [tests[i].accuracy]))),
        agreement: spreadOf(turns.map(({ agreement }) => agreement ?? 0)),
        error: errors.length > 0 ? Math.max(...errors) : null,
        penalty: distances.length === made.length ? spreadOf(distances) : null,
        params: tests[0].params,
        cost: meanCost(costs),
        choosing: choosing.some(({ steps }) => steps > 0) ? meanCost(choosing) : null,
        right: rights.length === tests.length ? rights : null,
      },
    ];
  });
}

const isList = (value: unknown): value is number[] => Array.isArray(value);

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** R of a network as its record says it: of the kind that was trained, whatever this one was trained by. */
function distanceIn(record: StageRecord, kind: (typeof PENALTY_IDS)[number]): number | null {
  return penalised.partial({ penalty: true }).safeParse(record).data?.discrepancies[kind] ?? null;
}

/** What a training took. One that turns copies of its tiles for R has two passes for each of them. */
function costOf({ step }: Planned, record: StageRecord, { tiles }: AdaptedRun): Cost {
  const { seconds } = record;
  if (!('settings' in step) || step.settings === null) return { steps: 0, passes: 0, seconds };
  const epochs = epochsOf(record).length;
  const examples = typeof record.tiles === 'number' ? record.tiles : tiles.train;
  const isAdapting = step.kind === 'adapt' || step.kind === 'adapt-fold';
  const turns = isAdapting && step.penalty !== 'weights' && Number(record.lambda) > 0;
  return {
    steps: epochs * Math.ceil(examples / step.settings.batch),
    passes: epochs * examples * (turns ? 2 : 1),
    seconds,
  };
}

/** What the folds in front of an adapting took. */
function costOfFolds(
  planned: ReadonlyMap<string, Planned>,
  { at }: Planned,
  records: ReadonlyMap<string, StageRecord>,
  run: AdaptedRun,
): Cost {
  const folds = [...planned.values()].filter((each) => each.at === at && each.kind === 'adapt-fold');
  const costs = folds.flatMap((each) => {
    const record = records.get(each.name);
    return record ? [costOf(each, record, run)] : [];
  });
  return sumOf(costs);
}

const sumOf = (costs: readonly Cost[]): Cost =>
  costs.reduce(
    (sum, each) => ({
      steps: sum.steps + each.steps,
      passes: sum.passes + each.passes,
      seconds: sum.seconds + each.seconds,
    }),
    { steps: 0, passes: 0, seconds: 0 },
  );

function meanCost(costs: readonly Cost[]): Cost {
  const { steps, passes, seconds } = sumOf(costs);
  const n = costs.length;
  return { steps: steps / n, passes: passes / n, seconds: seconds / n };
}

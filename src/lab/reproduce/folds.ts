/** A run by folds as one run: every tile is tested once with every seed, by the network of its fold. */
import { z } from 'zod';
import type { StageRecord } from '../stage/store';
import type { FinishedRun, RunMaterial } from './material';
import { recordOf } from './measure';

const checkSchema = z.looseObject({
  accuracy: z.number(),
  split: z.literal('test'),
  angles: z.array(z.object({ degrees: z.number(), accuracy: z.number() })).min(1),
  agreement: z.number(),
  undecided: z.number(),
  equivarianceError: z.array(z.object({ layer: z.string(), max: z.number() })).min(1),
  answers: z.array(z.number()).min(1),
});

/**
 * Test tiles are those of the first fold, then those of the second …; answers in the same order, figures are means over
 * tiles, errors the largest, seconds the sum. Training and validation tiles, and what else stages left, are the first fold's.
 *
 * @param parts the same run with the same seeds, a material for each fold.
 */
export function joinFolds(parts: readonly RunMaterial[]): RunMaterial {
  const [first] = parts;
  const tests = parts.map(({ splits }) => splits.test);
  return {
    ...first,
    splits: { ...first.splits, test: Uint32Array.from(tests.flatMap((tiles) => [...tiles])) },
    folds: Uint8Array.from(tests.flatMap((tiles, fold) => Array<number>(tiles.length).fill(fold))),
    seeds: first.seeds.map((_, i) => joinRuns(parts.map(({ seeds }) => seeds[i]))),
  };
}

function joinRuns(runs: readonly FinishedRun[]): FinishedRun {
  const [first] = runs;
  const records = [...first.records.keys()].map((name): [string, StageRecord] => {
    const each = runs.map((run) => recordOf(run, name));
    const seconds = each.reduce((sum, record) => sum + record.seconds, 0);
    const checks = each.flatMap((record) => checkSchema.safeParse(record).data ?? []);
    const joined = checks.length === each.length ? joinChecks(checks) : {};
    return [name, { ...each[0], ...joined, seconds }];
  });
  return { ...first, records: new Map(records) };
}

function joinChecks(checks: readonly z.infer<typeof checkSchema>[]) {
  const tiles = checks.map(({ answers }) => answers.length);
  const decided = checks.map(({ undecided }, fold) => tiles[fold] - undecided);
  const mean = (values: readonly number[], weights: readonly number[]) =>
    values.reduce((sum, value, i) => sum + value * weights[i], 0) /
    Math.max(
      1,
      weights.reduce((a, b) => a + b),
    );
  return {
    accuracy: mean(
      checks.map(({ accuracy }) => accuracy),
      tiles,
    ),
    angles: checks[0].angles.map(({ degrees }, i) => ({
      degrees,
      accuracy: mean(
        checks.map(({ angles }) => angles[i].accuracy),
        tiles,
      ),
    })),
    // Of no decided tile at all nothing has changed.
    agreement: decided.some((n) => n > 0)
      ? mean(
          checks.map(({ agreement }) => agreement),
          decided,
        )
      : 1,
    undecided: checks.reduce((sum, { undecided }) => sum + undecided, 0),
    equivarianceError: checks[0].equivarianceError.map(({ layer }, i) => ({
      layer,
      max: Math.max(...checks.map(({ equivarianceError }) => equivarianceError[i].max)),
    })),
    answers: checks.flatMap(({ answers }) => answers),
  };
}

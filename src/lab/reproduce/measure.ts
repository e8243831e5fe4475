/** From what a row's runs left, one per seed, to the row's figures. */
import { z } from 'zod';
import type { PenaltyId } from '../adapt/penalties/names';
import type { StageRecord } from '../stage/store';
import type { FinishedRun } from './material';
import type { Figure, Measured } from './report';
import { type TableRow, testStage } from './table';
import { ofAnswers, type Truth } from './told';

const testSchema = z.object({
  accuracy: z.number(),
  split: z.literal('test'),
  angles: z.array(z.object({ degrees: z.number(), accuracy: z.number() })).length(4),
  agreement: z.number(),
  undecided: z.number(),
  equivarianceError: z.array(z.object({ layer: z.string(), max: z.number() })).min(1),
  params: z.number(),
  macs: z.number(),
  bytes: z.number(),
  answers: z.array(z.number()).min(1),
});
type Test = z.infer<typeof testSchema>;

/** Answers of a row's network on the test tiles, one list per seed. */
export function answersOfRow(row: Pick<TableRow, 'stage'>, runs: readonly FinishedRun[]): number[][] {
  return runs.map((run) => testOf(row, run).answers);
}

/**
 * The figures of a row over its seeds. `against`: answers of the baseline's
 * networks on the same tiles, seed by seed, or null for the baseline itself.
 *
 * Throws where the bytes counted from the design are not those in the file, or a run is not what it should be.
 */
export function measure(
  row: Pick<TableRow, 'stage'>,
  runs: readonly FinishedRun[],
  truth: Truth,
  against: readonly (readonly number[])[] | null,
): Measured {
  const tests = runs.map((run) => testOf(row, run));
  runs.forEach((run, i) => {
    const written = run.fileBytes(row.stage);
    if (written !== undefined && written !== tests[i].bytes) {
      throw new Error(`"${row.stage}": ${tests[i].bytes} bytes counted, ${written} in the file.`);
    }
  });
  const { params, macs, bytes } = tests[0];
  const logits = tests.map(({ equivarianceError }) => equivarianceError.at(-1)!.max);
  const answers = tests.map((test) => test.answers);
  return {
    accuracy: summariseFigure(tests.map((test) => test.accuracy)),
    interval: ofAnswers(answers, null, truth),
    rotated: summariseFigure(tests.map(({ angles }) => mean(angles.map((angle) => angle.accuracy)))),
    agreement: summariseFigure(tests.map((test) => test.agreement)),
    undecided: tests.reduce((sum, test) => sum + test.undecided, 0),
    error: Math.max(...logits),
    params,
    macs,
    bytes,
    seconds: summariseFigure(runs.map((run) => recordOf(run, row.stage).seconds)),
    ...discrepanciesOf(runs.map((run) => recordOf(run, row.stage))),
    paired: against && {
      ...comparePaired(answers, against, truth.labels),
      interval: ofAnswers(answers, against, truth),
    },
  };
}

const discrepancySchema = z.object({
  logits: z.number(),
  features: z.number().nullable(),
  weights: z.number().nullable(),
});

function discrepanciesOf(records: readonly StageRecord[]): Pick<Measured, 'discrepancies'> {
  const known = records.map(({ discrepancies }) => discrepancySchema.safeParse(discrepancies).data);
  if (known.some((each) => !each)) return {};
  const over = (id: PenaltyId) => {
    const values = known.flatMap((each) => each![id] ?? []);
    return values.length === known.length ? summariseFigure(values) : null;
  };
  return { discrepancies: { logits: over('logits'), features: over('features'), weights: over('weights') } };
}

/** Seed by seed on the same tiles: how accuracy differs, and tiles right here and wrong there, or the reverse. */
export function comparePaired(
  here: readonly (readonly number[])[],
  there: readonly (readonly number[])[],
  labels: ArrayLike<number>,
): NonNullable<Measured['paired']> {
  let [gained, lost] = [0, 0];
  const differences = here.map((answers, seed) => {
    let balance = 0;
    answers.forEach((answer, tile) => {
      const was = there[seed][tile] === labels[tile] ? 1 : 0;
      const is = answer === labels[tile] ? 1 : 0;
      balance += is - was;
      if (is > was) gained++;
      if (is < was) lost++;
    });
    return balance / labels.length;
  });
  return { difference: summariseFigure(differences), gained, lost };
}

/** Mean and sample standard deviation. */
export function summariseFigure(values: number[]): Figure {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return {
    mean: centre,
    sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null,
    values,
  };
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** What happened on the way to a row's networks, in words that its records hold. */
export function remarksOn(row: TableRow, runs: readonly FinishedRun[]): string[] {
  const bySeed = runs.map((run): string => {
    const record = recordOf(run, row.stage);
    const words: string[] = [];
    if (typeof record.bestEpoch === 'number' && Array.isArray(record.epochs))
      words.push(`best epoch ${record.bestEpoch} of ${record.epochs.length}`);
    if (Array.isArray(record.lambdas))
      words.push(`λ = ${record.lambda} of ${record.lambdas.length} by folds`);
    if (typeof record.reason === 'string') words.push(record.reason);
    if (typeof record.stop === 'string') words.push(`stopped: ${record.stop}`);
    if (typeof record.dead === 'number')
      words.push(`${record.dead} of ${record.units} hidden neurons were dead`);
    if (typeof record.unchanged === 'number')
      words.push(`${(100 * record.unchanged).toFixed(1)} % of validation answers unchanged by rounding`);
    return words.join('; ');
  });
  return bySeed.flatMap((words, i) => (words === '' ? [] : [`Seed ${runs[i].seed}: ${words}.`]));
}

/** A stage of its own tested the network, or (in a study) the one that made it. */
function testOf({ stage }: Pick<TableRow, 'stage'>, run: FinishedRun): Test {
  const tested = run.records.get(testStage(stage));
  if (tested) return testSchema.parse(tested);
  const { test, params, macs, bytes } = recordOf(run, stage);
  return testSchema.parse({ ...(test as object), params, macs, bytes });
}

export function recordOf({ records, seed }: FinishedRun, name: string): StageRecord {
  const record = records.get(name);
  if (!record) throw new Error(`The run of seed ${seed} has no stage "${name}".`);
  return record;
}

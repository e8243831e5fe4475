import type { Command } from 'commander';
import type { LambdaFigures } from '../../src/lab/adapt/choose';
import { PENALTY_IDS } from '../../src/lab/adapt/penalties/names';
import { ADAPT_GROUPS, adaptSettingsSchema, lambdaSweepSchema } from '../../src/lab/adapt/settings';
import type { Dataset } from '../../src/lab/data/dataset';
import { DEFAULT_FRACTIONS } from '../../src/lab/data/split/splits';
import { BadInput } from '../../src/lab/errors';
import { fingerprintOf } from '../../src/lab/files/fingerprint';
import { type AnyModel, requireFloat } from '../../src/lab/nn/model';
import { plain } from '../../src/lab/plain';
import { provenanceIn } from '../../src/lab/recipe/provenance';
import { checkRecipe, type Recipe } from '../../src/lab/recipe/schema';
import { type Order, testOf, twinDesign, WAYS, type Way, waysOf } from '../../src/lab/recipe/ways';
import type { StageRecord } from '../../src/lab/stage/store';
import { openAnyModel } from '../node/models';
import { columns, percent } from '../node/table';
import { AS_JSON, DATA, OTHER_SPLIT_SEED, QUIET, seedOption } from '../options';
import { type RunOptions, runInFolder } from '../runs';
import { checked, numberOption, oneOf, print, wholeOption } from '../work';

interface Options extends RunOptions {
  readonly group: string;
  readonly penalty: string;
  readonly lambda: string;
  readonly values: string;
  readonly folds: number;
  readonly by: string;
  readonly share?: number;
  readonly epochs?: number;
  readonly batch?: number;
  readonly learningRate?: number;
  readonly project?: boolean;
  readonly beside?: boolean;
  readonly seed?: number;
  readonly splitSeed?: number;
}

/** `adapt <model>`: fine-tuning towards equivariance, and what stands beside it. Killed and started again, it goes on. */
export function adapt(program: Command): void {
  program
    .command('adapt <model>')
    .description(
      'fine-tune a plain network on other tiles with a penalty towards equivariance in its loss; a second run with the same --out goes on',
    )
    .addOption(DATA)
    .requiredOption('--out <dir>', 'folder for the networks, the folds and their checkpoints')
    .option('--group <name>', ADAPT_GROUPS.join(' | '), 'C4')
    .option('--penalty <kind>', `R: ${PENALTY_IDS.join(' | ')}`, 'logits')
    .option(
      '--lambda <x>',
      'how much R counts, or cv: chosen by cross-validation on the training tiles',
      'cv',
    )
    .option('--values <list>', 'the values of λ that cv tries', '0,0.1,1,10')
    .option('--folds <k>', 'folds of cv', wholeOption('folds', 2), 3)
    .option(
      '--by <accuracy>',
      'what cv decides by: upright | moved (in all positions of the group)',
      'upright',
    )
    .option('--share <x>', 'share of the training tiles that teaches, such as 0.1', shareOption)
    .option('--epochs <n>', 'all of them are run', wholeOption('epochs', 1))
    .option('--batch <n>', 'tiles per step', wholeOption('batch', 1))
    .option('--learning-rate <x>', "Adam's", numberOption('learning-rate'))
    .option('--project', 'then take the mean of the weights over the group: exactly equivariant, and smaller')
    .option(
      '--beside',
      'also fine-tune on tiles turned at random, and train an equivariant network from scratch',
    )
    .addOption(seedOption('seed of a new last layer, shuffling, dropout and turns'))
    .addOption(OTHER_SPLIT_SEED)
    .addOption(AS_JSON)
    .addOption(QUIET)
    .option('--events', 'instead of a bar: each epoch as a line of JSON on standard error')
    .action(async (reference: string, options: Options) => {
      const order = orderOf(options);
      const model = await openAnyModel(reference);
      requireFloat(model);
      const given = { model, fingerprint: fingerprintOf(model) };
      const recipe = (dataset: Dataset) =>
        recipeOf(model, reference, given.fingerprint, order, dataset, options);
      const report = await runInFolder(recipe, options, [given]);
      const figures = figuresOf(report.stages, order);
      print({ ...figures, models: report.models }, options, () => lines(figures, options));
    });
}

function shareOption(text: string): number {
  const share = Number(text);
  if (share > 0 && share <= 1) return share;
  throw new BadInput(`--share needs a number above 0, at most 1, not "${plain(text)}".`);
}

function orderOf(options: Options): Order {
  const { epochs, batch, learningRate, project, beside } = options;
  const ways: Way[] = ['adapted', 'fine-tuned'];
  if (project) ways.push('projected');
  if (beside) ways.push('augmented', 'by construction');
  return {
    group: oneOf('group', options.group, ADAPT_GROUPS),
    penalty: oneOf('penalty', options.penalty, PENALTY_IDS),
    lambda: lambdaOf(options),
    settings: checked(adaptSettingsSchema, { epochs, batch, learningRate }),
    ways,
  };
}

function lambdaOf({ lambda, values, folds, by }: Options): Order['lambda'] {
  if (lambda === 'cv') {
    const list = values.split(',').map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
    if (list.some((value) => !Number.isFinite(value)) || list.length < 2)
      throw new BadInput(`--values needs at least two numbers such as 0,0.1,1, not "${plain(values)}".`);
    return checked(lambdaSweepSchema, { values: list, folds, by });
  }
  const value = Number(lambda);
  if (lambda.trim() === '' || !(value >= 0) || value > 1e6)
    throw new BadInput(`--lambda needs a number from 0 to 1000000, or cv, not "${plain(lambda)}".`);
  return value;
}

function recipeOf(
  model: AnyModel,
  title: string,
  fingerprint: string,
  order: Order,
  dataset: Dataset,
  { share, seed, splitSeed }: Options,
): Recipe {
  const origin = provenanceIn(model);
  // On the tiles it has learnt from, its test tiles are to stay unseen.
  const own = origin?.data.name === dataset.name ? origin.recipe.split : { seed: 1, ...DEFAULT_FRACTIONS };
  const split = splitSeed === undefined ? own : { seed: splitSeed, ...DEFAULT_FRACTIONS };
  return checkRecipe({
    version: 2,
    name: `${model.arch.id} adapted`.slice(0, 100),
    arch: twinDesign(model.arch, order.group),
    ...(seed !== undefined && { seed }),
    split: { ...split, ...(share !== undefined && { share }) },
    start: [{ name: 'network', title: title.slice(0, 200), fingerprint }],
    stages: waysOf(order, 'network'),
  });
}

/** What a way came to on test tiles, and its R on validation tiles. */
interface WayFigures {
  readonly accuracy: number;
  /** Mean over the four right angles. */
  readonly rotated: number;
  readonly agreement: number;
  /** Of the logits. */
  readonly equivarianceError: number;
  readonly penalty: number | null;
  readonly params: number;
  readonly seconds: number;
}

interface AdaptFigures {
  readonly lambda: number;
  /** Value by value; null where λ was given. */
  readonly folds: readonly LambdaFigures[] | null;
  /** Plain fine-tuning, in as many steps. */
  readonly baseline: WayFigures;
  readonly adapted: WayFigures;
  readonly beside: Readonly<Record<string, WayFigures>>;
}

function figuresOf(stages: readonly StageRecord[], { penalty, ways }: Order): AdaptFigures {
  const named = (name: string) => stages.find((each) => each.name === name)!;
  const of = (way: Way): WayFigures => {
    const [made, test] = [named(way), named(testOf(way))];
    const angles = test.angles as readonly { readonly accuracy: number }[];
    const discrepancies = made.discrepancies as Readonly<Record<string, number | null>> | undefined;
    return {
      accuracy: test.accuracy,
      rotated: angles.reduce((sum, { accuracy }) => sum + accuracy, 0) / angles.length,
      agreement: test.agreement as number,
      equivarianceError: (test.equivarianceError as readonly { readonly max: number }[]).at(-1)!.max,
      penalty: discrepancies?.[penalty] ?? null,
      params: test.params,
      seconds: made.seconds,
    };
  };
  const others = WAYS.filter((way) => ways.includes(way) && way !== 'adapted' && way !== 'fine-tuned');
  const { lambda, lambdas } = named('adapted') as unknown as {
    readonly lambda: number;
    readonly lambdas?: readonly LambdaFigures[];
  };
  return {
    lambda,
    folds: lambdas ?? null,
    baseline: of('fine-tuned'),
    adapted: of('adapted'),
    beside: Object.fromEntries(others.map((way) => [way, of(way)])),
  };
}

function lines({ lambda, folds, baseline, adapted, beside }: AdaptFigures, options: Options): string[] {
  const spread = ({ mean, sd }: { mean: number; sd: number }) =>
    `${percent(mean)} ± ${(100 * sd).toFixed(1)}`;
  const tried = (folds ?? []).map((each) => [
    each.lambda,
    spread(each.accuracy),
    spread(each.moved),
    spread(each.agreement),
    each.penalty ? each.penalty.mean.toPrecision(3) : '–',
  ]);
  const rows = Object.entries({ 'fine-tuned': baseline, adapted, ...beside });
  return [
    ...(folds
      ? [
          `λ = ${lambda}, of ${folds.length} values by ${options.folds} folds of the training tiles:`,
          '',
          ...columns([['λ', 'accuracy', 'in all positions', 'agreement', 'R'], ...tried]),
          '',
        ]
      : [`λ = ${lambda}`, '']),
    ...columns([
      ['on test tiles', 'accuracy', 'over four turns', 'agreement', 'R', 'parameters', 'seconds'],
      ...rows.map(([name, each]) => [
        name,
        percent(each.accuracy),
        percent(each.rotated),
        percent(each.agreement),
        each.penalty === null ? '–' : each.penalty.toPrecision(3),
        each.params,
        each.seconds.toFixed(1),
      ]),
    ]),
    '',
    `the networks are in ${options.out}`,
  ];
}

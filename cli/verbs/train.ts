import path from 'node:path';
import type { Command } from 'commander';
import type { Dataset } from '../../src/lab/data/dataset';
import { DEFAULT_FRACTIONS } from '../../src/lab/data/split/splits';
import { BadInput } from '../../src/lab/errors';
import { fingerprintOf } from '../../src/lab/files/fingerprint';
import { requireFloat } from '../../src/lab/nn/model';
import { type Beginning, beginWith, continueRecipe } from '../../src/lab/recipe/beginning';
import { type Habits, habitsOf } from '../../src/lab/recipe/presets';
import { provenanceIn } from '../../src/lab/recipe/provenance';
import type { Recipe } from '../../src/lab/recipe/schema';
import { costSentence } from '../../src/lab/train/costWords';
import { continueSettingsSchema } from '../../src/lab/train/settings';
import { openAnyModel } from '../node/models';
import { costOfRecipe, printReport, type RunOptions, runInFolder } from '../runs';
import {
  augmentIn,
  balanceIn,
  FIND,
  present,
  rateWords,
  recipeOf,
  sweepOf,
  type TrainingOptions,
  withTraining,
} from '../training';
import { checked, type OutputOptions, print, wholeOption } from '../work';

/** `train <design>`: one network and nothing else; killed and started again, it goes on. */
export function train(program: Command): void {
  withTraining(program.command('train [design]'))
    .description(
      'train one network and nothing else, fresh or from another one; a second run with the same --out resumes',
    )
    .option(
      '--from <network>',
      'instead of a design: train this network further; for other classes it gets a new last layer',
    )
    .option('--frozen <n>', 'with --from: in so many first epochs the last layer alone learns', (text) =>
      wholeOption('frozen', 1)(text),
    )
    .requiredOption('--out <dir>', 'folder for the network and its checkpoint')
    .option('--cost', 'train nothing: tell how long it would take here, and how much memory')
    .option('--events', 'instead of a bar: each epoch as a line of JSON on standard error')
    .action(async (design: string | undefined, options: TrainingOptions & RunOptions & FromOptions) => {
      if (options.from !== undefined && options.cost)
        throw new BadInput('--cost is of a fresh network: leave out --from, or --cost.');
      if (options.from !== undefined) return await trainFurther(options.from, design, options);
      if (options.frozen !== undefined)
        throw new BadInput('--frozen is of a network to go on from: name it with --from, or leave it out.');
      if (design === undefined)
        throw new BadInput('Name a design to train, or a network to go on from with --from.');
      const { learningRate } = options;
      const rate = learningRate === FIND ? await foundRate(design, options) : learningRate;
      const recipe = recipeOf(design, { ...options, learningRate: rate });
      if (options.cost) {
        const { cost, epochs } = await costOfRecipe(recipe, options);
        print(cost, options, () => [costSentence(cost, epochs)]);
        return;
      }
      printReport(await runInFolder(recipe, options), options);
    });
}

interface FromOptions {
  readonly from?: string;
  readonly frozen?: number;
  readonly cost?: boolean;
}

/** What a network that is there has already. */
const OWN = ['group', 'head', 'hidden', 'dropout', 'size', 'bands'] as const;

/** Trains a network that is there: on its own tiles from where its file ends, on others with a new last layer where it needs one. */
async function trainFurther(
  reference: string,
  design: string | undefined,
  options: TrainingOptions & RunOptions & FromOptions,
): Promise<void> {
  const model = await openAnyModel(reference);
  requireFloat(model);
  const said = OWN.find((name) => options[name] !== undefined);
  if (said || (design !== undefined && design !== model.arch.id))
    throw new BadInput(
      `"${reference}" has a design already: leave out ${said ? `--${said}` : `"${design}"`}.`,
    );
  if (options.learningRate === FIND)
    throw new BadInput('A learning rate is found for a fresh network alone: give a number, such as 0.001.');
  const { epochs = 10, batch, learningRate, patience, seed, splitSeed, frozen } = options;
  if (frozen !== undefined && frozen > epochs)
    throw new BadInput(
      `--frozen ${frozen} is more than there are epochs (${epochs}): name at most so many, or more with --epochs.`,
    );
  const {
    epochs: _,
    learningRate: __,
    warmup: ___,
    ...habits
  }: Partial<Habits> = habitsOf(model.arch.id) ?? {};
  const settings = checked(continueSettingsSchema, {
    ...{ batch: 32, decay: 'linear', ...habits, epochs },
    ...present({ batch, learningRate, patience, frozen }),
    ...present({ balance: balanceIn(options), augment: augmentIn(options) }),
  });
  const stage = { kind: 'continue', settings, ...present({ seed }) };
  const title = path.basename(reference).replace(/\.safetensors$/i, '');
  let beginning: Beginning | undefined;
  const beginningOn = (dataset: Dataset): Beginning => {
    beginning ??= beginWith([{ model, title }], dataset);
    return beginning;
  };
  const recipe = (dataset: Dataset): Recipe => {
    const beginning = beginningOn(dataset);
    // On tiles that it has learnt from, its test tiles are to stay unseen.
    const isOwn = provenanceIn(model)?.data.name === dataset.name;
    const split =
      splitSeed !== undefined || !isOwn ? { seed: splitSeed ?? 1, ...DEFAULT_FRACTIONS } : undefined;
    if (beginning.recipe.start && split) return { ...continueRecipe(beginning, [stage]), split };
    return continueRecipe(beginning, [{ ...stage, ...present({ split }) }]);
  };
  const given = [{ model, fingerprint: fingerprintOf(model) }];
  printReport(await runInFolder(recipe, options, given, (dataset) => beginningOn(dataset).known), options);
}

async function foundRate(design: string, options: TrainingOptions & OutputOptions): Promise<number> {
  const sweep = await sweepOf(design, options);
  process.stderr.write(`${rateWords(sweep)}\n`);
  if (sweep.chosen === null)
    throw new BadInput('No learning rate was found, so nothing was trained: give one with --learning-rate.');
  return sweep.chosen;
}

import type { Command } from 'commander';
import { BadInput } from '../../src/lab/errors';
import { encodeModel } from '../../src/lab/files/modelFile';
import { openStudy } from '../../src/lab/prune/neurons/study';
import { finetuneInStudy } from '../../src/lab/prune/tuning/tuning';
import { finetuneSettingsSchema, SCOPES } from '../../src/lab/train/settings';
import { startNodeBackend } from '../node/backend';
import { writeAtomically } from '../node/files';
import { openModel } from '../node/models';
import { runStage } from '../node/runStage';
import { columns, percent } from '../node/table';
import { dataFor, type OutputOptions, oneOf, print, wholeOption } from '../work';

interface Options extends OutputOptions {
  from: string;
  data: string;
  scope: string;
  out: string;
  seed: number;
  splitSeed: number;
}

/** `finetune <model>`: adaptive fine-tuning of a pruned network towards the accuracy of the unpruned one. */
export function finetune(program: Command): void {
  program
    .command('finetune <model>')
    .description('adaptive fine-tuning of a pruned network; skipped where too little was lost')
    .requiredOption('--from <model>', 'the unpruned network, whose accuracy is the baseline')
    .requiredOption('--data <ref>', 'dataset: a name, a folder, a zip')
    .option('--scope <name>', SCOPES.join(' | '), 'head')
    .requiredOption('--out <file>', 'where to write the fine-tuned network (safetensors)')
    .option('--seed <n>', 'seed of shuffling and dropout', wholeOption('seed', 0), 1)
    .option('--split-seed <n>', 'seed of the split', wholeOption('split-seed', 0), 1)
    .option('--json', 'one JSON document')
    .option('--quiet', 'no progress bar')
    .action(async (reference: string, options: Options) => {
      const scope = oneOf('scope', options.scope, SCOPES);
      const model = await openModel(reference);
      const unpruned = await openModel(options.from);
      const { dataset, splits } = await dataFor(unpruned, options.data, options.splitSeed);
      if (
        model.arch.input.size !== unpruned.arch.input.size ||
        model.classes.join() !== unpruned.classes.join()
      ) {
        throw new BadInput(
          `"${reference}" does not descend from "${options.from}": their inputs or classes differ.`,
        );
      }
      await startNodeBackend();
      const before = await runStage(openStudy(unpruned, dataset, splits), options);
      const study = await runStage(openStudy(model, dataset, splits), options);
      const accuracies = { baseline: before.baseline.accuracy, start: study.baseline.accuracy };
      const settings = finetuneSettingsSchema.parse({ scope });
      const result = await runStage(
        finetuneInStudy(study, model, accuracies, settings, options.seed),
        options,
      );
      const { model: tuned, ...figures } = result;
      const provenance = {
        ...model.provenance,
        finetuned: { scope, seed: options.seed, stop: figures.stop },
      };
      await writeAtomically(options.out, encodeModel({ ...tuned, provenance }));
      print(figures, options, () => [
        `${figures.reason}${figures.stop ? `; stopped: ${figures.stop}` : ''}`,
        '',
        ...columns([
          ['epoch', 'accuracy', 'loss', 'learning rate'],
          ...figures.epochs.map((e) => [e.epoch, percent(e.accuracy), e.loss.toFixed(4), e.learningRate]),
        ]),
        '',
        `unpruned ${percent(figures.baseline)}, pruned ${percent(figures.start)}, now ${percent(figures.accuracy)}`,
        `written to ${options.out}`,
      ]);
    });
}

import type { Command } from 'commander';
import { BadInput } from '../../src/lab/errors';
import { totalCost } from '../../src/lab/evaluate/cost';
import type { FinetuneResult } from '../../src/lab/prune/tuning/tuning';
import { SCOPES } from '../../src/lab/train/settings';
import { type ContinueOptions, continueNetworks, type Ground, writeModel } from '../continue';
import { requirePlaceFor } from '../node/files';
import { openAnyModel } from '../node/models';
import { columns, percent, sizeWords } from '../node/table';
import { AS_JSON, DATA, OTHER_SPLIT_SEED, QUIET, seedOption } from '../options';
import { oneOf, print } from '../work';

interface Options extends ContinueOptions {
  readonly from: string;
  readonly scope: string;
  readonly out: string;
}

/** `finetune <model>`: adaptive fine-tuning of a pruned network towards the accuracy of the unpruned one. */
export function finetune(program: Command): void {
  program
    .command('finetune <model>')
    .description('adaptive fine-tuning of a pruned network; skipped where too little was lost')
    .requiredOption('--from <model>', 'the unpruned network, whose accuracy is the baseline')
    .addOption(DATA)
    .option('--scope <name>', SCOPES.join(' | '), 'head')
    .requiredOption('--out <file>', 'where to write the fine-tuned network (safetensors)')
    .addOption(seedOption('seed of shuffling and dropout'))
    .addOption(OTHER_SPLIT_SEED)
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (reference: string, options: Options) => {
      const scope = oneOf('scope', options.scope, SCOPES);
      await requirePlaceFor(options.out, [reference, options.from]);
      const model = await openAnyModel(reference);
      const unpruned = await openAnyModel(options.from);
      if (
        model.arch.input.size !== unpruned.arch.input.size ||
        model.classes.join() !== unpruned.classes.join()
      ) {
        throw new BadInput(
          `"${reference}" does not descend from "${options.from}": their inputs or classes differ.`,
        );
      }
      const networks = [
        { model, title: reference },
        { model: unpruned, title: options.from },
      ];
      const stages = ({ names }: Ground) => [{ kind: 'finetune', towards: names[1], settings: { scope } }];
      const done = await continueNetworks(networks, stages, options);
      const { triggered, reason, baseline, start, epochs, stop, accuracy } = done
        .records[0] as unknown as FinetuneResult;
      const cost = totalCost(done.model.arch);
      const figures = { triggered, reason, baseline, start, epochs, stop, accuracy, ...cost };
      await writeModel(options.out, done.model);
      print(figures, options, () => [
        `${figures.reason}${figures.stop ? `; stopped: ${figures.stop}` : ''}`,
        '',
        ...columns([
          ['epoch', 'accuracy', 'loss', 'learning rate'],
          ...figures.epochs.map((e) => [e.epoch, percent(e.accuracy), e.loss.toFixed(4), e.learningRate]),
        ]),
        '',
        `unpruned ${percent(figures.baseline)}, pruned ${percent(figures.start)}, now ${percent(figures.accuracy)}`,
        sizeWords(cost),
        `written to ${options.out}`,
      ]);
    });
}

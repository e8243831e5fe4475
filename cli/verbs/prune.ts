import type { Command } from 'commander';
import { totalCost } from '../../src/lab/evaluate/cost';
import { encodeModel } from '../../src/lab/formats/modelFile';
import type { Model } from '../../src/lab/nn/model';
import { CASCADES } from '../../src/lab/prune/cascade';
import { COMPENSATIONS } from '../../src/lab/prune/compensate';
import { CRITERION_IDS } from '../../src/lab/prune/criteria';
import { prune as pruned } from '../../src/lab/prune/prune';
import { checkHead, type HeadCheck, openStudy } from '../../src/lab/prune/study';
import { keptCount, unitCount } from '../../src/lab/prune/units';
import { startNodeBackend } from '../backend';
import { writeAtomically } from '../files';
import { openModel } from '../models';
import {
  columns,
  dataFor,
  numberOption,
  type OutputOptions,
  oneOf,
  percent,
  print,
  runStage,
  wholeOption,
} from '../work';

interface Options extends OutputOptions {
  ratio: number;
  method: string;
  compensation: string;
  cascade: string;
  data: string;
  out: string;
  seed: number;
  splitSeed: number;
}

/** `prune <model>`: one really smaller network. */
export function prune(program: Command): void {
  program
    .command('prune <model>')
    .description('remove a share of the hidden neurons and write the smaller network')
    .requiredOption('--ratio <p>', 'share of hidden neurons to remove, 0 … below 1', numberOption('ratio'))
    .option('--method <id>', CRITERION_IDS.join(' | '), 'l2')
    .option('--compensation <id>', COMPENSATIONS.join(' | '), 'none')
    .option('--cascade <kind>', 'aligned, or a counter-example: misaligned | re-initialised', 'aligned')
    .requiredOption('--data <ref>', 'dataset: a name, a folder, a zip')
    .requiredOption('--out <file>', 'where to write the pruned network (safetensors)')
    .option('--seed <n>', 'for the random criterion and a layer drawn anew', wholeOption('seed', 0), 1)
    .option('--split-seed <n>', 'seed of the split', wholeOption('split-seed', 0), 1)
    .option('--json', 'one JSON document')
    .option('--quiet', 'no progress bar')
    .action(async (reference: string, options: Options) => {
      const { ratio, seed } = options;
      const method = oneOf('pruning method', options.method, CRITERION_IDS);
      const compensation = oneOf('compensation', options.compensation, COMPENSATIONS);
      const cascade = oneOf('cascade', options.cascade, CASCADES);
      const model = await openModel(reference);
      keptCount(unitCount(model), ratio);
      const { dataset, splits } = await dataFor(model, options.data, options.splitSeed);
      await startNodeBackend();
      const study = await runStage(openStudy(model, dataset, splits), options);
      const result = pruned(model, { method, compensation, ratio, seed, cascade }, study.statistics);
      const provenance = { ...model.provenance, pruned: { method, compensation, ratio, seed, cascade } };
      const smaller = { ...result.model, provenance };
      const before = figures(model, study.baseline);
      const after = figures(smaller, await checkHead(study.turns, smaller));
      await writeAtomically(options.out, encodeModel(smaller));
      const kept = Array.from(result.kept);
      print({ split: 'val', n: splits.val.length, before, after, kept }, options, () => [
        `${method}, compensation ${compensation}, ${cascade} cascade: ${kept.length} of ${unitCount(model)} hidden neurons kept`,
        '',
        ...columns([
          [`on ${splits.val.length} validation tiles`, 'before', 'after'],
          ['accuracy', percent(before.accuracy), percent(after.accuracy)],
          ['agreement', percent(before.agreement), percent(after.agreement)],
          ['parameters', before.params, after.params],
          ['multiply-adds', before.macs, after.macs],
          ['bytes', before.bytes, after.bytes],
        ]),
        '',
        `written to ${options.out}`,
      ]);
    });
}

function figures(model: Model, check: HeadCheck) {
  return { ...check, ...totalCost(model.arch), units: unitCount(model) };
}

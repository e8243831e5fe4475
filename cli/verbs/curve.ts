import type { Command } from 'commander';
import { SPLIT_NAMES } from '../../src/lab/data/split/splits';
import { accuracyOf } from '../../src/lab/evaluate/agreement';
import { totalCost } from '../../src/lab/evaluate/cost';
import { featuresOf, hiddenOf } from '../../src/lab/evaluate/features';
import { CRITERION_IDS } from '../../src/lab/prune/criteria';
import { COMPENSATIONS } from '../../src/lab/prune/neurons/compensate';
import { curveAnswers } from '../../src/lab/prune/neurons/curve';
import { pruningOrder } from '../../src/lab/prune/neurons/prune';
import { statisticsOf } from '../../src/lab/prune/neurons/statistics';
import { labelsOf } from '../../src/lab/train/problem';
import { startNodeBackend } from '../node/backend';
import { openModel } from '../node/models';
import { runStage } from '../node/runStage';
import { columns, exportedCell, percent } from '../node/table';
import { AS_JSON, DATA, OTHER_SPLIT_SEED, QUIET, seedOption } from '../options';
import { dataFor, type OutputOptions, oneOf, print } from '../work';

interface Options extends OutputOptions {
  data: string;
  method: string;
  compensation: string;
  split: string;
  seed: number;
  splitSeed?: number;
}

/** `curve <model>`: accuracy at every number of kept neurons, in one pass. */
export function curve(program: Command): void {
  program
    .command('curve <model>')
    .description('accuracy at every number of kept hidden neurons, without fine-tuning')
    .addOption(DATA)
    .option('--method <id>', CRITERION_IDS.join(' | '), 'l2')
    .option('--compensation <id>', COMPENSATIONS.join(' | '), 'none')
    .option('--split <name>', 'train | val | test', 'val')
    .addOption(seedOption('for the random criterion').default(1))
    .addOption(OTHER_SPLIT_SEED)
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (reference: string, options: Options) => {
      const method = oneOf('pruning method', options.method, CRITERION_IDS);
      const compensation = oneOf('compensation', options.compensation, COMPENSATIONS);
      const split = oneOf('split', options.split, SPLIT_NAMES);
      const model = await openModel(reference);
      const { dataset, splits } = await dataFor(model, options.data, options.splitSeed);
      await startNodeBackend();
      const units = model.arch.head.hidden;
      const calibration = await runStage(featuresOf(model, dataset, splits.train), options);
      const trainLabels = labelsOf(dataset, splits.train);
      const statistics = await statisticsOf(model, { values: calibration, labels: trainLabels });
      const features = await runStage(featuresOf(model, dataset, splits[split]), options);
      const order = pruningOrder(model, method, statistics, options.seed);
      const { answers } = curveAnswers(
        model,
        await hiddenOf(model, features),
        order,
        compensation,
        statistics,
      );
      const labels = labelsOf(dataset, splits[split]);
      const points = Array.from({ length: units }, (_, i) => {
        const kept = units - i;
        const cost = totalCost({ ...model.arch, head: { ...model.arch.head, hidden: kept } });
        const row = answers.subarray(kept * labels.length, (kept + 1) * labels.length);
        return { kept, ratio: i / units, ...cost, accuracy: accuracyOf(row, labels) };
      });
      print({ method, compensation, split, n: labels.length, units, points }, options, () => [
        `${method}, compensation ${compensation}, ${labels.length} ${split} tiles of ${dataset.title}`,
        '',
        ...columns([
          [
            'kept',
            'removed',
            'parameters',
            'multiply-adds',
            'bytes stored here',
            'bytes exported',
            'accuracy',
          ],
          ...points.map((p) => [
            ...[p.kept, percent(p.ratio), p.params, p.macs, p.bytes, exportedCell(p)],
            percent(p.accuracy),
          ]),
        ]),
      ]);
    });
}

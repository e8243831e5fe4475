import type { Command } from 'commander';
import { encodeModel } from '../../src/lab/files/modelFile';
import { INT8_LAYERS, INT8_RANGES } from '../../src/lab/nn/arch';
import { quantisationCheck } from '../../src/lab/quantize/check';
import { quantiseModel } from '../../src/lab/quantize/quantise';
import { startNodeBackend } from '../node/backend';
import { writeAtomically } from '../node/files';
import { openAnyModel } from '../node/models';
import { runStage } from '../node/runStage';
import { columns, percent } from '../node/table';
import { AS_JSON, DATA, QUIET, SPLIT_SEED } from '../options';
import { dataFor, type OutputOptions, oneOf, print } from '../work';

interface Options extends OutputOptions {
  layers: string;
  range: string;
  data: string;
  out: string;
  splitSeed: number;
}

/** `quantize <model>`: the same network in 8-bit integers. */
export function quantize(program: Command): void {
  program
    .command('quantize <model>')
    .description('round the weights to 8-bit integers and write the smaller file')
    .option('--layers <which>', 'dense (as in PyTorch) | all (the convolutions too)', 'dense')
    .option(
      '--range <of>',
      'what shares a range of activations: tile | batch (as in PyTorch and the paper)',
      'tile',
    )
    .addOption(DATA)
    .requiredOption('--out <file>', 'where to write the quantised network (safetensors)')
    .addOption(SPLIT_SEED)
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (reference: string, options: Options) => {
      const layers = oneOf('choice of layers', options.layers, INT8_LAYERS);
      const range = oneOf('range', options.range, INT8_RANGES);
      const model = await openAnyModel(reference);
      const quantised = quantiseModel(model, { layers, range });
      const { dataset, splits } = await dataFor(model, options.data, options.splitSeed);
      await startNodeBackend();
      const check = await runStage(quantisationCheck(model, quantised, dataset, splits.val), options);
      await writeAtomically(options.out, encodeModel(quantised));
      const { before, after, n, batch, unchanged } = check;
      print({ split: 'val', layers, range, ...check }, options, () => [
        `${layers === 'all' ? 'all layers' : 'the dense layers'} in 8-bit integers, activations' range found per ` +
          `${range === 'tile' ? 'tile' : `batch of ${batch} tiles`}`,
        '',
        ...columns([
          [`on ${n} validation tiles`, 'before', 'after'],
          ['accuracy', percent(before.accuracy), percent(after.accuracy)],
          ['agreement', percent(before.agreement), percent(after.agreement)],
          ['parameters', before.params, after.params],
          ['bytes', before.bytes, after.bytes],
        ]),
        '',
        `the same answer as before: ${percent(unchanged)} of tiles`,
        `written to ${options.out}`,
      ]);
    });
}

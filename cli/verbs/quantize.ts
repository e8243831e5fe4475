import type { Command } from 'commander';
import { INT8_LAYERS, INT8_RANGES } from '../../src/lab/nn/arch';
import type { QuantisationCheck } from '../../src/lab/quantize/check';
import { turnsIn } from '../../src/lab/recipe/figures';
import { type ContinueOptions, continueNetworks, writeModel } from '../continue';
import { requirePlaceFor } from '../node/files';
import { openAnyModel } from '../node/models';
import { columns, percent, sizeRows } from '../node/table';
import { AS_JSON, DATA, OTHER_SPLIT_SEED, QUIET } from '../options';
import { oneOf, print } from '../work';

interface Options extends ContinueOptions {
  readonly layers: string;
  readonly range: string;
  readonly out: string;
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
    .addOption(OTHER_SPLIT_SEED)
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (reference: string, options: Options) => {
      const layers = oneOf('choice of layers', options.layers, INT8_LAYERS);
      const range = oneOf('range', options.range, INT8_RANGES);
      await requirePlaceFor(options.out, [reference]);
      const model = await openAnyModel(reference);
      const step = { kind: 'quantise', layers, range };
      const done = await continueNetworks([{ model, title: reference }], () => [step], options);
      const { n, batch, unchanged, before } = done.records[0] as unknown as QuantisationCheck;
      const { accuracy, params, macs, bytes, exported } = done.records[0];
      const after = { accuracy, ...turnsIn(done.records[0]), params, macs, bytes, exported };
      const check = { n, batch, unchanged, before, after };
      await writeModel(options.out, done.model);
      print({ split: 'val', layers, range, ...check }, options, () => [
        `${layers === 'all' ? 'all layers' : 'the dense layers'} in 8-bit integers, activations' range found per ` +
          `${range === 'tile' ? 'tile' : `batch of ${batch} tiles`}`,
        '',
        ...columns([
          [`on ${n} validation tiles`, 'before', 'after'],
          ['accuracy', percent(before.accuracy), percent(after.accuracy)],
          ['agreement', percent(before.agreement), percent(after.agreement ?? 0)],
          ['parameters', before.params, after.params],
          ...sizeRows(before, after),
        ]),
        '',
        `the same answer as before: ${percent(unchanged)} of tiles`,
        `written to ${options.out}`,
      ]);
    });
}

import type { Command } from 'commander';
import { type Cost, layerCosts, totalCost } from '../../src/lab/evaluate/cost';
import { anyNamedArch } from '../../src/lab/families/anyArch';
import { HEAD_KINDS } from '../../src/lab/families/gcnn/arch';
import { familyOf } from '../../src/lab/families/registry';
import { INT8_LAYERS } from '../../src/lab/nn/arch';
import { quantiseArch } from '../../src/lab/quantize/quantise';
import { GROUP_NAMES } from '../../src/lab/symmetry/group';
import { columns, exportedCell } from '../node/table';
import { AS_JSON } from '../options';
import { type OutputOptions, oneOf, print, wholeOption } from '../work';

interface Options extends OutputOptions {
  group?: string;
  head?: string;
  hidden?: number;
  size?: number;
  classes?: number;
  int8?: string;
}

/** `describe <arch>`: what a network is made of and costs, layer by layer. */
export function describe(program: Command): void {
  program
    .command('describe <arch>')
    .description(
      'what a network is made of: parameters, multiply-adds and bytes as stored and as exported, layer by layer',
    )
    .option('--group <name>', GROUP_NAMES.join(' | '))
    .option('--head <kind>', HEAD_KINDS.join(' | '))
    .option('--hidden <n>', 'hidden neurons', wholeOption('hidden', 1))
    .option('--size <n>', 'input height and width', wholeOption('size', 4))
    .option('--classes <n>', 'classes told apart', wholeOption('classes', 2))
    .option('--int8 <layers>', `as stored in 8-bit integers: ${INT8_LAYERS.join(' | ')}`)
    .addOption(AS_JSON)
    .option('--quiet')
    .action((id: string, options: Options) => {
      const float = anyNamedArch(id, {
        group: options.group === undefined ? undefined : oneOf('group', options.group, GROUP_NAMES),
        head: options.head === undefined ? undefined : oneOf('head', options.head, HEAD_KINDS),
        hidden: options.hidden,
        size: options.size,
        classes: options.classes,
      });
      const arch =
        options.int8 === undefined
          ? float
          : quantiseArch(float, { layers: oneOf('int8', options.int8, INT8_LAYERS), range: 'tile' });
      const layers = layerCosts(arch);
      const total = totalCost(arch);
      const { id: name, group, input, classes } = arch;
      const { words, facts } = familyOf(arch).describe(arch);
      print({ arch: name, group, ...facts, input, classes, ...total, layers }, options, () => [
        `${name}: ${words}, ${input.size}×${input.size}×${input.channels} input`,
        '',
        ...columns([
          ['layer', 'kind', 'parameters', 'multiply-adds', 'bytes stored here', 'bytes exported'],
          ...layers.map(({ name, kind, ...cost }) => [name, kind, ...costCells(cost)]),
          ['total', '', ...costCells(total)],
        ]),
      ]);
    });
}

const costCells = (cost: Cost) => [cost.params, cost.macs, cost.bytes, exportedCell(cost)];

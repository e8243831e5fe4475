import type { Command } from 'commander';
import { BadInput } from '../../src/lab/errors';
import { type Cost, layerCosts, totalCost } from '../../src/lab/evaluate/cost';
import { diffNetworks, type NetworkDiff } from '../../src/lab/evaluate/layerDiff';
import { describeNetwork } from '../../src/lab/evaluate/layers';
import { diffWords, pairWords, removedUnits } from '../../src/lab/evaluate/layerWords';
import { anyNamedArch } from '../../src/lab/families/anyArch';
import { HEAD_KINDS } from '../../src/lab/families/gcnn/arch';
import { familyOf } from '../../src/lab/families/registry';
import { type AnyArch, INT8_LAYERS } from '../../src/lab/nn/arch';
import { plain } from '../../src/lab/plain';
import { quantiseArch } from '../../src/lab/quantize/quantise';
import { GROUP_NAMES } from '../../src/lab/symmetry/group';
import { isModel, openAnyModel } from '../node/models';
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
  against?: string;
}

/** What changes a design by name. */
const CHOICES = ['group', 'head', 'hidden', 'size', 'classes'] as const;

/** `describe <arch>`: what a network is made of and costs, layer by layer; on request beside another one. */
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
    .option(
      '--against <arch>',
      'a design, a shipped network or a file (so may <arch> be): what went and what changed from the first to this one',
    )
    .addOption(AS_JSON)
    .option('--quiet')
    .action(async (id: string, options: Options) => {
      const float = await archAt(id, options);
      const arch =
        options.int8 === undefined
          ? float
          : quantiseArch(float, { layers: oneOf('int8', options.int8, INT8_LAYERS), range: 'tile' });
      if (options.against !== undefined) {
        const other = await archAt(options.against, {});
        const diff = diffNetworks(
          describeNetwork(changedName(plain(id), options), arch),
          describeNetwork(plain(options.against), other),
        );
        print(jsonOf(diff), options, () => tableOf(diff));
        return;
      }
      const layers = layerCosts(arch);
      const total = totalCost(arch);
      const { id: name, group, input, classes } = arch;
      const { words, facts } = familyOf(arch).describe(arch);
      print({ arch: name, group, ...facts, input, classes, ...total, layers }, options, () => [
        `${changedName(name, options)}: ${words}, ${input.size}×${input.size}×${input.channels} input`,
        '',
        ...columns([
          ['layer', 'kind', 'parameters', 'multiply-adds', 'bytes stored here', 'bytes exported'],
          ...layers.map(({ name, kind, ...cost }) => [name, kind, ...costCells(cost)]),
          ['total', '', ...costCells(total)],
        ]),
      ]);
    });
}

/** A name with what changes the network that it names: with another group it is still that design. */
const changedName = (name: string, options: Options): string =>
  [...CHOICES, 'int8' as const]
    .filter((choice) => options[choice] !== undefined)
    .reduce((words, choice) => `${words} --${choice} ${options[choice]}`, name);

/** Whether it can be a file alone, there or not: no design and no shipped network is called so. */
const isFileName = (reference: string): boolean => /[\\/]|\.\w+$/.test(reference);

/** The architecture of a file, a shipped network or a design; only the last can be chosen otherwise. */
async function archAt(reference: string, options: Options): Promise<AnyArch> {
  if (isFileName(reference) || (await isModel(reference))) {
    const chosen = CHOICES.find((name) => options[name] !== undefined);
    if (chosen)
      throw new BadInput(
        `--${chosen} changes a design, and "${plain(reference)}" is a network: leave it out.`,
      );
    return (await openAnyModel(reference)).arch;
  }
  return anyNamedArch(reference, {
    group: options.group === undefined ? undefined : oneOf('group', options.group, GROUP_NAMES),
    head: options.head === undefined ? undefined : oneOf('head', options.head, HEAD_KINDS),
    hidden: options.hidden,
    size: options.size,
    classes: options.classes,
  });
}

const jsonOf = (diff: NetworkDiff) => ({
  before: { name: diff.before.name, words: diff.before.words, ...diff.totals.before },
  after: { name: diff.after.name, words: diff.after.words, ...diff.totals.after },
  removed: removedUnits(diff),
  pairs: diff.pairs.map((pair) => ({ ...pair, words: pairWords(pair) })),
});

/** Both networks, a line for each layer of either. */
function tableOf(diff: NetworkDiff): string[] {
  const { before, after, pairs, totals } = diff;
  const change = (was: string | number | undefined | null, is: string | number | undefined | null) =>
    was === is ? `${was ?? '–'}` : `${was ?? '–'} ⇒ ${is ?? '–'}`;
  const costs = (was: Cost | null, is: Cost | null) =>
    (['params', 'macs', 'bytes', 'exported'] as const).map((of) => change(was?.[of], is?.[of]));
  return [
    `${before.name}: ${before.words}`,
    `${after.name}: ${after.words}`,
    '',
    ...columns([
      ['layer', 'kind', 'leaves', 'parameters', 'multiply-adds', 'bytes stored here', 'bytes exported', ''],
      ...pairs.map((pair) => [
        change(pair.before?.name ?? pair.after!.name, pair.after?.name ?? pair.before!.name),
        change(pair.before?.kind ?? pair.after!.kind, pair.after?.kind ?? pair.before!.kind),
        change(pair.before?.shape?.join('×'), pair.after?.shape?.join('×')),
        ...costs(pair.before, pair.after),
        pairWords(pair),
      ]),
      ['total', '', '', ...costs(totals.before, totals.after), ''],
    ]),
    '',
    `${diffWords(diff)}.`,
  ];
}

const costCells = (cost: Cost) => [cost.params, cost.macs, cost.bytes, exportedCell(cost)];

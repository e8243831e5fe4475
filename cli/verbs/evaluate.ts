import type { Command } from 'commander';
import type { SplitName } from '../../src/lab/data/dataset';
import { officialParts, SPLIT_NAMES } from '../../src/lab/data/parts';
import { BadInput } from '../../src/lab/errors';
import { totalCost } from '../../src/lab/evaluate/cost';
import { rotationCheck } from '../../src/lab/evaluate/rotation';
import type { AnyModel } from '../../src/lab/nn/model';
import { startNodeBackend } from '../node/backend';
import { openAnyModel } from '../node/models';
import { runStage } from '../node/runStage';
import { columns, percent, sizeWords } from '../node/table';
import { AS_JSON, DATA, OTHER_SPLIT_SEED, QUIET } from '../options';
import { allTilesFor, dataFor, type OutputOptions, oneOf, print } from '../work';

/** `all`: every tile of the set, without a split; for data that the network has never seen. */
const PARTS = ['all', ...SPLIT_NAMES] as const;

interface Options extends OutputOptions {
  data: string;
  split: string;
  angles: number[];
  splitSeed?: number;
}

/** `evaluate <model>`: accuracy at any angle, agreement, equivariance error per layer. */
export function evaluate(program: Command): void {
  program
    .command('evaluate <model>')
    .description('accuracy at any angle, agreement over the quarter turns, equivariance error per layer')
    .addOption(DATA)
    .option('--split <name>', 'train | val | test, or all: every tile, for data never seen', 'test')
    .option('--angles <degrees>', 'comma-separated, counter-clockwise', anglesOption, [0, 90, 180, 270])
    .addOption(OTHER_SPLIT_SEED)
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (reference: string, options: Options) => {
      const split = oneOf('split', options.split, PARTS);
      if (split === 'all' && options.splitSeed !== undefined) {
        throw new BadInput(
          '--split-seed says nothing with --split all, which makes no split: leave one of them out.',
        );
      }
      const model = await openAnyModel(reference);
      const { dataset, tiles, isKnown } = await (split === 'all'
        ? allTilesFor(model, options.data)
        : partFor(model, options.data, split, options.splitSeed));
      await startNodeBackend();
      const { each: _, ...check } = await runStage(
        rotationCheck(model, dataset, tiles, options.angles),
        options,
      );
      const all = split === 'all' ? { trainedOnThisSet: isKnown } : {};
      const isOfficial = officialParts(dataset) !== undefined;
      const cost = totalCost(model.arch);
      print({ ...check, split, official: isOfficial, ...all, ...cost }, options, () => [
        ...(split === 'all'
          ? [`all ${check.n} tiles of ${dataset.title}, no split made`, ...(isKnown ? [KNOWN] : [])]
          : [`${check.n} ${split} tiles of ${dataset.title}${isOfficial ? ', split by its own parts' : ''}`]),
        '',
        ...columns([
          ['angle', 'accuracy'],
          ...check.angles.map((a) => [`${a.degrees}°`, percent(a.accuracy)]),
        ]),
        '',
        `the same answer at all four quarter turns: ${percent(check.agreement)} of decided tiles ` +
          `(${check.changed} changed, ${check.undecided} undecided)`,
        '',
        ...columns([
          ['layer', 'equivariance error'],
          ...check.equivarianceError.map(({ layer, max }) => [layer, max.toExponential(1)]),
        ]),
        '',
        `${cost.params} parameters; ${sizeWords(cost)}`,
      ]);
    });
}

const KNOWN =
  'The network was trained on tiles of this set, so these figures are better than on new ones: --split test leaves them out.';

async function partFor(model: AnyModel, reference: string, split: SplitName, seed?: number) {
  const { dataset, splits } = await dataFor(model, reference, seed);
  return { dataset, tiles: splits[split], isKnown: false };
}

function anglesOption(text: string): number[] {
  const angles = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (angles.some((angle) => !Number.isFinite(angle))) {
    throw new BadInput(`--angles needs numbers separated by commas, such as 0,45,90, not "${text}".`);
  }
  return angles;
}

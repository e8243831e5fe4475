import type { Command } from 'commander';
import { SPLIT_NAMES } from '../../src/lab/data/split/splits';
import { BadInput } from '../../src/lab/errors';
import { rotationCheck } from '../../src/lab/evaluate/rotation';
import { startNodeBackend } from '../node/backend';
import { openAnyModel } from '../node/models';
import { runStage } from '../node/runStage';
import { columns, percent } from '../node/table';
import { dataFor, type OutputOptions, oneOf, print, wholeOption } from '../work';

interface Options extends OutputOptions {
  data: string;
  split: string;
  angles: number[];
  splitSeed: number;
}

/** `evaluate <model>`: accuracy at any angle, agreement, equivariance error per layer. */
export function evaluate(program: Command): void {
  program
    .command('evaluate <model>')
    .description('accuracy at any angle, agreement over the quarter turns, equivariance error per layer')
    .requiredOption('--data <ref>', 'dataset: a name, a folder, a zip')
    .option('--split <name>', 'train | val | test', 'test')
    .option('--angles <degrees>', 'comma-separated, counter-clockwise', anglesOption, [0, 90, 180, 270])
    .option('--split-seed <n>', 'seed of the split', wholeOption('split-seed', 0), 1)
    .option('--json', 'one JSON document')
    .option('--quiet', 'no progress bar')
    .action(async (reference: string, options: Options) => {
      const split = oneOf('split', options.split, SPLIT_NAMES);
      const model = await openAnyModel(reference);
      const { dataset, splits } = await dataFor(model, options.data, options.splitSeed);
      await startNodeBackend();
      const { upright: _, ...check } = await runStage(
        rotationCheck(model, dataset, splits[split], options.angles),
        options,
      );
      print({ ...check, split }, options, () => [
        `${check.n} ${split} tiles of ${dataset.title}`,
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
      ]);
    });
}

function anglesOption(text: string): number[] {
  const angles = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (angles.some((angle) => !Number.isFinite(angle))) {
    throw new BadInput(`--angles needs numbers separated by commas, such as 0,45,90, not "${text}".`);
  }
  return angles;
}

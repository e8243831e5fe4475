import path from 'node:path';
import type { Command } from 'commander';
import type { SplitName } from '../../src/lab/data/dataset';
import { officialParts, SPLIT_NAMES } from '../../src/lab/data/parts';
import { BadInput } from '../../src/lab/errors';
import { breaksAt, breakWords } from '../../src/lab/evaluate/breaks';
import { totalCost } from '../../src/lab/evaluate/cost';
import { turnedUnder } from '../../src/lab/evaluate/equivariance';
import { reportJson } from '../../src/lab/evaluate/report/files';
import { measureReport, partWords } from '../../src/lab/evaluate/report/measure';
import { checkOf, logitsAtAngles } from '../../src/lab/evaluate/rotation';
import { UNSURE } from '../../src/lab/evaluate/unsure';
import type { AnyModel } from '../../src/lab/nn/model';
import { provenanceIn } from '../../src/lab/recipe/provenance';
import { startNodeBackend } from '../node/backend';
import { openAnyModel } from '../node/models';
import { runStage } from '../node/runStage';
import { columns, percent, sizeWords } from '../node/table';
import { AS_JSON, DATA, OTHER_SPLIT_SEED, QUIET } from '../options';
import { allTilesFor, dataFor, numberOption, oneOf, print } from '../work';
import {
  measureBefore,
  type ReportOptions,
  reportLines,
  requireComparable,
  requireReport,
  writeReport,
} from './evaluateReport';

/** `all`: every tile of the set, without a split; for data that the network has never seen. */
const PARTS = ['all', ...SPLIT_NAMES] as const;

interface Options extends ReportOptions {
  data: string;
  split: string;
  angles: number[];
  splitSeed?: number;
}

/** `evaluate <model>`: accuracy at any angle, agreement, equivariance error per layer; on request a report class by class. */
export function evaluate(program: Command): void {
  program
    .command('evaluate <model>')
    .description('accuracy at any angle, agreement over the quarter turns, equivariance error per layer')
    .addOption(DATA)
    .option('--split <name>', 'train | val | test, or all: every tile, for data never seen', 'test')
    .option('--angles <degrees>', 'comma-separated, counter-clockwise', anglesOption, [0, 90, 180, 270])
    .addOption(OTHER_SPLIT_SEED)
    .option(
      '--report <dir>',
      'confusion, precision, recall, calibration and every tile: Markdown and CSV into this folder',
    )
    .option('--before <model>', 'the network before the step: the report says what the step won and lost')
    .option(
      '--unsure <p>',
      `which tiles the report lists as unsure: below this probability (default: ${UNSURE})`,
      numberOption('unsure'),
    )
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (reference: string, options: Options) => {
      const split = oneOf('split', options.split, PARTS);
      if (split === 'all' && options.splitSeed !== undefined) {
        throw new BadInput(
          '--split-seed says nothing with --split all, which makes no split: leave one of them out.',
        );
      }
      await requireReport(options, options.data);
      const model = await openAnyModel(reference);
      const earlier = options.before === undefined ? undefined : await openAnyModel(options.before);
      if (earlier) requireComparable(earlier, model);
      const { dataset, tiles, validation, isKnown } = await (split === 'all'
        ? { ...(await allTilesFor(model, options.data)), validation: undefined }
        : partFor(model, options.data, split, options.splitSeed));
      await startNodeBackend();
      const { angles } = options;
      const logits = await runStage(logitsAtAngles(model, dataset, tiles, angles), options);
      const { each: _, ...check } = await checkOf(model, dataset, tiles, angles, logits);
      const all = split === 'all' ? { trainedOnThisSet: isKnown } : {};
      const isOfficial = officialParts(dataset) !== undefined;
      const cost = totalCost(model.arch);
      const broken = breaksAt(check.equivarianceError);
      const what =
        split === 'all'
          ? `all ${check.n} tiles of ${dataset.title}, no split made`
          : partWords(check.n, split, dataset);
      const measured = { model, dataset, tiles, validation, logits, part: split };
      const report =
        options.report === undefined
          ? undefined
          : await runStage(measureReport(measured, options.unsure), options);
      const before =
        report &&
        earlier &&
        (await measureBefore(path.basename(options.before!), earlier, measured, report, options));
      if (report) {
        const notes = [
          ...(isKnown ? [KNOWN] : []),
          ...(split === 'train' ? [LEARNT] : []),
          ...(split !== 'all' && earlier && !sharesSplit(earlier, model) ? [OTHER_SPLIT] : []),
        ];
        const facts = { network: path.basename(reference), tiles: what, notes, part: split, before };
        await writeReport(options.report!, report, facts, dataset.title);
      }
      const told = {
        ...check,
        ...(broken && { breaksAt: broken.layer }),
        split,
        official: isOfficial,
        ...all,
        ...cost,
        ...(report && reportJson(report, before)),
      };
      print(told, options, () => [
        what,
        ...(isKnown ? [KNOWN] : []),
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
        breakWords(check.equivarianceError, turnedUnder(model.arch)),
        '',
        `${cost.params} parameters; ${sizeWords(cost)}`,
        ...(report ? reportLines(report, split, options.report!, before) : []),
      ]);
    });
}

const KNOWN =
  'The network was trained on tiles of this set, so these figures are better than on new ones: --split test leaves them out.';

const LEARNT = 'The network learnt from these very tiles, so these figures are better than on new ones.';

const OTHER_SPLIT =
  'The network before was trained on another split, or does not say on which: it may have learnt from these tiles.';

/** Whether two networks say that they were trained on the same split. */
function sharesSplit(a: AnyModel, b: AnyModel): boolean {
  const [of, other] = [a, b].map((model) => JSON.stringify(provenanceIn(model)?.recipe.split));
  return of !== undefined && of === other;
}

async function partFor(model: AnyModel, reference: string, split: SplitName, seed?: number) {
  const { dataset, splits } = await dataFor(model, reference, seed);
  return { dataset, tiles: splits[split], validation: splits.val, isKnown: false };
}

function anglesOption(text: string): number[] {
  const angles = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (angles.some((angle) => !Number.isFinite(angle))) {
    throw new BadInput(`--angles needs numbers separated by commas, such as 0,45,90, not "${text}".`);
  }
  return angles;
}

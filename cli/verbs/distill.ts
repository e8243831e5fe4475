import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { totalCost } from '../../src/lab/evaluate/cost';
import { HEAD_KINDS } from '../../src/lab/families/gcnn/arch';
import type { EpochRecord } from '../../src/lab/stage/history';
import { distilSettingsSchema } from '../../src/lab/train/settings';
import { type ContinueOptions, continueNetworks, writeModel } from '../continue';
import { requirePlaceFor } from '../node/files';
import { openModel } from '../node/models';
import { folderStore } from '../node/runStore';
import { columns, percent, sizeRows } from '../node/table';
import { AS_JSON, DATA, OTHER_SPLIT_SEED, QUIET, seedOption } from '../options';
import { checked, numberOption, oneOf, print, wholeOption } from '../work';

interface Options extends ContinueOptions {
  readonly out: string;
  readonly arch?: string;
  readonly head?: string;
  readonly hidden?: number;
  readonly dropout?: number;
  readonly epochs?: number;
  readonly batch?: number;
  readonly learningRate?: number;
  readonly alpha?: number;
  readonly temperature?: number;
}

/** `distill <teacher>`: a student trained from labels and a teacher's answers. Killed and started again, it goes on. */
export function distill(program: Command): void {
  program
    .command('distill <teacher>')
    .description(
      "train a student from the labels and a trained network's softened answers; killed and run again, it resumes",
    )
    .addOption(DATA)
    .requiredOption('--out <file>', 'where to write the student (safetensors)')
    .option('--arch <id>', "the student's design, if not the teacher's")
    .option('--head <kind>', HEAD_KINDS.join(' | '))
    .option('--hidden <n>', 'hidden neurons of the student', wholeOption('hidden', 1))
    .option('--dropout <p>', 'share of hidden activations dropped in training', numberOption('dropout'))
    .option('--epochs <n>', 'at most', wholeOption('epochs', 1))
    .option('--batch <n>', 'tiles per step', wholeOption('batch', 1))
    .option('--learning-rate <x>', "Adam's", numberOption('learning-rate'))
    .option(
      '--alpha <x>',
      "share of the labels in the loss, 0 … 1; the rest is the teacher's",
      numberOption('alpha'),
    )
    .option('--temperature <x>', 'T: how much answers are softened', numberOption('temperature'))
    .addOption(seedOption('seed of initial weights, shuffling and dropout'))
    .addOption(OTHER_SPLIT_SEED)
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (reference: string, options: Options) => {
      const { epochs, batch, learningRate, alpha, temperature, hidden, dropout } = options;
      await requirePlaceFor(options.out, [reference]);
      const settings = checked(distilSettingsSchema, { epochs, batch, learningRate, alpha, temperature });
      const head = options.head === undefined ? undefined : oneOf('head', options.head, HEAD_KINDS);
      const teacher = await openModel(reference);
      const student = { id: options.arch, head, hidden, dropout };
      // What a killed run leaves beside the student; finished, it is taken away.
      const unfinished = `${options.out}.unfinished`;
      const done = await continueNetworks(
        [{ model: teacher, title: reference }],
        () => [
          { kind: 'check', part: 'val' },
          { kind: 'distil', student, settings },
        ],
        options,
        (identity) => folderStore(unfinished, identity),
      );
      await writeModel(options.out, done.model);
      if (existsSync(unfinished)) await rm(unfinished, { recursive: true });
      const [before, learnt] = done.records;
      const history = learnt.epochs as EpochRecord[];
      const figures = {
        split: 'val',
        n: done.splits.val.length,
        teacher: { accuracy: before.accuracy, ...totalCost(teacher.arch) },
        student: { accuracy: learnt.accuracy, ...totalCost(done.model.arch) },
        epochs: history,
        bestEpoch: learnt.bestEpoch,
        stop: learnt.stop,
      };
      print(figures, options, () => [
        `T = ${settings.temperature}, α = ${settings.alpha}: best of ${history.length} epochs is ${figures.bestEpoch} (${figures.stop})`,
        '',
        ...columns([
          [`on ${figures.n} validation tiles`, 'teacher', 'student'],
          ['accuracy', percent(figures.teacher.accuracy), percent(figures.student.accuracy)],
          ['parameters', figures.teacher.params, figures.student.params],
          ['multiply-adds', figures.teacher.macs, figures.student.macs],
          ...sizeRows(figures.teacher, figures.student),
        ]),
        '',
        `written to ${options.out}`,
      ]);
    });
}

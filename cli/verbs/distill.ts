import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { datasetHash } from '../../src/lab/data/tiles';
import { accuracyOf } from '../../src/lab/evaluate/agreement';
import { totalCost } from '../../src/lab/evaluate/cost';
import { answersOf } from '../../src/lab/evaluate/features';
import { HEAD_KINDS } from '../../src/lab/families/gcnn/arch';
import { namedArch } from '../../src/lab/families/gcnn/zoo';
import { initialParams } from '../../src/lab/families/init';
import { encodeModel } from '../../src/lab/files/modelFile';
import { keepingCheckpoints } from '../../src/lab/stage/store';
import { distilModel } from '../../src/lab/train/distil';
import { labelsOf } from '../../src/lab/train/problem';
import { distilSettingsSchema } from '../../src/lab/train/settings';
import { startNodeBackend } from '../node/backend';
import { writeAtomically } from '../node/files';
import { openModel } from '../node/models';
import { runStage } from '../node/runStage';
import { folderStore } from '../node/runStore';
import { columns, percent } from '../node/table';
import { checked, dataFor, numberOption, type OutputOptions, oneOf, print, wholeOption } from '../work';

interface Options extends OutputOptions {
  data: string;
  out: string;
  arch?: string;
  head?: string;
  hidden?: number;
  dropout?: number;
  epochs?: number;
  batch?: number;
  learningRate?: number;
  alpha?: number;
  temperature?: number;
  seed: number;
  splitSeed: number;
}

const STAGE = 'distil';

/** `distill <teacher>`: a student trained from labels and a teacher's answers. Killed and started again, it goes on. */
export function distill(program: Command): void {
  program
    .command('distill <teacher>')
    .description(
      "train a student from the labels and a trained network's softened answers; killed and run again, it resumes",
    )
    .requiredOption('--data <ref>', 'dataset: a name, a folder, a zip')
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
    .option('--seed <n>', 'seed of initial weights, shuffling and dropout', wholeOption('seed', 0), 1)
    .option('--split-seed <n>', 'seed of the split', wholeOption('split-seed', 0), 1)
    .option('--json', 'one JSON document')
    .option('--quiet', 'no progress bar')
    .action(async (reference: string, options: Options) => {
      const { epochs, batch, learningRate, alpha, temperature, hidden, dropout, seed } = options;
      const settings = checked(distilSettingsSchema, { epochs, batch, learningRate, alpha, temperature });
      const head = options.head === undefined ? undefined : oneOf('head', options.head, HEAD_KINDS);
      const teacher = await openModel(reference);
      const arch = studentOf(teacher.arch, options.arch, { head, hidden, dropout });
      const { dataset, splits } = await dataFor(teacher, options.data, options.splitSeed);
      await startNodeBackend();
      const { classes, normalisation } = teacher;
      const params = initialParams(arch, seed);
      const provenance = { dataset: dataset.title, synthetic: dataset.synthetic };
      const fresh = { arch, params, classes, normalisation, provenance };
      const answers = await runStage(answersOf(teacher, dataset, splits.val), options);
      // What a killed run leaves beside the student; finished, it is taken away.
      const unfinished = `${options.out}.unfinished`;
      const store = await folderStore(unfinished, {
        ...{ settings, seed, arch, splitSeed: options.splitSeed, data: datasetHash(dataset) },
        teacher: createHash('sha256').update(encodeModel(teacher)).digest('hex'),
      });
      const resume = await store.loadCheckpoint(STAGE);
      const distilling = distilModel(teacher, fresh, dataset, splits, settings, seed, resume);
      const result = await runStage(keepingCheckpoints(distilling, store, STAGE), options);
      const { accuracy } = result.best;
      const distilled = { settings, seed, teacher: teacher.provenance, validationAccuracy: accuracy };
      await writeAtomically(
        options.out,
        encodeModel({ ...fresh, params: result.params, provenance: { ...provenance, distilled } }),
      );
      await rm(unfinished, { recursive: true });
      const figures = {
        split: 'val',
        n: splits.val.length,
        teacher: { accuracy: accuracyOf(answers, labelsOf(dataset, splits.val)), ...totalCost(teacher.arch) },
        student: { accuracy, ...totalCost(arch) },
        epochs: result.history,
        bestEpoch: result.best.epoch,
        stop: result.reason,
      };
      print(figures, options, () => [
        `T = ${settings.temperature}, α = ${settings.alpha}: best of ${result.history.length} epochs is ${figures.bestEpoch} (${figures.stop})`,
        '',
        ...columns([
          [`on ${figures.n} validation tiles`, 'teacher', 'student'],
          ['accuracy', percent(figures.teacher.accuracy), percent(accuracy)],
          ['parameters', figures.teacher.params, figures.student.params],
          ['multiply-adds', figures.teacher.macs, figures.student.macs],
          ['bytes', figures.teacher.bytes, figures.student.bytes],
        ]),
        '',
        `written to ${options.out}`,
      ]);
    });
}

/** The teacher's design with changes, or another one by name; always with the teacher's input and classes. */
function studentOf(
  { id, group, head, input, classes }: ReturnType<typeof namedArch>,
  named: string | undefined,
  changes: { head?: (typeof HEAD_KINDS)[number]; hidden?: number; dropout?: number },
): ReturnType<typeof namedArch> {
  const asTeacher = { group, head: head.kind, hidden: head.hidden, dropout: head.dropout };
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  return namedArch(named ?? id, {
    ...(named === undefined && asTeacher),
    ...given,
    size: input.size,
    classes,
  });
}

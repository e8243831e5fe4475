/**
 * Distillation (science §4): a student learns from the labels and from a teacher's softened answers. The teacher sees
 * each training tile once, upright; its logits are kept and travel with the checkpoints.
 */
import type { Dataset, Splits } from '../data/dataset';
import { BadInput } from '../errors';
import { featuresOf, logitsFromFeatures } from '../evaluate/features';
import type { GcnnModel } from '../families/gcnn/model';
import type { FitCheckpoint } from '../stage/checkpoint';
import type { Stage } from '../stage/events';
import { type FitResult, fit, fitsNetwork } from './fit';
import { type DistillationWeights, distillationLoss } from './loss';
import { type Objective, type Problem, pictureProblem, rowsTensor } from './problem';
import type { DistilSettings } from './settings';
import { trainPlan } from './train';

const TEACHER = 'teacher.logits';

/**
 * A problem whose training examples are to be answered as a teacher answers them, too. teacher: the logits, examples ×
 * classes; a checkpoint's own come first, because computed anew they might differ in a bit.
 */
export function withTeacher(
  problemFor: (objective: Objective) => Problem,
  teacher: { readonly values: Float32Array; readonly width: number },
  weights: DistillationWeights,
  resume?: FitCheckpoint,
): Problem {
  const { width } = teacher;
  const values = resume?.constants?.[TEACHER].data ?? teacher.values;
  const problem = problemFor((logits, rows, labels) =>
    distillationLoss(logits, labels, rowsTensor({ values, width }, rows), weights),
  );
  return { ...problem, constants: { [TEACHER]: { shape: [values.length / width, width], data: values } } };
}

/**
 * Trains `student` on the training tiles with the help of `teacher`, choosing the epoch on the validation tiles.
 * Throws `BadInput` where the two tell other classes apart or read other tiles.
 */
export async function* distilModel(
  teacher: GcnnModel,
  student: GcnnModel,
  dataset: Dataset,
  splits: Splits,
  settings: DistilSettings,
  seed: number,
  resume?: FitCheckpoint,
): Stage<FitResult> {
  requireTeacher(teacher, student);
  const own = resume && fitsNetwork(resume, student.params) ? resume : undefined;
  const values = own?.constants?.[TEACHER].data ?? (yield* teacherLogits(teacher, dataset, splits.train));
  const problem = withTeacher(
    (objective) =>
      pictureProblem(
        student.arch,
        dataset,
        student.normalisation,
        splits.train,
        splits.val,
        objective,
        settings.augment,
      ),
    { values, width: teacher.arch.classes },
    settings,
    own,
  );
  return yield* fit(problem, student.params, trainPlan(student, settings, seed), resume);
}

/** Logits of the chosen tiles, tiles × classes. */
async function* teacherLogits(teacher: GcnnModel, dataset: Dataset, tiles: Uint32Array): Stage<Float32Array> {
  return await logitsFromFeatures(teacher, yield* featuresOf(teacher, dataset, tiles));
}

function requireTeacher(teacher: GcnnModel, student: GcnnModel): void {
  if (teacher.classes.join() !== student.classes.join()) {
    throw new BadInput(
      `A teacher has to tell the student's classes apart: it knows ${teacher.classes.join(', ')}, the student is ` +
        `to learn ${student.classes.join(', ')}. Choose a teacher trained on the same classes.`,
    );
  }
  const [from, to] = [teacher.arch.input, student.arch.input];
  if (from.size !== to.size || from.channels !== to.channels) {
    throw new BadInput(
      `Teacher and student have to read the same tiles: the teacher reads ${from.size}×${from.size}×${from.channels}, ` +
        `the student ${to.size}×${to.size}×${to.channels}. Give the student the teacher's input size.`,
    );
  }
}

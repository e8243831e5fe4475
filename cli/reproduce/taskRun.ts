/** The trainings of a task with one seed: what each is, and the file of a folder in which it leaves its last checkpoint. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { decodeCheckpoint } from '../../src/lab/files/checkpointFile';
import { slugOf } from '../../src/lab/recipe/names';
import type { FitCheckpoint } from '../../src/lab/stage/checkpoint';
import type { TaskScale } from '../../src/lab/tasks/names';
import { type Task, type TaskMaterial, type TaskTraining, trainingIds } from '../../src/lab/tasks/task';
import { readBytes } from '../node/files';
import { orNull, sayOnError, setAside } from '../node/kept';

export interface TaskRun {
  readonly task: Task;
  readonly scale: TaskScale;
  readonly seed: number;
  /** Of all seeds. */
  readonly folder: string;
  /** In an order in which each stands behind what it goes on from. */
  readonly trainings: readonly PlacedTraining[];
}

export interface PlacedTraining {
  readonly training: TaskTraining;
  /** Its identity. */
  readonly id: string;
  readonly file: string;
}

/**
 * Brings trainings to their end, wherever that is done. After it their files hold what they left; one that is missing all
 * the same is made by whoever needs it. Throws `BadInput` or `Unfinished` where that cannot be.
 */
export type Trainer = (runs: readonly TaskRun[], say: (line: string) => void) => Promise<void>;

export function taskRun(
  task: Task,
  scale: TaskScale,
  seed: number,
  { archs }: Pick<TaskMaterial, 'archs'>,
  folder: string,
): TaskRun {
  const trainings = task.trainings(scale);
  const ids = trainingIds(task, scale, seed, archs, trainings);
  return {
    ...{ task, scale, seed, folder },
    trainings: trainings.map((training) => {
      const id = ids.get(training.id)!;
      const file = `${slugOf(training.id)}-${id.slice(0, 8)}.safetensors`;
      return { training, id, file: path.join(folder, `seed-${seed}`, file) };
    }),
  };
}

/** What a training has left so far; a file that is damaged is set aside. */
export async function checkpointIn({ file }: PlacedTraining): Promise<FitCheckpoint | undefined> {
  if (!existsSync(file)) return undefined;
  const checkpoint = await orNull(async () => decodeCheckpoint(await readBytes(file), file));
  if (!checkpoint) await setAside(file, 'that training begins again', sayOnError);
  return checkpoint ?? undefined;
}

/** Whether all of them have come to their end. */
export async function isTrained({ trainings }: TaskRun): Promise<boolean> {
  for (const each of trainings)
    if (((await checkpointIn(each))?.history.length ?? 0) < each.training.epochs) return false;
  return true;
}

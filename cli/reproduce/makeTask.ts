/**
 * A task from data to report: its trainings, on a queue or in this process one after the other, each kept epoch by epoch under
 * what it is, so that the same command goes on where it was ended; then, in this process, what is measured, and the report.
 */
import path from 'node:path';
import { encodeCheckpoint } from '../../src/lab/files/checkpointFile';
import type { Params } from '../../src/lab/nn/model';
import { mapEvents } from '../../src/lab/stage/events';
import { taskMarkdown } from '../../src/lab/tasks/markdown';
import type { TaskScale } from '../../src/lab/tasks/names';
import type { TaskReport } from '../../src/lab/tasks/report';
import {
  chosenOf,
  type FieldSheet,
  type RowNetwork,
  runTraining,
  type Task,
  type TaskMaterial,
  type TaskTraining,
} from '../../src/lab/tasks/task';
import { type MeasuredRow, taskReport } from '../../src/lab/tasks/writing';
import type { FitResult } from '../../src/lab/train/fit';
import { startNodeBackend } from '../node/backend';
import { writeAtomically } from '../node/files';
import { createProgressBar, warn } from '../node/progress';
import { runStage } from '../node/runStage';
import { inSession, sessionsOf, wallSeconds } from '../sessions';
import { environmentOf } from './environment';
import { taskPictures } from './taskChart';
import { checkpointIn, type PlacedTraining, type TaskRun, type Trainer, taskRun } from './taskRun';

export interface TaskOrder {
  readonly task: Task;
  readonly scale: TaskScale;
  readonly seeds: readonly number[];
  readonly out: string;
  /** As a person would type it, without paths of this machine. */
  readonly command: string;
  readonly say: (line: string) => void;
  readonly quiet?: boolean;
  /** Who does the trainings; by default this process. */
  readonly trainer?: Trainer;
}

/** The report and the files it was written to, in `<out>/<task>-<scale>`; what is kept of the trainings lies in `<out>/runs`. */
export async function makeTask(order: TaskOrder): Promise<{ report: TaskReport; files: string[] }> {
  const { task, scale, seeds, out, say } = order;
  const { backend, adapter } = await startNodeBackend();
  const folder = path.join(out, 'runs', `${task.name}-${scale}`);
  const material = await task.open(scale);
  const runs = seeds.map((seed) => taskRun(task, scale, seed, material, folder));
  await order.trainer?.(runs, say);
  const measured: Map<string, MeasuredRow>[] = [];
  let sheets: FieldSheet[] | undefined;
  await inSession(folder, `${backend}: ${adapter}`, async () => {
    for (const run of runs) {
      const results = await trainAll(order, material, run);
      say(`seed ${run.seed}: measured on the test part`);
      measured.push(await measureAll(task, material, scale, results));
      if (material.sheets) sheets ??= await material.sheets(networksOf(task, scale, results));
    }
  });
  const sessions = await sessionsOf(folder);
  const report = taskReport(task, scale, material, measured, {
    made: new Date().toISOString(),
    ...{ command: order.command, seeds: [...seeds] },
    environment: environmentOf(sessions),
    wallSeconds: wallSeconds(sessions),
    ...(sheets && { sheets: JSON.parse(JSON.stringify(sheets)) }),
  });
  const files = await drawTask(report);
  const target = path.join(out, `${task.name}-${scale}`);
  // On one line: fields are many small numbers.
  files.set('report.json', `${JSON.stringify(report)}\n`);
  for (const [name, content] of files) await writeAtomically(path.join(target, name), content);
  return { report, files: [...files.keys()].map((name) => path.join(target, name)) };
}

/** `report.md` and the pictures, by file name: made from the report alone. */
export async function drawTask(report: TaskReport): Promise<Map<string, string>> {
  const pictures = await taskPictures(report);
  return new Map([
    ['report.md', taskMarkdown(report, pictures)],
    ...pictures.map(({ file, svg }): [string, string] => [file, svg]),
  ]);
}

/** Every training of a seed, finished. */
async function trainAll(
  { say, quiet }: TaskOrder,
  material: TaskMaterial,
  { seed, trainings }: TaskRun,
): Promise<Map<string, FitResult>> {
  const results = new Map<string, FitResult>();
  for (const placed of trainings) {
    const { id, from } = placed.training;
    const start = from === null ? null : results.get(from)!.params;
    results.set(id, await train(material, placed, seed, start, { say, quiet }));
  }
  return results;
}

/** One training under a progress bar, its checkpoint written after each epoch. */
async function train(
  material: TaskMaterial,
  placed: PlacedTraining,
  seed: number,
  start: Params | null,
  { say, quiet = false }: Pick<TaskOrder, 'say' | 'quiet'>,
): Promise<FitResult> {
  const { training, file } = placed;
  const kept = await checkpointIn(placed);
  const left = training.epochs - (kept?.history.length ?? 0);
  if (left > 0) say(`seed ${seed}: ${training.id}, ${left} of ${training.epochs} epochs`);
  const stage = runTraining(material, training, seed, start, kept);
  const keeping = mapEvents(stage, async (event) => {
    if (event.type === 'checkpoint') await writeAtomically(file, encodeCheckpoint(event.checkpoint));
    return event;
  });
  return runStage(keeping, { quiet }, createProgressBar(quiet, warn, 'examples'));
}

/** The network of every row: that of the training it takes. */
function networksOf(task: Task, scale: TaskScale, results: ReadonlyMap<string, FitResult>): RowNetwork[] {
  const trainings = new Map(task.trainings(scale).map((training) => [training.id, training]));
  return task.rows.map((row) => {
    const chosen = chosenOf(row, results);
    return chosen === null
      ? { row, network: null, params: null }
      : { row, network: trainings.get(chosen)!.network, params: results.get(chosen)!.params };
  });
}

async function measureAll(
  task: Task,
  material: TaskMaterial,
  scale: TaskScale,
  results: ReadonlyMap<string, FitResult>,
): Promise<Map<string, MeasuredRow>> {
  const trainings = new Map(task.trainings(scale).map((training) => [training.id, training]));
  const rows = new Map<string, MeasuredRow>();
  for (const { row, network, params } of networksOf(task, scale, results)) {
    const chosen = chosenOf(row, results);
    const figures = await material.measure(network, params);
    const seconds = chosen === null ? null : secondsOf(chosen, trainings, results);
    rows.set(row.id, { training: chosen, figures, seconds });
  }
  return rows;
}

/** Of a training and of all that it goes on from. */
function secondsOf(
  id: string | null,
  trainings: ReadonlyMap<string, TaskTraining>,
  results: ReadonlyMap<string, FitResult>,
): number {
  if (id === null) return 0;
  const own = results.get(id)!.history.reduce((sum, { seconds }) => sum + seconds, 0);
  return own + secondsOf(trainings.get(id)!.from, trainings, results);
}

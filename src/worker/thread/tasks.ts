/**
 * The tasks beside classification in a worker: their data made once, their networks trained one after the other and kept
 * epoch by epoch under what they are, and what they make of a flow or a scene. The page
 * has them at the scale of its name.
 */
import { BadInput } from '../../lab/errors';
import type { Params } from '../../lab/nn/model';
import { plain } from '../../lab/plain';
import { engineHere } from '../../lab/recipe/origin';
import type { Action } from '../../lab/spatial/action';
import { spatialCost } from '../../lab/spatial/arch';
import type { FitCheckpoint } from '../../lab/stage/checkpoint';
import { runUntilStopped, type Stage } from '../../lab/stage/events';
import { keepingCheckpoints, type RunStore } from '../../lab/stage/store';
import { chainOf } from '../../lab/tasks/adapting';
import { detection, openDetection } from '../../lab/tasks/detection';
import { fluids, openFluids } from '../../lab/tasks/fluids';
import type { TaskName, TaskScale } from '../../lab/tasks/names';
import {
  type Figures,
  runTraining,
  type Task,
  type TaskMaterial,
  type TaskTraining,
  trainingIds,
} from '../../lab/tasks/task';
import { decodeTaskFile, encodeTaskFile, endedCheckpoint } from '../../lab/tasks/taskFile';
import type { FitResult } from '../../lab/train/fit';
import { isDiskFull } from '../../storage/db';
import { holdRun, taskRun } from '../../storage/runLock';
import { openRunStore } from '../../storage/stages';
import { noteUse } from '../../storage/uses';
import type { JobEvent, TaskNetwork } from '../protocol/results';
import type { Handlers } from './host';
import { dropCheckpoints, telling } from './reporting';

/** What is kept of the tasks' networks lies under this name. */
const RUN = 'tasks';

/** A training of a chain, what it is kept under, and what is kept of it. */
interface Link {
  readonly training: TaskTraining;
  readonly key: string;
  readonly kept: FitCheckpoint | undefined;
}

/** Opens each task's data when it is first asked for; what was not to be had is tried again. */
function opener<Material>(open: () => Promise<Material>): () => Promise<Material> {
  let opening: Promise<Material> | undefined;
  return () => {
    opening ??= open().catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
}

export function createTaskHandlers(
  scale: TaskScale = 'page',
): Pick<Handlers, 'trainTask' | 'saveTask' | 'openTask' | 'flow' | 'scene'> {
  const flows = opener(() => openFluids(scale));
  const scenes = opener(() => openDetection(scale));
  const tasks: Readonly<Record<TaskName, { task: Task; material: () => Promise<TaskMaterial> }>> = {
    fluids: { task: fluids, material: flows },
    detection: { task: detection, material: scenes },
  };
  /** Measured once for each network. */
  const figures = new Map<string, Figures>();

  /** The trainings that lead to one that is finished, what its network is and the weights that it left. */
  async function finished(name: TaskName, training: string, seed: number) {
    const { task, material: open } = tasks[name];
    const material = await open();
    // What is damaged is as if it had not been trained.
    const { store } = await openRunStore(RUN, undefined, () => {});
    const links = await linksOf(task, material, training, { scale, seed, store });
    const last = links.at(-1)!;
    if (!last.kept || !isFinished(last)) throw new BadInput(NOT_TRAINED);
    const { network } = last.training;
    return { task, material, links, last, network, params: last.kept.best, history: last.kept.history };
  }

  /** What looks; null for nobody. */
  const looking = (name: TaskName, training: string | null, seed: number) =>
    training === null ? null : finished(name, training, seed);

  /** On the test part, measured once for each network. */
  async function figuresOf(
    { key, kept, training: { network } }: Link,
    material: TaskMaterial,
  ): Promise<Figures> {
    const known = figures.get(key) ?? (await material.measure(network, kept!.best));
    figures.set(key, known);
    return known;
  }

  return {
    async *trainTask({ task: name, training, seed, train }, stop) {
      const { task, material: open } = tasks[name];
      yield progress(name === 'fluids' ? 'solving the flows' : 'painting the scenes');
      const material = await open();
      const damages: string[] = [];
      const { store, problem } = await openRunStore(RUN, undefined, (what) => damages.push(what));
      const look = () => linksOf(task, material, training, { scale, seed, store });
      const release = train ? await holdRun(taskRun(name)) : () => {};
      if (!release) throw new BadInput(ELSEWHERE);
      try {
        if (train) yield* telling(damages, trained(material, await look(), seed, store, stop));
        const links = await look();
        for (const message of damages.splice(0)) yield { type: 'warning', message };
        const last = links.at(-1)!;
        const { network } = last.training;
        if (isFinished(last) && !figures.has(last.key)) yield progress(MEASURING);
        return {
          trainings: links.map(({ training: { id, epochs }, kept }) => ({
            ...{ id, epochs },
            history: kept?.history ?? [],
          })),
          figures: isFinished(last) ? await figuresOf(last, material) : null,
          problem,
          measures: task.measures,
          cost: spatialCost(material.archs[network]),
          data: material.data,
        } satisfies TaskNetwork;
      } catch (error) {
        throw isDiskFull(error) ? new BadInput(DISK_FULL, { cause: error }) : error;
      } finally {
        release();
      }
    },

    async *saveTask({ task: name, training, seed }) {
      yield progress(MEASURING);
      const { task, material, links, last, network, params, history } = await finished(name, training, seed);
      const { values } = await figuresOf(last, material);
      const trainings = links.map((link) => link.training);
      const origin = { scale, settings: task.settings(scale), trainings, figures: values, ...engineHere() };
      const about = { task: name, training, seed, id: last.key, history };
      return encodeTaskFile(about, material.archs[network], origin, params);
    },

    async *openTask({ file, name }) {
      const opened = decodeTaskFile(file, name);
      const { task: of, training, seed, id, history } = opened.about;
      yield progress(of === 'fluids' ? 'solving the flows' : 'painting the scenes');
      const { task, material: open } = tasks[of];
      const { archs } = await open();
      const known = chainOf(task.trainings(scale), training).at(-1);
      if (
        !known ||
        trainingIds(task, scale, seed, archs).get(training) !== id ||
        history.length < known.epochs
      )
        throw new BadInput(
          `${plain(name)} was trained otherwise than networks are on this page (another version of the lab, or other data), so it cannot stand beside them. Nothing of it was taken; train it here.`,
        );
      const arch = archs[known.network];
      const checkpoint = endedCheckpoint(arch, opened.about, opened.paramsFor(arch));
      const release = await holdRun(taskRun(of));
      if (!release) throw new BadInput(ELSEWHERE);
      try {
        const { store } = await openRunStore(RUN, undefined, () => {});
        await noteUse(RUN, id);
        // What is finished here is the same, to its last moment.
        const there = await store.loadCheckpoint(id);
        if ((there?.history.length ?? 0) < known.epochs) await store.saveCheckpoint(id, checkpoint);
      } catch (error) {
        throw isDiskFull(error) ? new BadInput(NOT_KEPT, { cause: error }) : error;
      } finally {
        release();
      }
      return { task: of, training, seed };
    },

    async *flow({ number, element, moved, training, seed }) {
      yield progress('solving the flow');
      const made = await looking('fluids', training, seed);
      const material = await flows();
      const half = moved ? material.archs.plain.size / 2 : 0;
      const action: Action = { element, move: [half, half] };
      return await material.flow(number, action, made?.network ?? null, made?.params ?? null);
    },

    async *scene({ number, training, seed }) {
      yield progress('painting the scene');
      const made = await looking('detection', training, seed);
      return await (await scenes()).scene(number, made?.network ?? null, made?.params ?? null);
    },
  };
}

/** Trains what is missing of a chain, up to a request to stop. */
async function* trained(
  material: TaskMaterial,
  links: readonly Link[],
  seed: number,
  store: RunStore,
  stop: AbortSignal,
): AsyncGenerator<JobEvent, void, void> {
  let start: Params | null = null;
  for (const { training, key, kept } of links) {
    await noteUse(RUN, key);
    yield { type: 'stage-started', stage: training.id, detail: '' };
    if (kept) yield { type: 'resumed', history: kept.history };
    const stage: Stage<FitResult> = keepingCheckpoints(
      runTraining(material, training, seed, start, kept),
      store,
      key,
    );
    const result: FitResult | null = yield* dropCheckpoints(runUntilStopped(stage, stop));
    if (!result) return;
    start = result.params;
  }
}

/** The trainings that lead to one, with what is kept of each. Throws `BadInput` for one that there is not. */
async function linksOf(
  task: Task,
  material: TaskMaterial,
  id: string,
  { scale, seed, store }: { readonly scale: TaskScale; readonly seed: number; readonly store: RunStore },
): Promise<Link[]> {
  const ids = trainingIds(task, scale, seed, material.archs);
  const chain = chainOf(task.trainings(scale), id);
  if (chain.length === 0) throw new BadInput(`This page knows no training called “${id}”.`);
  return Promise.all(
    chain.map(async (training) => {
      const key = ids.get(training.id)!;
      return { training, key, kept: await store.loadCheckpoint(key) };
    }),
  );
}

const isFinished = ({ training, kept }: Link): boolean => (kept?.history.length ?? 0) >= training.epochs;

const progress = (what: string): JobEvent => ({ type: 'progress', what, done: 0, total: 1 });

const MEASURING = 'measuring it on the test part';

const NOT_KEPT =
  'The disk is full, or this browser may keep no more, so the network was not opened. Nothing else of what is kept has changed; remove a run, a data set or a network, then try again.';
const NOT_TRAINED =
  'This network is not trained yet, or what was kept of it is gone. Train it, then look at it.';
const ELSEWHERE =
  'Another tab of this browser trains a network of this task; look there, or stop it there first.';
const DISK_FULL =
  'The disk is full, or this browser may keep no more, so the training ended. The epochs that were kept before are still there; remove a run, a data set or a point of the Fields view, or free space on the disk, then go on.';

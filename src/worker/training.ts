/**
 * A training run of the page: a recipe of `train` and `rotate`, whose row says after every epoch what its checkpoint
 * holds. The checkpoint is written first and is the truth: whoever takes the run up sets the row by it.
 */

import { BadInput, messageOf } from '../lab/errors';
import { totalCost } from '../lab/evaluate/cost';
import type { RotationCheck } from '../lab/evaluate/rotation';
import { prepare, type RunReport, runRecipe } from '../lab/recipe/pipeline';
import type { Prepared } from '../lab/recipe/run';
import type { RunStore } from '../lab/recipe/store';
import { type BackendReport, titles } from '../lab/runtime/backend';
import type { EpochRecord } from '../lab/train/history';
import { isDiskFull, requireLibrary } from '../library/db';
import { holdRun } from '../library/runLock';
import { changeRun, deleteRun, loadRun, putRun, type RunCheck, type RunRow, stagesOf } from '../library/runs';
import { loadRunTiles, runDataOf } from '../library/runTiles';
import { openRunStore } from '../library/stages';
import { loadDataset } from '../library/tiles';
import type { JobCommand, JobEvent } from './protocol';

type TrainCommand = Extract<JobCommand, { type: 'train' }>;
type Ending = Partial<Omit<RunRow, 'id'>>;

/** Begins a run or takes it up; ends with its row as it then is. */
export async function* trainRun(
  command: TrainCommand,
  stop: AbortSignal,
  engine: BackendReport | null,
): AsyncGenerator<JobEvent, RunRow, void> {
  await requireLibrary();
  const { run: id } = command;
  const release = await holdRun(id);
  if (!release) {
    throw new BadInput(
      `Another tab of this browser trains "${command.name}"; look there, or close it first.`,
    );
  }
  // What a run is that was left in the middle.
  let ending: Ending = { status: 'stopped' };
  try {
    yield { type: 'progress', what: 'loading the tiles', done: 0, total: 1 };
    const prepared = await begun(command, engineName(engine));
    const { store } = await openRunStore(stagesOf(id));
    const history = await keptHistory(store);
    await change(id, { history });
    if (history.length > 0) yield { type: 'resumed', history };
    const report = yield* following(id, prepared, store, stop);
    if (report) ending = { status: 'done', ...resultOf(report) };
  } catch (error) {
    ending = isDiskFull(error)
      ? { status: 'stopped', message: await diskFullMessage(command) }
      : { status: 'failed', message: messageOf(error) };
    if (isDiskFull(error)) throw new BadInput(ending.message!, { cause: error });
    throw error;
  } finally {
    // On a full disk the row may stay as it was; then it reads as a run cut off, which it is.
    await changeRun(id, ending).catch(() => {});
    release();
  }
  return (await loadRun(id))!;
}

/** The run's recipe on its tiles, with its row marked as running: a new one, or the kept one. */
async function begun(command: TrainCommand, engine: string): Promise<Prepared> {
  const { run: id, name, recipe, data } = command;
  const kept = await loadRun(id);
  if (kept) {
    const prepared = prepare(kept.recipe, await loadRunTiles(kept.data));
    await change(id, { status: 'running', message: null, engine });
    return prepared;
  }
  const source = await loadDataset(data);
  const prepared = prepare(recipe, source);
  const { train, val, test } = prepared.splits;
  await putRun({
    id,
    name,
    recipe,
    data: runDataOf(data, source),
    tiles: { train: train.length, val: val.length, test: test.length },
    created: Date.now(),
    status: 'running',
    engine,
    history: [],
    params: totalCost(prepared.arch).params,
    stop: null,
    check: null,
    message: null,
  });
  return prepared;
}

/** Runs the recipe with the row in step; null when asked to stop. */
async function* following(
  id: string,
  prepared: Prepared,
  store: RunStore,
  stop: AbortSignal,
): AsyncGenerator<JobEvent, RunReport | null, void> {
  const stage = runRecipe(prepared, store);
  try {
    while (!stop.aborted) {
      const step = await stage.next();
      if (step.done) return step.value;
      if (step.value.type === 'checkpoint') await change(id, { history: step.value.checkpoint.history });
      else yield step.value;
    }
    return null;
  } finally {
    await stage.return(undefined as never);
  }
}

/** What is kept of a run's training: of a finished one its record, else its checkpoint. */
async function keptHistory(store: RunStore): Promise<readonly EpochRecord[]> {
  const finished = await store.loadStage('train');
  if (finished) return finished.record.epochs as readonly EpochRecord[];
  return (await store.loadCheckpoint('train'))?.history ?? [];
}

async function change(id: string, changes: Ending): Promise<void> {
  if (await changeRun(id, changes)) return;
  // Deleted in another tab meanwhile: nothing of it shall be left behind.
  await deleteRun(id);
  throw new BadInput('This run was deleted while it was training, so nothing more of it is kept.');
}

function resultOf({ stages }: RunReport): Ending {
  const trained = stages.find(({ name }) => name === 'train');
  const rotated = stages.find(({ name }) => name.startsWith('rotate'));
  return {
    ...(trained && { history: trained.epochs as readonly EpochRecord[], stop: String(trained.stop) }),
    check: rotated ? checkOf(rotated as unknown as RotationCheck) : null,
  };
}

const checkOf = ({ angles, changed, undecided, n }: RotationCheck): RunCheck => ({
  turned: angles.map(({ accuracy }) => accuracy),
  changed,
  undecided,
  tiles: n,
});

const engineName = (report: BackendReport | null): string =>
  report ? `${titles[report.backend]} on ${report.adapter}` : 'an unknown engine';

async function diskFullMessage({ run: id, name }: TrainCommand): Promise<string> {
  const row = await loadRun(id).catch(() => undefined);
  const epochs = row?.history.length ?? 0;
  const kept = epochs === 0 ? 'No epoch of it was finished' : `Everything up to epoch ${epochs} is kept`;
  return `The disk is full, or this browser may keep no more, so "${name}" was stopped. ${kept}; delete a run or a data set, or free space on the disk, then continue it.`;
}

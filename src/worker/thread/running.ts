/**
 * A run of the page, a training or a whole pipeline: a recipe whose row says after every epoch and every stage what
 * its store holds. The store is written first and is the truth: whoever takes the run up sets the row by it.
 */

import { BadInput, messageOf } from '../../lab/errors';
import { totalCost } from '../../lab/evaluate/cost';
import type { RotationCheck } from '../../lab/evaluate/rotation';
import type { AnyArch } from '../../lab/nn/arch';
import { costBefore } from '../../lab/recipe/costBefore';
import { type RunReport, runRecipe } from '../../lab/recipe/pipeline';
import { type Prepared, prepare, requireDifferentTiles } from '../../lab/recipe/prepare';
import { idsOf } from '../../lab/recipe/run';
import { type BackendReport, titles } from '../../lab/runtime/backend';
import type { RunStore } from '../../lab/stage/store';
import { isDiskFull, requireLibrary } from '../../storage/db';
import { loadKept, reportKept } from '../../storage/keeping';
import { loadStart } from '../../storage/networks';
import type { Kept, RunCheck, RunRow } from '../../storage/rows';
import { holdRun } from '../../storage/runLock';
import { changeRun, deleteRun, keptUnder, loadRun, orderedRow, putRun, stagesOf } from '../../storage/runs';
import { loadRunTiles, runDataOf } from '../../storage/runTiles';
import { formerKeys, openRunStore } from '../../storage/stages';
import { loadDataset } from '../../storage/tiles';
import type { JobCommand } from '../protocol/commands';
import type { JobEvent } from '../protocol/results';
import { dropCheckpoints, telling } from './reporting';

type TrainCommand = Extract<JobCommand, { type: 'train' }>;
type Changes = Partial<Omit<RunRow, 'id'>>;

/** Begins a run or takes it up; ends with its row as it then is. */
export async function* runAndKeep(
  command: TrainCommand,
  stop: AbortSignal,
  engine: BackendReport | null,
): AsyncGenerator<JobEvent, RunRow, void> {
  await requireLibrary();
  const { run: id } = command;
  const release = await holdRun(id);
  if (!release) {
    throw new BadInput(
      `Another tab of this browser works on "${command.name}"; look there, or close it first.`,
    );
  }
  // What a run is that was left in the middle.
  let ending: Changes = { status: 'stopped' };
  let isBegun = false;
  try {
    yield { type: 'progress', what: 'loading the tiles', done: 0, total: 1 };
    const { prepared, row } = await begun(command, engineName(engine));
    isBegun = true;
    // What would not fit is told before anything is trained.
    if (row.history.length === 0) yield* dropCheckpoints(costBefore(prepared));
    const ids = idsOf(prepared, row.data.hash);
    const damages: string[] = [];
    const { store } = await openRunStore(stagesOf(id), formerKeys(row, ids), (what) => damages.push(what));
    const kept = await loadKept(store, ids);
    await change(id, kept);
    yield { type: 'kept', ...kept };
    const report = yield* telling(damages, inStep(row, prepared, store, { kept, ids }, stop));
    if (report) ending = { status: 'done', ...resultOf(report) };
  } catch (error) {
    ending = isDiskFull(error)
      ? { status: 'stopped', message: await diskFullMessage(command) }
      : { status: 'failed', message: messageOf(error) };
    if (isDiskFull(error)) throw new BadInput(ending.message!, { cause: error });
    throw error;
  } finally {
    // On a full disk the row may stay as it was; then it reads as a run cut off, which it is.
    await (isBegun || !(await isRefused(id, ending)) ? changeRun(id, ending) : deleteRun(id)).catch(() => {});
    release();
  }
  return (await loadRun(id))!;
}

/** The run's recipe on its tiles, with its row marked as running: a new one, or the kept one. */
async function begun(command: TrainCommand, engine: string): Promise<{ prepared: Prepared; row: RunRow }> {
  const { run: id, kind, name, recipe, data } = command;
  const row = await loadRun(id);
  if (row && row.begun !== false) {
    const prepared = prepare(row.recipe, await loadRunTiles(row.data), await loadStart(row.recipe));
    await change(id, { status: 'running', message: null, engine });
    return { prepared, row };
  }
  const { begun: _, damaged, ...rest } = row ?? orderedRow({ id, kind, name, recipe, data, title: '' });
  const { ref } = rest.data;
  const source = await loadDataset(ref);
  const prepared = prepare(rest.recipe, source, await loadStart(rest.recipe));
  requireDifferentTiles(prepared);
  const { train, val, test } = prepared.splits;
  const fresh: RunRow = {
    ...rest,
    data: runDataOf(ref, source),
    tiles: { train: train.length, val: val.length, test: test.length },
    ...{ status: 'running', message: null, engine },
    // Of what it begins with: the network at hand, or the one to be trained.
    ...sizesOf([...prepared.start.values()][0]?.arch ?? prepared.arch),
  };
  if (damaged) await requireSame(fresh, prepared);
  await putRun(fresh);
  return { prepared, row: fresh };
}

/** A row that was found damaged may have lost its recipe: then what is kept of the run is of another one. */
async function requireSame(row: RunRow, prepared: Prepared): Promise<void> {
  const ids = idsOf(prepared, row.data.hash);
  const keys = [...ids.values(), ...formerKeys(row, ids).values()];
  if ((await keptUnder(row.id, keys)) !== 'others') return;
  throw new BadInput(
    `What this browser kept of “${row.name}” is damaged: what is kept of its stages was not made by the recipe, or from the ` +
      'tiles, that it names now. Nothing was changed; delete it, and train it anew.',
  );
}

/** Whether a run could not even begin, so that nothing is there of it but the wish. */
async function isRefused(id: string, { status }: Changes): Promise<boolean> {
  return status === 'failed' && (await keptUnder(id, []).catch(() => 'others')) === 'nothing';
}

/** Runs the recipe with the row in step; null when asked to stop. */
async function* inStep(
  { id, data }: RunRow,
  prepared: Prepared,
  store: RunStore,
  { kept: start, ids }: { readonly kept: Kept; readonly ids: ReadonlyMap<string, string> },
  stop: AbortSignal,
): AsyncGenerator<JobEvent, RunReport | null, void> {
  let news: Kept | null = null;
  const watched = reportKept(store, start, ids, async (kept, what) => {
    await change(id, kept);
    if (what === 'stage') news = kept;
  });
  const stage = runRecipe(prepared, watched, data.hash);
  try {
    while (!stop.aborted) {
      const step = await stage.next();
      if (news) yield { type: 'kept', ...(news as Kept) };
      news = null;
      if (step.done) return step.value;
      // Checkpoints stay in the worker: they are large, and the store has them.
      if (step.value.type !== 'checkpoint') yield step.value;
    }
    return null;
  } finally {
    await stage.return(undefined as never);
  }
}

async function change(id: string, changes: Changes): Promise<void> {
  if (await changeRun(id, changes)) return;
  // Deleted in another tab meanwhile: nothing of it shall be left behind.
  await deleteRun(id);
  throw new BadInput('This run was deleted while it was going on, so nothing more of it is kept.');
}

function resultOf({ stages }: RunReport): Changes {
  const trained = stages.findLast(({ kind }) => kind === 'train' || kind === 'continue');
  const isFurther = stages.some(({ kind }) => kind === 'continue');
  const checks = stages.filter(({ kind }) => kind === 'check');
  const rotated = isFurther ? checks.at(-1) : checks[0];
  return {
    ...(trained && { stop: String(trained.stop) }),
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
  return `The disk is full, or this browser may keep no more, so "${name}" was stopped. ${keptWords(row)}; delete a run or a data set, or free space on the disk, then continue it.`;
}

function keptWords(row: Kept | undefined): string {
  const { stage, history } = row?.later ?? { stage: 'train', history: row?.history ?? [] };
  const where = stage === 'train' ? '' : ` of “${stage}”`;
  return history.length === 0
    ? 'No epoch of it was finished'
    : `Everything up to epoch ${history.length}${where} is kept`;
}

/** What a run's row says of the size of its network. */
function sizesOf(arch: AnyArch): Pick<RunRow, 'params' | 'bytes' | 'exported'> {
  const { params, bytes, exported } = totalCost(arch);
  return { params, bytes, exported };
}

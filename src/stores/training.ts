/**
 * Drives training: one run at a time, in a worker of its own, so that the slider stays alive. A worker that ends, a
 * reload and another engine are the same event: the run goes on from its last finished epoch.
 */
import { create } from 'zustand';
import { BadInput } from '../lab/errors';
import { encodeModel } from '../lab/formats/modelFile';
import type { Recipe } from '../lab/recipe/schema';
import { heldRuns } from '../library/runLock';
import { changeRun, deleteRun, listRuns, loadRun, type RunRow, stagesOf } from '../library/runs';
import { openRunStore } from '../library/stages';
import { type Job, WorkerLost } from '../worker/client';
import type { JobEvent } from '../worker/protocol';
import { Deaths } from './deaths';
import { explain } from './explain';
import { useLab } from './lab';
import { followed, type LiveRun, newLiveRun } from './live';
import { type Plan, recipeOf } from './plan';
import { givenUpSentence, type Resumption, resumedSentence } from './runSentences';
import { newClient } from './workers';

export interface TrainingState {
  /** All kept runs, the newest first; null until they were read. */
  readonly rows: readonly RunRow[] | null;
  readonly live: LiveRun | null;
  /** Runs that another tab of this browser works on. */
  readonly elsewhere: ReadonlySet<string>;
  /** The run whose charts are shown while none is live. */
  readonly shown: string | null;
  /** Runs marked for comparison. */
  readonly selected: ReadonlySet<string>;
  /** Why the last thing asked for could not be done. */
  readonly trouble: string | null;
}

export const useTraining = create<TrainingState>()(() => ({
  rows: null,
  live: null,
  elsewhere: new Set(),
  shown: null,
  selected: new Set(),
  trouble: null,
}));

const { getState, setState } = useTraining;

/** What the worker is asked to train: enough to begin a run or to take it up. */
interface Order {
  readonly run: string;
  readonly name: string;
  readonly recipe: Recipe;
  readonly data: string;
}

const client = newClient(() => {});
const deaths = new Deaths();
let job: Job<RunRow> | null = null;

/** Reads what is kept and takes up what was cut off. Called once. */
export async function beginTraining(): Promise<void> {
  useLab.subscribe(({ preference }, before) => {
    if (preference !== before.preference) switchEngine();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void refresh();
  });
  await refresh();
  for (const { id } of (getState().rows ?? []).filter(({ status }) => status === 'running')) {
    const free = await isFree(id);
    const row = await loadRun(id);
    if (!free || row?.status !== 'running') continue;
    await train(orderOf(row), 'reload');
    // One that was stopped or failed is nobody's wish to start the next.
    if ((await loadRun(id))?.status !== 'done') return;
  }
}

/** Begins a new run. */
export async function start(plan: Plan): Promise<void> {
  const run = crypto.randomUUID();
  const name = newName(plan.arch, getState().rows ?? []);
  await train({ run, name, recipe: recipeOf(plan), data: plan.data });
}

/** Goes on with a kept run after its last finished epoch. */
export async function continueRun(id: string): Promise<void> {
  const row = await loadRun(id);
  if (row) await train(orderOf(row));
  else await refresh();
}

export function pause(): void {
  if (getState().live?.status !== 'running') return;
  job?.control('pause');
  change({ status: 'paused' });
}

export function resume(): void {
  if (getState().live?.status !== 'paused') return;
  change({ status: 'running' });
  job?.control('resume');
}

/** One batch; after an epoch's last one, its validation. */
export function step(): void {
  if (getState().live?.status === 'paused') job?.control('step');
}

/** Stops for now: the last finished epoch is kept. */
export function stop(): void {
  if (!getState().live) return;
  change({ status: 'stopping' });
  job?.control('stop');
}

export async function rename(id: string, name: string): Promise<void> {
  const short = name.trim().slice(0, 100);
  if (short) await attempt(() => changeRun(id, { name: short }));
}

export async function remove(id: string): Promise<void> {
  const held = await heldRuns();
  if (held.has(id)) setState({ trouble: 'This run is training in another tab; stop it there first.' });
  else await attempt(() => deleteRun(id));
}

/** The file of a finished run's network. */
export async function networkFile(id: string): Promise<Uint8Array> {
  const { store } = await openRunStore(stagesOf(id));
  const kept = await store.loadStage('train');
  if (!kept?.model) throw new BadInput('This run has no finished network yet.');
  return encodeModel(kept.model);
}

/** Shows the charts of a kept run. */
export const show = (id: string): void => setState({ shown: id, trouble: null });

export function select(id: string): void {
  setState(({ selected }) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    return { selected: next };
  });
}

/** Kills the worker as a crash would; for tests. */
export const terminateTraining = (): void => client.terminateWorker();

/** Reads the kept runs anew. */
export async function refresh(): Promise<void> {
  const [rows, held] = await Promise.all([listRuns(), heldRuns()]);
  const ids = new Set(rows.map(({ id }) => id));
  const { live, selected, shown } = getState();
  setState({
    rows,
    elsewhere: new Set([...held].filter((id) => id !== live?.id)),
    selected: new Set([...selected].filter((id) => ids.has(id))),
    shown: shown && ids.has(shown) ? shown : (rows[0]?.id ?? null),
  });
}

/** Trains until the run ends one way or another, through worker deaths and changes of engine. */
async function train(order: Order, why: Resumption | null = null): Promise<void> {
  if (getState().live) return;
  const stage = order.recipe.stages.find(({ kind }) => kind === 'train');
  if (stage?.kind !== 'train') return;
  const { epochs, batch } = stage.settings;
  setState({ live: newLiveRun(order.run, order.name, epochs, batch), trouble: null, shown: order.run });
  let trouble: string | null = null;
  try {
    let reason = why;
    do reason = await attemptOf(order, reason);
    while (reason !== null && getState().live?.status !== 'stopping');
  } catch (error) {
    trouble = explain(error);
  }
  job = null;
  // Its memory is freed; the next run starts a fresh one.
  client.close();
  await settle(order.run);
  await refresh();
  setState({ live: null, trouble });
}

/** One worker's share of a run: null when the run ended, else why another worker has to go on. */
async function attemptOf(order: Order, why: Resumption | null): Promise<Resumption | null> {
  const { preference } = useLab.getState();
  const stopping = () => getState().live?.status === 'stopping';
  if (!stopping()) change({ status: 'starting', what: 'starting the engine', batch: 0, rate: null });
  try {
    const backend = await client.run('start', { backend: preference }).result;
    change({ backend });
    job = client.run('train', order, (event) => follow(event, why));
    if (stopping()) job.control('stop');
    await job.result;
    return null;
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    if (useLab.getState().preference !== preference) return 'engine';
    const times = deaths.tooMany();
    if (times === null) return 'crash';
    deaths.forget();
    throw new Error(givenUpSentence(times, error.message, getState().live?.history.length ?? 0));
  }
}

function follow(event: JobEvent, why: Resumption | null): void {
  const { live } = getState();
  if (!live) return;
  const next = followed(live, event);
  setState({ live: next });
  if (event.type !== 'stage-started' || event.stage !== 'train') return;
  void refresh();
  if (why) useLab.setState({ notice: resumedSentence(next.name, next.history.length, why) });
}

/** Nobody works on the run any more: its row shall not say that somebody does. */
async function settle(id: string): Promise<void> {
  const row = await loadRun(id).catch(() => undefined);
  if (row?.status === 'running' && (await isFree(id))) {
    await changeRun(id, { status: 'stopped' }).catch(() => false);
  }
}

/** Another engine was chosen: the run goes on with it. */
function switchEngine(): void {
  const { live } = getState();
  if (!live || live.status === 'stopping') return;
  client.close();
}

async function attempt(what: () => Promise<unknown>): Promise<void> {
  setState({ trouble: null });
  try {
    await what();
  } catch (error) {
    setState({ trouble: explain(error) });
  }
  await refresh();
}

/** Whether nobody works on a run, after the moment that a page just left needs to go. */
async function isFree(id: string): Promise<boolean> {
  for (let i = 0; i < 20; i++) {
    if (!(await heldRuns()).has(id)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function change(changes: Partial<LiveRun>): void {
  setState(({ live }) => ({ live: live && { ...live, ...changes } }));
}

const orderOf = ({ id, name, recipe, data }: RunRow): Order => ({ run: id, name, recipe, data: data.ref });

/** "tiny 3": the architecture and the next free number. */
function newName(arch: string, rows: readonly RunRow[]): string {
  const taken = new Set(rows.map(({ name }) => name));
  let n = 1;
  while (taken.has(`${arch} ${n}`)) n++;
  return `${arch} ${n}`;
}

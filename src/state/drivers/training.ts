/**
 * Drives runs, trainings and whole pipelines: one at a time, in a worker of its own, so that the slider stays alive. A
 * worker that ends, a reload and another engine are the same event: the run goes on from its last finished epoch.
 */
import { useMemo } from 'react';
import { create } from 'zustand';
import { SYNTHETIC_TITLE } from '../../lab/data/synthetic/title';
import { BadInput } from '../../lab/errors';
import { encodeModel } from '../../lab/files/modelFile';
import { checkRecipe, type Recipe } from '../../lab/recipe/schema';
import { type Kept, RUN_KINDS, type RunKind, type RunRow, SYNTHETIC } from '../../storage/rows';
import { holdOrder, isRunFree, listHeldRuns } from '../../storage/runLock';
import { changeRun, deleteRun, loadRun, orderedRow, putRun, readRuns as readKept } from '../../storage/runs';
import { loadRunNetwork } from '../../storage/stages';
import type { Job } from '../../worker/page/client';
import { WorkerLost } from '../../worker/protocol/jobErrors';
import type { JobEvent } from '../../worker/protocol/results';
import { useDatasets } from '../data/datasets';
import { useLab } from '../page/lab';
import { joined } from '../train/joined';
import { applyEvent, type LiveRun, newLiveRun } from '../train/live';
import { type Plan, recipeOf } from '../train/plan';
import { explain } from '../words/explain';
import { givenUpSentence, type Resumption, resumedSentence } from '../words/runs';
import { Deaths } from './deaths';
import { engineWanted } from './engine';
import { newClient } from './workers';

export interface TrainingState {
  /** All kept runs, the newest first; null until they were read. */
  readonly rows: readonly RunRow[] | null;
  /** Kept runs of which nothing can be read any more: their ids. */
  readonly unreadable: readonly string[];
  readonly live: LiveRun | null;
  /** Runs that another tab of this browser works on. */
  readonly elsewhere: ReadonlySet<string>;
  /** In each view: the run that is shown while none is live. */
  readonly shown: Readonly<Record<RunKind, string | null>>;
  /** Runs marked for comparison. */
  readonly selected: ReadonlySet<string>;
  /** Why the last thing asked for could not be done. */
  readonly trouble: string | null;
}

export const useTraining = create<TrainingState>()(() => ({
  rows: null,
  unreadable: [],
  live: null,
  elsewhere: new Set(),
  shown: { training: null, pipeline: null, adapting: null },
  selected: new Set(),
  trouble: null,
}));

const { getState, setState } = useTraining;

/** The run that is going on, in the view of its kind; null in the other. */
export const useLive = (kind: RunKind): LiveRun | null =>
  useTraining(({ live }) => (live?.kind === kind ? live : null));

/** The kept runs of a kind, the newest first; null until they were read. */
export function useRows(kind: RunKind): readonly RunRow[] | null {
  const rows = useTraining(({ rows }) => rows);
  return useMemo(() => rows?.filter((row) => row.kind === kind) ?? null, [rows, kind]);
}

/** What the worker is asked for: enough to begin a run or to take it up. */
interface Order {
  readonly run: string;
  readonly kind: RunKind;
  readonly name: string;
  readonly recipe: Recipe;
  readonly data: string;
}

const client = newClient(() => {});
const deaths = new Deaths();
let job: Job<RunRow> | null = null;
/** Between the click and the row. */
let isBeginning = false;

/** Reads what is kept and takes up what was cut off. Called once. */
export async function beginTraining(): Promise<void> {
  useLab.subscribe(({ preference }, before) => {
    if (preference !== before.preference) switchEngine();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void refresh();
  });
  await refresh();
  try {
    await takeUpCutOff();
  } catch (error) {
    setState({ trouble: unreadableWords(error) });
  }
}

async function takeUpCutOff(): Promise<void> {
  for (const { id } of (getState().rows ?? []).filter(({ status }) => status === 'running')) {
    const free = await isRunFree(id);
    const row = await loadRun(id);
    if (!free || row?.status !== 'running') continue;
    await train(orderOf(row), 'reload', row);
    // One that was stopped or failed is nobody's wish to start the next.
    if ((await loadRun(id))?.status !== 'done') return;
  }
}

/** Begins a new training. */
export const start = (plan: Plan): Promise<void> => begin('training', recipeOf(plan), plan.data);

/** Begins a recipe on a data set: a pipeline, an adapting and what stands beside it, a training that is no fresh one. */
export const startStages = (kind: RunKind, recipe: Recipe, data: string): Promise<void> =>
  begin(kind, recipe, data);

/** The row is kept before anything else: a page that is left the next moment has not lost the run. */
async function begin(kind: RunKind, recipe: Recipe, data: string): Promise<void> {
  if (getState().live || isBeginning) return;
  isBeginning = true;
  const run = crypto.randomUUID();
  const name = newName(recipe.name, getState().rows ?? []);
  const release = holdOrder(run);
  try {
    await putRun(orderedRow({ id: run, kind, name, recipe, data, title: titleOf(data) }));
  } catch (error) {
    setState({ trouble: explain(error) });
    (await release)();
    return;
  } finally {
    isBeginning = false;
  }
  await train({ run, kind, name, recipe, data }, null, null, release);
}

const titleOf = (data: string): string =>
  data === SYNTHETIC
    ? SYNTHETIC_TITLE
    : (useDatasets.getState().rows?.find(({ id }) => id === data)?.title ?? data);

/** Goes on with a kept run after its last finished epoch. */
export async function continueRun(id: string): Promise<void> {
  let row: RunRow | undefined;
  try {
    row = await loadRun(id);
  } catch (error) {
    setState({ trouble: unreadableWords(error) });
    return;
  }
  if (row) await train(orderOf(row), null, row);
  else await refresh();
}

/** Gives a kept run further stages, and goes on with it: what it has done stays. */
export async function extendRun({ id, recipe }: RunRow, stages: readonly object[]): Promise<void> {
  if (getState().live) return;
  const longer = checkRecipe({ ...recipe, stages: [...recipe.stages, ...stages] });
  await attempt(() => changeRun(id, { recipe: longer, status: 'stopped' }));
  await continueRun(id);
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
  const held = await listHeldRuns();
  if (held.has(id)) setState({ trouble: 'This run is going on in another tab; stop it there first.' });
  else await attempt(() => deleteRun(id));
}

/** Forgets the runs of which nothing can be read any more. */
export async function removeUnreadable(): Promise<void> {
  await attempt(async () => {
    for (const id of getState().unreadable) await deleteRun(id);
  });
}

/** The file of the network that a finished stage of a run left. */
export async function networkFile(id: string, stage = 'train'): Promise<Uint8Array> {
  const row = await loadRun(id);
  const record = row?.records.find(({ name }) => name === stage);
  if (!row || !record) throw new BadInput('This stage has no finished network yet.');
  return encodeModel(await loadRunNetwork(row, record));
}

/** Shows a kept run in its view. */
export const show = ({ id, kind }: Pick<RunRow, 'id' | 'kind'>): void =>
  setState(({ shown }) => ({ shown: { ...shown, [kind]: id }, trouble: null }));

export function select(id: string): void {
  setState(({ selected }) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    return { selected: next };
  });
}

/** Kills the worker as a crash would; for tests. */
export const terminateTraining = (): void => client.terminateWorker();

/** Reads the kept runs anew; where they cannot be read, says why, and what is shown stays. */
export async function refresh(): Promise<void> {
  try {
    await readRuns();
  } catch (error) {
    setState(({ rows }) => ({ rows: rows ?? [], trouble: unreadableWords(error) }));
  }
}

const unreadableWords = (error: unknown): string => `The kept runs cannot be read. ${explain(error)}`;

async function readRuns(): Promise<void> {
  const [{ rows, unreadable }, held] = await Promise.all([readKept(), listHeldRuns()]);
  const ids = new Set(rows.map(({ id }) => id));
  const { live, selected, shown } = getState();
  setState({
    ...{ rows: rows.map(joined), unreadable },
    elsewhere: new Set([...held].filter((id) => id !== live?.id)),
    selected: new Set([...selected].filter((id) => ids.has(id))),
    shown: Object.fromEntries(
      RUN_KINDS.map((kind) => [kind, shownOf(kind, rows, shown[kind])]),
    ) as TrainingState['shown'],
  });
}

/** How many kept runs were trained on a kept data set. */
export async function runsOn(dataset: string): Promise<number> {
  await refresh();
  return (getState().rows ?? []).filter(({ data }) => data.ref === dataset).length;
}

/** What stays shown as long as it is kept, else the newest of its kind. */
const shownOf = (kind: RunKind, rows: readonly RunRow[], shown: string | null): string | null =>
  (rows.find(({ id }) => id === shown) ?? rows.find((row) => row.kind === kind))?.id ?? null;

/** Works until the run ends one way or another, through worker deaths and changes of engine. */
async function train(
  order: Order,
  why: Resumption | null = null,
  kept: Kept | null = null,
  holding: Promise<() => void> = holdOrder(order.run),
): Promise<void> {
  if (getState().live) return (await holding)();
  const { run, kind, name, recipe } = order;
  let trouble: string | null = null;
  try {
    const live = newLiveRun(run, kind, name, recipe);
    // What is finished stays on the page until the worker says the same.
    setState({ live: kept ? applyEvent(live, { type: 'kept', ...kept }) : live, trouble: null });
    show({ id: run, kind });
    let reason = why;
    do reason = await attemptOf(order, reason);
    while (reason !== null && getState().live?.status !== 'stopping');
  } catch (error) {
    trouble = explain(error);
  }
  job = null;
  // Its memory is freed; the next run starts a fresh one.
  client.close();
  (await holding)();
  await settle(order.run);
  await refresh();
  setState((state) => ({ live: null, trouble: trouble ?? state.trouble }));
}

/** One worker's share of a run: null when the run ended, else why another worker has to go on. */
async function attemptOf(order: Order, why: Resumption | null): Promise<Resumption | null> {
  const { preference } = useLab.getState();
  const stopping = () => getState().live?.status === 'stopping';
  if (!stopping()) change({ status: 'starting', what: 'starting the engine', batch: 0, rate: null });
  try {
    const backend = await client.run('start', engineWanted()).result;
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
    const { history, training } = getState().live!;
    throw new Error(givenUpSentence(times, error.message, history.length, training));
  }
}

function follow(event: JobEvent, why: Resumption | null): void {
  const { live } = getState();
  if (!live) return;
  const next = applyEvent(live, event);
  setState({ live: next });
  // What was damaged is made again; a person who looks at the figures later may want to know why they are new.
  if (event.type === 'warning') useLab.setState({ notice: event.message });
  if (event.type !== 'kept') return;
  void refresh();
  // The first word of a worker is what it goes on from.
  if (why && live.status === 'starting') useLab.setState({ notice: resumedSentence(next, why) });
}

/** Nobody works on the run any more: its row shall not say that somebody does. */
async function settle(id: string): Promise<void> {
  const row = await loadRun(id).catch(() => undefined);
  // A worker that had to be ended in the midst of a computation holds its lock some seconds longer.
  if (row?.status === 'running' && (await isRunFree(id, 10_000))) {
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

function change(changes: Partial<LiveRun>): void {
  setState(({ live }) => ({ live: live && { ...live, ...changes } }));
}

const orderOf = ({ id, kind, name, recipe, data }: RunRow): Order => ({
  run: id,
  kind,
  name,
  recipe,
  data: data.ref,
});

/** "tiny 3": the recipe and the next free number. */
function newName(recipe: string, rows: readonly RunRow[]): string {
  const taken = new Set(rows.map(({ name }) => name));
  let n = 1;
  while (taken.has(`${recipe} ${n}`)) n++;
  return `${recipe} ${n}`;
}

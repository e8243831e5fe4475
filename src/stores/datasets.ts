/**
 * The data sets kept in this browser, and the one that is being read: by a worker of its own, started for it and closed
 * after it, so that its memory is free again and neither training nor the slider waits.
 */
import { create } from 'zustand';
import { type DatasetRow, deleteDataset, listDatasets, newId, SYNTHETIC } from '../library/datasets';
import { type Room, roomHere } from '../library/room';
import { type Job, JobCancelled, WorkerLost } from '../worker/client';
import type { JobEvent } from '../worker/protocol';
import { type Given, sourceOf } from './dropped';
import { explain } from './explain';
import { type Pace, paceMeter } from './jobPace';
import type { Progress } from './lab';
import { changePlan, usePlan } from './plan';
import { newClient } from './workers';

/** The steps of an import, as the worker names them. */
const READING = 'reading tiles';
const KEEPING = 'keeping the tiles';

/** A data set being read. */
export interface Import {
  /** null until a dropped folder was walked. */
  readonly name: string | null;
  readonly progress: Progress | null;
  readonly pace: Pace | null;
  readonly cancellable: boolean;
}

export interface DatasetsState {
  /** The newest first; null until they are read. */
  readonly rows: readonly DatasetRow[] | null;
  /** The one that is looked at. */
  readonly shown: string;
  /** Named like a kept one: to be asked about. */
  readonly clashing: Given | null;
  readonly running: Import | null;
  /** What happened, what was kept, what to do. */
  readonly trouble: string | null;
  /** The last good news. */
  readonly notice: string | null;
  readonly room: Room | null;
  /** Whether the browser promised not to clear what is kept; null until it was asked. */
  readonly lasting: boolean | null;
}

export const useDatasets = create<DatasetsState>()(() => ({
  rows: null,
  shown: SYNTHETIC,
  clashing: null,
  running: null,
  trouble: null,
  notice: null,
  room: null,
  lasting: null,
}));

const { getState, setState } = useDatasets;

/** `WorkerLost` reaches the job, which is all there is. */
const client = newClient(() => {});
let job: Job<DatasetRow> | null = null;

/** Reads the list anew. */
export async function refreshDatasets(): Promise<void> {
  try {
    const [rows, room, lasting] = await Promise.all([listDatasets(), roomHere(), isLasting()]);
    const { shown } = getState();
    const isThere = shown === SYNTHETIC || rows.some(({ id }) => id === shown);
    setState({ rows, room, lasting, shown: isThere ? shown : SYNTHETIC });
  } catch (error) {
    setState({ rows: [], trouble: `The list of kept data sets cannot be read. ${explain(error)}` });
  }
}

/** Reads what was given; where its name is taken, asks first. */
export async function importGiven(give: () => Given | Promise<Given>): Promise<void> {
  if (getState().running) {
    setState({
      trouble: 'One data set is read at a time. Wait for it, or cancel it, and give this one again.',
    });
    return;
  }
  const listing = { what: 'listing the files', done: 0, total: 1 };
  setState({ trouble: null, notice: null, clashing: null });
  setState({ running: { name: null, progress: listing, pace: null, cancellable: false } });
  try {
    const given = await give();
    await refreshDatasets();
    const isTaken = getState().rows?.some(({ id }) => id === given.name);
    if (isTaken) setState({ clashing: given });
    else await read(given);
  } catch (error) {
    setState({ trouble: explain(error) });
  } finally {
    setState({ running: null });
  }
}

/** The answer to a taken name. */
export function resolveClash(answer: 'replace' | 'both' | 'cancel'): void {
  const { clashing, rows } = getState();
  setState({ clashing: null });
  if (!clashing || answer === 'cancel') return;
  const taken = (rows ?? []).map(({ id }) => id);
  void read(answer === 'replace' ? clashing : { ...clashing, name: newId(clashing.name, taken) });
}

export function cancelImport(): void {
  const { running } = getState();
  if (!running || !job) return;
  setState({ running: { ...running, cancellable: false } });
  job.control('cancel');
}

/** Forgets a data set. Runs trained on it stay; the form of the next one falls back on the synthetic tiles. */
export async function removeDataset(row: DatasetRow): Promise<void> {
  setState({ trouble: null, notice: null });
  try {
    await deleteDataset(row.id);
    if (usePlan.getState().plan.data === row.id) changePlan({ data: SYNTHETIC });
    await refreshDatasets();
    setState({ notice: `${row.title} was removed from this browser.` });
  } catch (error) {
    setState({ trouble: `${row.title} could not be removed. ${explain(error)}` });
  }
}

async function read(given: Given): Promise<void> {
  const { name } = given;
  const { source, transfer } = sourceOf(given);
  const meter = paceMeter();
  setState({ running: { name, progress: null, pace: null, cancellable: true } });
  const follow = (event: JobEvent) => {
    const { running } = getState();
    if (event.type !== 'progress' || !running) return;
    const { what, done, total } = event;
    // Once it is being written it is all or nothing.
    const cancellable = running.cancellable && what !== KEEPING;
    const pace = what === READING ? meter(performance.now(), done, total) : null;
    setState({ running: { ...running, progress: { what, done, total }, pace, cancellable } });
  };
  job = client.run('import', { name, source }, follow, transfer);
  try {
    const row = await job.result;
    setState({ shown: row.id, notice: null });
    await askToLast();
  } catch (error) {
    if (error instanceof JobCancelled)
      setState({ notice: `Reading ${name} was cancelled. Nothing of it was kept.` });
    else setState({ trouble: error instanceof WorkerLost ? lostSentence(name, error) : explain(error) });
  } finally {
    client.close();
    job = null;
    await refreshDatasets();
    setState({ running: null });
  }
}

const lostSentence = (name: string, { message }: WorkerLost): string =>
  `Reading ${name} ended half-way (${message}; perhaps the memory was full). Everything kept before is still there. Close other tabs and try again, or give fewer tiles.`;

/** Asks the browser not to clear what is kept when the disk runs low; it may ask the person, or decline. */
async function askToLast(): Promise<void> {
  if (!(await isLasting())) await navigator.storage?.persist?.().catch(() => false);
}

async function isLasting(): Promise<boolean | null> {
  return (await navigator.storage?.persisted?.().catch(() => null)) ?? null;
}

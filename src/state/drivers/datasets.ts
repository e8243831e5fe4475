/**
 * The data sets kept in this browser, and the one that is being read: by a worker of its own, started for it and closed
 * after it, so that its memory is free again and neither training nor the slider waits.
 */
import type { Manifest, Published } from '../../lab/data/fetch/manifest';
import { breathe } from '../../lab/runtime/breathe';
import { deleteDataset, listDatasets } from '../../storage/datasets';
import { forgetDownloads, listDownloads } from '../../storage/downloads';
import { estimateRoom } from '../../storage/room';
import { type DatasetRow, SYNTHETIC } from '../../storage/rows';
import type { Job } from '../../worker/page/client';
import { JobCancelled, WorkerLost } from '../../worker/protocol/jobErrors';
import type { JobEvent } from '../../worker/protocol/results';
import { type DatasetsState, useDatasets } from '../data/datasets';
import { type Given, refuseLoose, sourceOf } from '../data/dropped';
import { newId } from '../data/names';
import { markWork, recallWork, unmarkWork } from '../page/cutOff';
import { paceMeter } from '../page/jobPace';
import { changePlan, usePlan } from '../train/plan';
import { cutOffSentence, importedSentence, isDownload } from '../words/data';
import { explain } from '../words/explain';
import { bytes } from '../words/format';
import { unlessDeleted } from '../words/library';
import { newClient } from './workers';

/** Once it is being written it is all or nothing; so the worker names that step. */
const KEEPING = 'keeping the tiles';

const { getState, setState } = useDatasets;

/** `WorkerLost` reaches the job, which is all there is. */
const client = newClient(() => {});
let job: Job<DatasetRow | null> | null = null;

let latest = 0;
let reading: Promise<void> = Promise.resolve();

/**
 * Reads the list anew, and shows `wanted` where it is in it, or what was shown. Of two readings the one that began later
 * counts: an earlier one, which knows nothing of a data set just kept, would show another in its place.
 */
export function refreshDatasets(wanted?: string): Promise<void> {
  latest++;
  reading = readList(latest, wanted);
  return reading;
}

async function readList(own: number, wanted: string | undefined): Promise<void> {
  try {
    const [rows, room, parts, lasting] = await Promise.all([
      listDatasets(),
      estimateRoom(),
      listDownloads(),
      isLasting(),
    ]);
    // To look through the rows and to draw what came of it are a task each: the page answers in between.
    await breathe();
    if (own !== latest) return wanted === undefined ? reading : refreshDatasets(wanted);
    const shown = wanted ?? getState().shown;
    const isThere = shown === SYNTHETIC || rows.some(({ id }) => id === shown);
    setState({ rows, room, parts, lasting, shown: isThere ? shown : SYNTHETIC });
  } catch (error) {
    setState({ rows: [], trouble: `The list of kept data sets cannot be read. ${explain(error)}` });
  }
}

/** Says what a reload cut off. Called once. */
export async function tellCutOff(): Promise<void> {
  const cut = recallWork('data');
  if (!cut) return;
  // It may have been kept at the very last moment.
  const rows = await listDatasets().catch(() => []);
  if (rows.some(({ id, title, added }) => (id === cut.name || title === cut.name) && added >= cut.began))
    return;
  setState({ trouble: cutOffSentence(cut) });
}

/** Reads what was given; where its name is taken, asks first. */
export async function importGiven(give: () => Given | Promise<Given>): Promise<void> {
  if (isBusy()) return;
  markWork('data', 'reading', 'what you gave');
  const listing = { what: 'listing the files', done: 0, total: 1 };
  setState({ trouble: null, notice: null, clashing: null });
  setState({ running: { name: null, progress: listing, pace: null, cancellable: false, note: null } });
  try {
    const given = await give();
    refuseLoose(given);
    await refreshDatasets();
    const isTaken = getState().rows?.some(({ id }) => id === given.name);
    if (isTaken) setState({ clashing: given });
    else await read(given);
  } catch (error) {
    setState({ trouble: explain(error) });
  } finally {
    unmarkWork('data');
    setState({ running: null });
  }
}

/** The answer to a taken name. */
export function resolveClash(answer: 'replace' | 'both' | 'cancel'): void {
  const { clashing, rows } = getState();
  setState({ clashing: null });
  if (!clashing) return;
  if (answer === 'cancel') {
    setState({ notice: `Nothing was read. The “${clashing.name}” that is kept stays as it is.` });
    return;
  }
  const taken = (rows ?? []).map(({ id }) => id);
  void read(answer === 'replace' ? clashing : { ...clashing, name: newId(clashing.name, taken) });
}

export function cancelImport(): void {
  const { running } = getState();
  if (!running || !job) return;
  setState({ running: { ...running, cancellable: false } });
  // What came of a download stays; of anything else nothing is kept.
  job.control(isDownload(running) ? 'stop' : 'cancel');
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

/** Downloads a published data set, going on where an earlier download ended, and keeps it. */
export async function downloadPublished({ name: set, title, files }: Published): Promise<void> {
  if (isBusy()) return;
  const name = freeName(title);
  const download = (follow: (event: JobEvent) => void) =>
    client.run('download', { set, name, files }, follow);
  await following(title, download, 'downloading');
  if (getState().parts[set]) {
    const came = bytes(getState().parts[set]);
    // A failure says so itself.
    if (!getState().trouble)
      setState({ notice: `Stopped: ${came} of ${title} are kept in this browser; it goes on from there.` });
  }
}

/** Throws away what came of a download. */
export async function forgetDownload({ name, title }: Manifest): Promise<void> {
  setState({ trouble: null, notice: null });
  try {
    await forgetDownloads(name);
    await refreshDatasets();
    setState({ notice: `What came of ${title} was thrown away.` });
  } catch (error) {
    setState({ trouble: `What came of ${title} could not be thrown away. ${explain(error)}` });
  }
}

/** Whether these are the digits that the rotated set is drawn from; the title is given by content. */
export const canBeRotated = ({ title }: DatasetRow): boolean => title === 'MNIST';

/** Keeps a rotated draw of a kept set beside it. */
export async function rotateDataset(row: DatasetRow): Promise<void> {
  if (isBusy()) return;
  const name = freeName(`Rotated ${row.title}`);
  await following(name, (follow) => client.run('rotate', { from: row.id, name }, follow));
}

function read(given: Given): Promise<void> {
  const { name } = given;
  const { source, transfer } = sourceOf(given);
  const { bands, classes } = getState();
  const scale = getState().scale ?? undefined;
  const resize = (scale !== undefined && getState().resize) || undefined;
  return following(name, (follow) =>
    client.run('import', { name, source, bands, scale, resize, classes }, follow, transfer),
  );
}

/** Runs a job that keeps a data set: its progress, its end, and what is kept then. */
async function following(
  name: string,
  start: (follow: (event: JobEvent) => void) => Job<DatasetRow | null>,
  work: 'reading' | 'downloading' = 'reading',
): Promise<void> {
  markWork('data', work, name);
  const meters = new Map<string, ReturnType<typeof paceMeter>>();
  setState({ trouble: null, notice: null });
  setState({ running: { name, progress: null, pace: null, cancellable: true, note: null } });
  const follow = (event: JobEvent) => {
    const { running } = getState();
    if (!running) return;
    if (event.type === 'warning') setState({ running: { ...running, note: event.message } });
    if (event.type !== 'progress') return;
    const { what, done, total } = event;
    const cancellable = running.cancellable && what !== KEEPING;
    const meter = meters.get(what) ?? paceMeter();
    meters.set(what, meter);
    const pace = meter(performance.now(), done, total);
    setState({ running: { ...running, progress: { what, done, total }, pace, cancellable } });
  };
  job = start(follow);
  let end: Partial<DatasetsState> = {};
  let kept: string | undefined;
  try {
    const row = await job.result;
    kept = row?.id;
    if (row) {
      end = { notice: importedSentence(row) };
      await askToLast();
    }
  } catch (error) {
    end =
      error instanceof JobCancelled
        ? { notice: `Reading ${name} was cancelled. Nothing of it was kept.` }
        : { trouble: error instanceof WorkerLost ? lostSentence(name, error) : explain(error) };
  } finally {
    client.close();
    job = null;
    unmarkWork('data');
    await refreshDatasets(kept);
    // Said together with the end: who reads "try again" can.
    setState({ running: null, ...end });
  }
}

/** Whether a data set is being read; says so then. */
function isBusy(): boolean {
  if (!getState().running) return false;
  setState({
    trouble: 'One data set is read at a time. Wait for it, or cancel it, and give this one again.',
  });
  return true;
}

const freeName = (name: string): string =>
  newId(
    name,
    (getState().rows ?? []).map(({ id }) => id),
  );

const lostSentence = (name: string, { message }: WorkerLost): string =>
  `Reading ${name} ended half-way (${message}; perhaps the memory was full). ${unlessDeleted('Everything kept before is still there.')} Close other tabs and try again, or give fewer tiles.`;

/** Asks the browser not to clear what is kept when the disk runs low; it may ask the person, or decline. */
async function askToLast(): Promise<void> {
  if (!(await isLasting())) await navigator.storage?.persist?.().catch(() => false);
}

async function isLasting(): Promise<boolean | null> {
  return (await navigator.storage?.persisted?.().catch(() => null)) ?? null;
}

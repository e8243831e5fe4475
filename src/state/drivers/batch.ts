/**
 * Has many pictures classified, by a worker of its own: the dial stays alive. Always on the CPU, whose numbers are the same
 * everywhere to the last bit, so that the file is the one that `lab classify` writes.
 */
import { batchText, loadBatch } from '../../storage/batches';
import type { Job } from '../../worker/page/client';
import { WorkerLost } from '../../worker/protocol/jobErrors';
import type { BatchEnd, JobEvent } from '../../worker/protocol/results';
import { type BatchState, giveBatch, useBatch } from '../batch/batch';
import { type Given, sourceOf } from '../data/dropped';
import { paceMeter } from '../page/jobPace';
import { useLab } from '../page/lab';
import { explain } from '../words/explain';
import { refOf } from './netFiles';
import { catalogueUrl, newClient } from './workers';

const { getState, setState } = useBatch;
const client = newClient(() => {});
let job: Job<BatchEnd> | null = null;

/** Reads what an earlier visit left. */
export async function recallBatch(): Promise<void> {
  if (getState().row || getState().running) return;
  const row = await loadBatch().catch(() => null);
  if (row && !getState().row && !getState().running) setState({ row, choices: row.choices });
}

/** Takes what was dropped or chosen. */
export async function bringBatch(give: () => Given | Promise<Given>): Promise<void> {
  if (getState().running) {
    setState({ trouble: 'Pictures are being classified: wait until that is done, or stop it first.' });
    return;
  }
  try {
    giveBatch(await give());
  } catch (error) {
    setState({ trouble: explain(error) });
  }
}

/** Classifies what was given with a network, by the name that links give it; goes on where the same was ended. */
export async function startBatch(net: string): Promise<void> {
  const { given, choices, running } = getState();
  if (!given || running) return;
  setState({ running: { progress: null, pace: null, isEnding: false }, trouble: null, notice: null });
  let end: Partial<BatchState> = {};
  try {
    const ref = await refOf(net);
    const one = useLab.getState().preference === 'wasm-1';
    await client.run('start', { backend: one ? 'wasm-1' : 'wasm' }).result;
    const { source, transfer } = sourceOf(given);
    const details = { catalogue: catalogueUrl(), name: given.name, source, net: ref, choices };
    job = client.run('batch', details, following(), transfer);
    const { row, text } = await job.result;
    end = { row, text };
  } catch (error) {
    end = { trouble: troubleOf(error) };
    // What could not be read at all was forgotten.
    const row = await loadBatch().catch(() => null);
    end = { ...end, row };
  } finally {
    job = null;
    // The memory of its engine is free again.
    client.close();
    setState({ running: null, ...end });
  }
}

/** Ends it for now: what is done is kept. */
export function stopBatch(): void {
  const { running } = getState();
  if (!running || !job) return;
  setState({ running: { ...running, isEnding: true } });
  job.control('stop');
}

/** The file as it is so far. Throws `BadInput` where what is kept was damaged. */
export async function batchFile(): Promise<Blob> {
  const { row, text } = getState();
  return new Blob([...(text ?? (row ? await batchText(row) : []))]);
}

function following(): (event: JobEvent) => void {
  const meter = paceMeter();
  return (event) => {
    const { running } = getState();
    if (!running) return;
    if (event.type === 'classified') {
      const notice =
        event.resumed > 0 ? `It goes on after the ${event.resumed} pictures that were done before.` : null;
      setState({ row: event.row, text: null, notice });
    }
    if (event.type !== 'progress') return;
    const { what, done, total } = event;
    const pace = total > 1 ? meter(performance.now(), done, total) : null;
    setState({ running: { ...running, progress: { what, done, total }, pace } });
  };
}

const troubleOf = (error: unknown): string =>
  error instanceof WorkerLost
    ? `It ended half-way (${error.message}; perhaps the memory was full). What was done is kept: start it again and it goes on.`
    : explain(error);

/** Reads the networks that are held beside each other, and has the worker time them. */
import { diffNetworks } from '../../lab/evaluate/layerDiff';
import { describeNetwork } from '../../lab/evaluate/layers';
import { decodeAnyModel } from '../../lab/files/modelFile';
import { formatOf, MODEL_FORMAT } from '../../lab/files/reading';
import type { Job } from '../../worker/page/client';
import { JobCancelled, WorkerLost } from '../../worker/protocol/jobErrors';
import type { TimedHere } from '../../worker/protocol/results';
import { chooseNetwork, type Memory, type NetworkFile, type PaceState, useCompare } from '../page/compare';
import { explain } from '../words/explain';
import { client } from './session';

/** The layers of both; of one that stands alone beside itself. */
export async function readLayers(): Promise<void> {
  const { before, after } = useCompare.getState();
  if (!after) return;
  try {
    const [was, is] = await Promise.all([before ?? after, after].map(describe));
    if (isStill(before, after))
      useCompare.setState({ layers: { status: 'done', diff: diffNetworks(was, is) } });
  } catch (error) {
    if (isStill(before, after))
      useCompare.setState({ layers: { status: 'failed', message: explain(error) } });
  }
}

const isStill = (before: NetworkFile | null, after: NetworkFile): boolean => {
  const now = useCompare.getState();
  return now.before === before && now.after === after;
};

async function describe({ name, load }: NetworkFile) {
  return describeNetwork(name, decodeAnyModel(await load(), name).arch);
}

/** Files from disk: one takes the place of the network beside, two are before and after. */
export function takeNetworkFiles(files: readonly File[], side: 'before' | 'after' = 'before'): void {
  const [first, second] = files.map((file): NetworkFile => {
    let read: Promise<Uint8Array> | undefined;
    return {
      name: file.name.replace(/\.(safetensors|onnx)$/i, ''),
      // Once: its layers and its time are of the same bytes.
      load: () => (read ??= readFile(file)),
    };
  });
  if (first) chooseNetwork(second ? 'before' : side, first);
  if (second) chooseNetwork('after', second);
}

/** As a file of the lab, whoever wrote it. */
async function readFile(file: File): Promise<Uint8Array> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (formatOf(bytes) === MODEL_FORMAT) return bytes;
  const { isForeign } = await import('../../lab/files/foreign/read');
  return isForeign(bytes) ? (await import('./comingIn')).readWithoutAsking(bytes, file.name) : bytes;
}

/** Timed so often at most, and for so many seconds, with so many pictures at a time. */
const RUNS = 40;
const SECONDS = 20;
const BATCHES = [1, 32];

let job: Job<TimedHere> | null = null;
/** Which timing is waited for: one of networks that were left is not. */
let awaited = 0;

useCompare.subscribe(({ isOpen, before, after }, was) => {
  if (isOpen === was.isOpen && before === was.before && after === was.after) return;
  awaited++;
  stopTiming();
  job = null;
});

/** How fast both answer here, by both engines, in turn. Ends when its networks are left. */
export async function timeThem(): Promise<void> {
  const { before, after, pace } = useCompare.getState();
  if (!after || pace.status === 'timing') return;
  const mine = ++awaited;
  const put = (pace: PaceState) => {
    if (mine === awaited) useCompare.setState({ pace });
  };
  put({ status: 'timing', progress: null });
  try {
    const networks = await Promise.all(
      (before ? [before, after] : [after]).map(async ({ name, load }) => ({
        name,
        file: new Uint8Array(await load()),
      })),
    );
    if (mine !== awaited) return;
    job = client.run('time', { networks, batches: BATCHES, runs: RUNS, seconds: SECONDS }, (event) => {
      if (event.type === 'progress') put({ status: 'timing', progress: event });
    });
    const timed = await job.result;
    put({ status: 'done', timed, memory: 'asked' });
    put({ status: 'done', timed, memory: await memoryHeld() });
  } catch (error) {
    if (error instanceof JobCancelled || error instanceof WorkerLost) put({ status: 'none' });
    else put({ status: 'failed', message: explain(error) });
  } finally {
    if (mine === awaited) job = null;
  }
}

/** Ends it with the rounds that are there. */
export const stopTiming = (): void => job?.control('stop');

/** How long a browser may count, in milliseconds: it waits until it tidies up. */
const PATIENCE = 30_000;

/** Chromium alone tells, of pages that are isolated. */
async function memoryHeld(): Promise<Memory> {
  const { measureUserAgentSpecificMemory: ask } = performance as {
    measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>;
  };
  if (!ask || !globalThis.crossOriginIsolated) return 'untold';
  const late = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE, null));
  const told = await Promise.race([ask.call(performance).catch(() => null), late]);
  return told?.bytes ?? 'untold';
}

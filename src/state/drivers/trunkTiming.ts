/** How fast pruned networks answer beside the unpruned one, measured when a person asks for it, and kept with their points. */
import { create } from 'zustand';
import { putPoint } from '../../storage/points';
import type { PointTiming, TrunkPoint } from '../../storage/rows';
import type { Job } from '../../worker/page/client';
import { JobCancelled } from '../../worker/protocol/jobErrors';
import type { TimedHere } from '../../worker/protocol/results';
import { useTrunk } from '../fields/trunkState';
import { explain } from '../words/explain';
import { client, modelFile, wholeOnBench } from './session';

interface PointTimingState {
  readonly live: { readonly done: number; readonly total: number } | null;
  /** What went wrong, or was left out. */
  readonly message: string | null;
}

export const usePointTiming = create<PointTimingState>()(() => ({ live: null, message: null }));

/** Of each pair of networks. */
const TIMES = { batches: [1, 32], runs: 20, seconds: 6 };

let job: Job<TimedHere> | null = null;
let isStopped = false;

/** Points of the network on the bench, one after the other; what is measured of one is kept at once. */
export async function timePoints(points: readonly TrunkPoint[]): Promise<void> {
  const { setState, getState } = usePointTiming;
  if (getState().live) return;
  isStopped = false;
  let message: string | null = null;
  try {
    setState({ live: { done: 0, total: points.length }, message });
    const whole = new Uint8Array(await wholeOnBench().load());
    for (const [done, point] of points.entries()) {
      if (isStopped) break;
      setState({ live: { done, total: points.length } });
      const file = new Uint8Array(await modelFile(point.key!));
      const networks = [
        { name: 'unpruned', file: whole },
        { name: 'pruned', file },
      ];
      job = client.run('time', { networks, ...TIMES });
      const { rows, without } = await job.result;
      message = without;
      await keep(point, rows);
    }
  } catch (error) {
    if (!(error instanceof JobCancelled)) message = explain(error);
  } finally {
    job = null;
    setState({ live: null, message });
  }
}

/** Drops what is being measured; what was measured of others stays. */
export function stopTimingPoints(): void {
  isStopped = true;
  job?.control('cancel');
}

async function keep(point: TrunkPoint, rows: TimedHere['rows']): Promise<void> {
  const timed = rows.flatMap(({ toWhole, engine, threads, batch, runs, p50, p95 }): PointTiming[] =>
    toWhole ? [{ engine, threads, batch, runs, p50, p95, ratio: toWhole }] : [],
  );
  const now = useTrunk.getState().points?.find(({ id }) => id === point.id);
  // It may have been removed, or measured anew.
  if (!now || now.created !== point.created) return;
  const kept = { ...now, timed };
  await putPoint(kept);
  useTrunk.setState(({ points }) => ({
    points: points?.map((each) => (each === now ? kept : each)) ?? null,
  }));
}

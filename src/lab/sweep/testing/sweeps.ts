/** Sweeps for tests: runs of steps, in any state. */
import type { JobState, SweepJob, SweepStatus, SweepWorker } from '../status';
import { JOB_STATES } from '../status';

/** What is special about a job: its state, and whatever else. */
export type Wish = JobState | Partial<SweepJob>;

const STEPS = ['train', 'prune', 'finetune', 'quantise'];

/** The jobs of one run, each after the one before it; `after` is what the first one needs. */
export function runOf(run: string, wishes: readonly Wish[], after: readonly string[] = []): SweepJob[] {
  return wishes.map((wish, i) => {
    const step = STEPS[i % STEPS.length];
    const id = `${run}/${i}`;
    const needs = i === 0 ? [...after] : [`${run}/${i - 1}`];
    const own = typeof wish === 'string' ? { state: wish } : wish;
    return { id, run, step, label: `${run}: ${step}`, state: 'waiting', attempts: 0, needs, ...own };
  });
}

export const workerOf = (name: string, special: Partial<SweepWorker> = {}): SweepWorker => ({
  ...{ name, host: 'alpha', slots: 2, busy: 0, seen: '2026-11-28T08:00:00.000Z', serves: ['EuroSAT'] },
  ...special,
});

/** A sweep of these jobs, which counts them itself. */
export function sweepOf(jobs: readonly SweepJob[], special: Partial<SweepStatus> = {}): SweepStatus {
  const counts = { total: jobs.length, done: 0, running: 0, ready: 0, waiting: 0, failed: 0, cancelled: 0 };
  for (const state of JOB_STATES) counts[state] = jobs.filter((job) => job.state === state).length;
  return {
    ...{
      id: 'sweep-1',
      name: 'table-2, small',
      command: 'npm run -s lab -- reproduce table-2 --scale small',
    },
    ...{ version: '0.1.0', made: '2026-11-28T07:00:00.000Z', store: 'folder:/srv/lab', paused: false },
    ...{ counts, jobs: [...jobs], workers: [workerOf('w1')], rate: null, left: null },
    ...special,
  };
}

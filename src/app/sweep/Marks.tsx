/** Marks of jobs, one of which is chosen: one stop of the Tab key, and arrows walk among them. */
import type { KeyboardEvent } from 'react';
import type { ShownState } from '../../lab/sweep/failures';
import type { SweepJob } from '../../lab/sweep/status';
import { jobName, jobStateWords } from '../../lab/sweep/words';
import { chooseJob, useSweeps } from '../../state/sweep/sweep';
import { JobMark } from './JobMark';
import classes from './Marks.module.css';

interface Properties {
  readonly jobs: readonly SweepJob[];
  readonly states: ReadonlyMap<string, ShownState>;
  /** Ids of the longest chain to go. */
  readonly chain: ReadonlySet<string>;
  /** Id of the one that the Tab key leads to. */
  readonly stop: string | undefined;
  /** Whether they say which step they are. */
  readonly isNamed: boolean;
}

export function Marks({ jobs, states, chain, stop, isNamed }: Properties) {
  const chosen = useSweeps(({ job }) => job);
  return (
    <div className={classes.marks}>
      {jobs.map((job) => {
        const state = states.get(job.id)!;
        const words = `${jobName(job)}, ${jobStateWords(state, job)}`;
        return (
          <button
            key={job.id}
            type="button"
            className={classes.job}
            data-job={job.id}
            data-state={state}
            data-chain={chain.has(job.id) || undefined}
            tabIndex={job.id === stop ? 0 : -1}
            aria-pressed={job.id === chosen}
            aria-label={words}
            title={words}
            onClick={() => chooseJob(job.id === chosen ? null : job.id)}
          >
            <JobMark {...job} state={state} />
            {isNamed && <span className={classes.step}>{job.step}</span>}
            {state === 'running' && job.epochs !== undefined && (
              <span className={classes.epoch}>
                {job.epoch ?? 0}/{job.epochs}
              </span>
            )}
          </button>
        );
      })}
    </div>
  );
}

/** What a key does among marks that stand in rows. */
export function walkIn(grid: readonly (readonly SweepJob[])[]) {
  return (event: KeyboardEvent<HTMLElement>): void => {
    const to = neighbour(grid, (event.target as HTMLElement).dataset.job, event.key);
    if (!to) return;
    event.preventDefault();
    chooseJob(to.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-job="${CSS.escape(to.id)}"]`)?.focus();
  };
}

/** The job that a key leads to; the column is kept as far as the other row has it. */
function neighbour(
  grid: readonly (readonly SweepJob[])[],
  id: string | undefined,
  key: string,
): SweepJob | undefined {
  const row = grid.findIndex((jobs) => jobs.some((job) => job.id === id));
  if (row < 0) return undefined;
  const at = grid[row].findIndex((job) => job.id === id);
  const within = (jobs: readonly SweepJob[] | undefined) => jobs?.[Math.min(at, jobs.length - 1)];
  switch (key) {
    case 'ArrowRight':
      return grid[row][at + 1];
    case 'ArrowLeft':
      return grid[row][at - 1];
    case 'ArrowDown':
      return within(grid[row + 1]);
    case 'ArrowUp':
      return within(grid[row - 1]);
    case 'Home':
      return grid[row][0];
    case 'End':
      return grid[row].at(-1);
    default:
      return undefined;
  }
}

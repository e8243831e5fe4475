/** Runs and their steps: a row for each run, a mark for each job. One stop of the Tab key; arrows walk among the marks. */
import { Text, Title } from '@mantine/core';
import { type KeyboardEvent, useMemo, useRef } from 'react';
import { SHOWN_STATES, type ShownState, shownStates } from '../../lab/sweep/failures';
import { longestChain, pictureOf } from '../../lab/sweep/picture';
import type { SweepJob, SweepStatus } from '../../lab/sweep/status';
import {
  chainSentence,
  deathSentence,
  jobFacts,
  jobName,
  jobStateWords,
  STATE_WORDS,
} from '../../lab/sweep/words';
import { chooseJob, useSweeps } from '../../state/sweep/sweep';
import { capital } from '../../state/words/format';
import { Legend } from '../charts/Legend';
import { Scrolling } from '../parts/Scrolling';
import { JobMark } from './JobMark';
import classes from './Picture.module.css';

export function Picture({ sweep }: { sweep: SweepStatus }) {
  const { columns, rows } = useMemo(() => pictureOf(sweep.jobs), [sweep.jobs]);
  const chain = useMemo(() => new Set(longestChain(sweep.jobs).map(({ id }) => id)), [sweep.jobs]);
  const chosen = useSweeps(({ job }) => job);
  const table = useRef<HTMLTableElement>(null);
  const job = sweep.jobs.find(({ id }) => id === chosen);
  // The order in which arrows meet them, row by row.
  const grid = rows.map(({ cells }) => cells.flat());
  const stop = job?.id ?? grid[0]?.[0]?.id;
  const walk = (event: KeyboardEvent) => {
    const to = neighbour(grid, (event.target as HTMLElement).dataset.job, event.key);
    if (!to) return;
    event.preventDefault();
    chooseJob(to.id);
    table.current?.querySelector<HTMLElement>(`[data-job="${CSS.escape(to.id)}"]`)?.focus();
  };
  const states = useMemo(() => shownStates(sweep.jobs), [sweep.jobs]);
  const present = new Set(states.values());
  const shown = SHOWN_STATES.filter((state) => present.has(state));
  const chainWords = chainSentence(sweep);
  return (
    <section className="card" aria-labelledby="sweep-picture">
      <Title order={3} size="h4" id="sweep-picture">
        Runs and their steps
      </Title>
      <Text className="caption" component="p" mt={4} mb={12}>
        A mark is a job: one step of one run. It stands to the right of all that it waits for.{' '}
        {chainWords && <span data-testid="sweep-chain">{chainWords}</span>}
      </Text>
      <Scrolling label="Runs and their steps">
        <table className={classes.table} ref={table} onKeyDown={walk}>
          <thead>
            <tr>
              <th scope="col">Run</th>
              {columns.map((step, i) => (
                <th key={`${i} ${step}`} scope="col">
                  {step ?? i + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ run, cells }) => (
              <tr key={run}>
                <th scope="row">{run}</th>
                {cells.map((cell, i) => (
                  <td key={i}>
                    {cell.map((each) => (
                      <button
                        key={each.id}
                        type="button"
                        className={classes.job}
                        data-job={each.id}
                        data-state={states.get(each.id)}
                        data-chain={chain.has(each.id) || undefined}
                        tabIndex={each.id === stop ? 0 : -1}
                        aria-pressed={each.id === chosen}
                        aria-label={`${jobName(each)}, ${jobStateWords(states.get(each.id)!, each)}`}
                        title={`${jobName(each)}, ${jobStateWords(states.get(each.id)!, each)}`}
                        onClick={() => chooseJob(each.id === chosen ? null : each.id)}
                      >
                        <JobMark {...each} state={states.get(each.id)!} />
                        {columns[i] === null && <span className={classes.step}>{each.step}</span>}
                        {each.state === 'running' && each.epochs !== undefined && (
                          <span className={classes.epoch}>
                            {each.epoch ?? 0}/{each.epochs}
                          </span>
                        )}
                      </button>
                    ))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
      <Legend
        entries={[
          ...shown.map((state) => ({
            name: STATE_WORDS[state],
            key: <JobMark state={state} epoch={1} epochs={3} />,
          })),
          ...(chain.size > 1
            ? [{ name: 'longest chain to go', key: <span className={classes.chainKey} /> }]
            : []),
        ]}
      />
      <div className={classes.facts} data-testid="sweep-job">
        {job ? (
          <Facts job={job} shown={states.get(job.id)!} sweep={sweep} />
        ) : (
          <p className="caption">Choose a mark to see what is known of its job.</p>
        )}
      </div>
    </section>
  );
}

function Facts({ job, shown, sweep }: { job: SweepJob; shown: ShownState; sweep: SweepStatus }) {
  const names = new Map(sweep.jobs.map((each) => [each.id, each]));
  const needs = (job.needs ?? [])
    .flatMap((id) => names.get(id) ?? [])
    .filter(({ state }) => state !== 'done');
  const facts = jobFacts(job);
  return (
    <>
      <strong>{jobName(job)}</strong>: {jobStateWords(shown, job)}
      {facts.length > 0 && ` · ${facts.join(' · ')}`}
      {shown === 'failed' && <p>{deathSentence(job, sweep.jobs)}</p>}
      {job.state !== 'failed' && job.reason !== undefined && <p>Last fault: {job.reason}</p>}
      {(shown === 'waiting' || shown === 'blocked') && needs.length > 0 && (
        <p>{capital(`waits for ${needs.map((each) => `${jobName(each)} (${each.state})`).join(', ')}.`)}</p>
      )}
    </>
  );
}

/** The job that a key leads to; the column is kept as far as the other row has it. */
function neighbour(grid: readonly SweepJob[][], id: string | undefined, key: string): SweepJob | undefined {
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

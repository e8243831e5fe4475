/** Runs and their steps: a mark for each job, or where there are too many a line for each run; and the job that is chosen. */
import { Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { isLarge } from '../../lab/sweep/brief';
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
import { useSweeps } from '../../state/sweep/sweep';
import { capital } from '../../state/words/format';
import { Legend } from '../charts/Legend';
import { JobMark } from './JobMark';
import classes from './Picture.module.css';
import { RunList } from './RunList';
import { RunTable } from './RunTable';

export function Picture({ sweep }: { sweep: SweepStatus }) {
  const picture = useMemo(() => pictureOf(sweep.jobs), [sweep.jobs]);
  const chain = useMemo(() => new Set(longestChain(sweep.jobs).map(({ id }) => id)), [sweep.jobs]);
  const states = useMemo(() => shownStates(sweep.jobs), [sweep.jobs]);
  const chosen = useSweeps(({ job }) => job);
  const job = sweep.jobs.find(({ id }) => id === chosen);
  const present = new Set(states.values());
  const isBrief = isLarge(picture, sweep.jobs);
  const chainWords = chainSentence(sweep);
  return (
    <section className="card" aria-labelledby="sweep-picture">
      <Title order={3} size="h4" id="sweep-picture">
        Runs and their steps
      </Title>
      <Text className="caption" component="p" mt={4} mb={12}>
        {isBrief
          ? 'A bar is a run: how many of its jobs are in which state. It opens to a mark for each job.'
          : 'A mark is a job: one step of one run. It stands to the right of all that it waits for.'}{' '}
        {chainWords && <span data-testid="sweep-chain">{chainWords}</span>}
      </Text>
      {isBrief ? (
        <RunList key={sweep.id} jobs={sweep.jobs} states={states} chain={chain} />
      ) : (
        <RunTable picture={picture} states={states} chain={chain} />
      )}
      <Legend
        entries={[
          ...SHOWN_STATES.filter((state) => present.has(state)).map((state) => ({
            name: STATE_WORDS[state],
            key: <JobMark state={state} epoch={1} epochs={3} />,
          })),
          ...(chain.size > 1
            ? [{ name: 'longest chain to go', key: <span className={classes.chainKey} /> }]
            : []),
        ]}
      />
      <div className={classes.facts} data-chosen={job !== undefined || undefined} data-testid="sweep-job">
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

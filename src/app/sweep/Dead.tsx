/** Jobs that failed by themselves: why, and what waits for them. Retried, each takes along those that need it. */
import { Button, Title } from '@mantine/core';
import { useState } from 'react';
import { failuresOf, failureWords } from '../../lab/sweep/failures';
import type { SweepStatus } from '../../lab/sweep/status';
import { deathSentence, jobName } from '../../lab/sweep/words';
import { useSweeps, wish } from '../../state/sweep/sweep';
import { count } from '../../state/words/format';
import classes from './SweepView.module.css';

/** At first. */
const MOST = 6;

/** mayAct: whether they can be tried again from here. */
export function Dead({ sweep, mayAct }: { sweep: SweepStatus; mayAct: boolean }) {
  const asked = useSweeps(({ asked }) => asked);
  const [isWhole, setWhole] = useState(false);
  const { failed: dead, blocked } = failuresOf(sweep.jobs);
  if (dead.length === 0) return null;
  const needs = blocked.length === 0 ? '' : `, ${failureWords(sweep.jobs)[1]}`;
  const shown = isWhole ? dead : dead.slice(0, MOST);
  return (
    <section className="card" aria-labelledby="sweep-dead" data-testid="sweep-dead">
      <div className={classes.head}>
        <Title order={3} size="h4" id="sweep-dead">
          {count(dead.length, 'job')} failed{needs}
        </Title>
        {mayAct && dead.length > 1 && (
          <Button size="sm" variant="default" disabled={asked !== null} onClick={() => void wish('retry')}>
            Retry all
          </Button>
        )}
      </div>
      <ul className={classes.dead}>
        {shown.map((job) => (
          <li key={job.id}>
            <div>
              <strong>{jobName(job)}</strong>
              <p>{deathSentence(job, sweep.jobs)}</p>
            </div>
            {mayAct && (
              <Button
                size="sm"
                variant="default"
                aria-label={`Retry ${jobName(job)}`}
                disabled={asked !== null}
                onClick={() => void wish('retry', job.id)}
              >
                Retry
              </Button>
            )}
          </li>
        ))}
      </ul>
      {shown.length < dead.length && (
        <Button size="compact-sm" variant="default" mt={10} onClick={() => setWhole(true)}>
          Show all {dead.length} that failed
        </Button>
      )}
    </section>
  );
}

/** Jobs that failed: why, and what waits for them. */
import { Button, Title } from '@mantine/core';
import type { SweepStatus } from '../../lab/sweep/status';
import { deathSentence, jobName } from '../../lab/sweep/words';
import { useSweeps, wish } from '../../state/sweep/sweep';
import { count } from '../../state/words/format';
import classes from './SweepView.module.css';

/** mayAct: whether they can be tried again from here. */
export function Dead({ sweep, mayAct }: { sweep: SweepStatus; mayAct: boolean }) {
  const asked = useSweeps(({ asked }) => asked);
  const dead = sweep.jobs.filter(({ state }) => state === 'failed');
  if (dead.length === 0) return null;
  return (
    <section className="card" aria-labelledby="sweep-dead" data-testid="sweep-dead">
      <div className={classes.head}>
        <Title order={3} size="h4" id="sweep-dead">
          {count(dead.length, 'job')} failed
        </Title>
        {mayAct && dead.length > 1 && (
          <Button size="sm" variant="default" disabled={asked !== null} onClick={() => void wish('retry')}>
            Retry all
          </Button>
        )}
      </div>
      <ul className={classes.dead}>
        {dead.map((job) => (
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
    </section>
  );
}

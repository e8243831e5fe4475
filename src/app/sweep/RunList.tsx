/** A large sweep: a line for each run, with a bar of its states, which opens to marks of its jobs. */
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { foremost, lineUrgency, type RunLine, runLines, urgencyOf } from '../../lab/sweep/brief';
import type { ShownState } from '../../lab/sweep/failures';
import type { SweepJob } from '../../lab/sweep/status';
import { useSweeps } from '../../state/sweep/sweep';
import { Marks, walkIn } from './Marks';
import classes from './RunList.module.css';
import { StatesBar } from './StatesBar';

/** At first. */
const MOST_RUNS = 25;
/** Of one run. */
const MOST_MARKS = 200;

interface Properties {
  readonly jobs: readonly SweepJob[];
  readonly states: ReadonlyMap<string, ShownState>;
  readonly chain: ReadonlySet<string>;
}

export function RunList({ jobs, states, chain }: Properties) {
  const lines = useMemo(() => runLines(jobs), [jobs]);
  const [opened, open] = useState(lines.length === 1 ? lines[0].run : null);
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? lines : foremost(lines, lineUrgency, MOST_RUNS);
  return (
    <>
      <ul className={classes.list}>
        {shown.map((line) => (
          <li key={line.run}>
            <button
              type="button"
              className={classes.line}
              aria-expanded={opened === line.run}
              onClick={() => open(opened === line.run ? null : line.run)}
            >
              <span className={classes.run}>{line.run}</span> <StatesBar counts={line.counts} />
              <span className={classes.words}>{lineWords(line)}</span>
            </button>
            {opened === line.run && <Opened jobs={line.jobs} states={states} chain={chain} />}
          </li>
        ))}
      </ul>
      {shown.length < lines.length && (
        <p className="caption">
          {shown.length} of {lines.length} runs, first those in which something failed, runs or is to come.{' '}
          <Button size="compact-sm" variant="default" onClick={() => setWhole(true)}>
            Show all
          </Button>
        </p>
      )}
    </>
  );
}

function Opened({ jobs, states, chain }: Properties) {
  const chosen = useSweeps(({ job }) => job);
  const shown = foremost(jobs, ({ id }) => urgencyOf(states.get(id)!), MOST_MARKS);
  const stop = shown.some(({ id }) => id === chosen) ? chosen! : shown[0].id;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys walk among the buttons in it.
    <div className={classes.opened} onKeyDown={walkIn([shown])}>
      <Marks jobs={shown} isNamed={false} {...{ states, chain, stop }} />
      {shown.length < jobs.length && (
        <p className="caption">
          {shown.length} of {jobs.length} jobs, first those that failed, run or are to come.
        </p>
      )}
    </div>
  );
}

/** "7 of 10 done, 1 failed, 2 running". */
function lineWords({ jobs, counts }: RunLine): string {
  const others = (['failed', 'running'] as const).filter((state) => counts[state] > 0);
  return [
    `${counts.done} of ${jobs.length} done`,
    ...others.map((state) => `${counts[state]} ${state}`),
  ].join(', ');
}

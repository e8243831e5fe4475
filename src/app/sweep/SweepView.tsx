/** A sweep over many workers, as it goes on: how far it is, its runs and steps, its trainings, its workers, what failed. */
import { Button, Group, NativeSelect, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import { messageOf } from '../../lab/errors';
import { shownCounts } from '../../lab/sweep/failures';
import type { SweepStatus } from '../../lab/sweep/status';
import { countsSentence, leftSentence, stateWords } from '../../lab/sweep/words';
import { hasSweeps, openReport } from '../../state/paper/paper';
import {
  askNow,
  chooseSweep,
  dismissRefusal,
  followSweeps,
  hasToken,
  leaveFile,
  reportFile,
  sweepShown,
  takeToken,
  useSweeps,
  wish,
} from '../../state/sweep/sweep';
import { Notice } from '../parts/Notice';
import { Curves } from './Curves';
import { Dead } from './Dead';
import { Picture } from './Picture';
import { StatesBar } from './StatesBar';
import classes from './SweepView.module.css';
import { moment } from './times';
import { Workers } from './Workers';

export default function SweepView() {
  const isLive = useSweeps(({ file }) => file === null) && hasSweeps();
  useEffect(() => {
    if (!isLive) return;
    takeToken();
    return followSweeps();
  }, [isLive]);
  const document = useSweeps(({ document }) => document);
  const sweep = useSweeps(sweepShown);
  const spoken = useSweeps(({ spoken }) => spoken);
  return (
    <>
      <p className="spoken" aria-live="polite" data-testid="sweep-spoken">
        {spoken}
      </p>
      {sweep && document ? (
        <>
          <Overview sweep={sweep} isLive={isLive} />
          <Dead key={sweep.id} sweep={sweep} mayAct={isLive && document.control && hasToken()} />
          <Picture sweep={sweep} />
          <Curves sweep={sweep} curves={document.curves} />
          <Workers sweep={sweep} />
        </>
      ) : (
        <Nothing isLive={isLive} isHeard={document !== null} />
      )}
    </>
  );
}

function Nothing({ isLive, isHeard }: { isLive: boolean; isHeard: boolean }) {
  const silence = useSweeps(({ silence }) => silence);
  return (
    <section className="card" aria-labelledby="sweep-none" aria-busy={isLive && !isHeard && silence === null}>
      <Title order={2} size="h3" id="sweep-none">
        Sweeps
      </Title>
      {isLive && silence !== null && <Silence />}
      {isHeard && (
        <p className={classes.sentence}>
          No sweep is on this queue. <code>lab reproduce … --on redis://…</code> puts one there.
        </p>
      )}
      {!isLive && !isHeard && (
        <p className={classes.sentence}>
          Nothing serves a sweep beside this page. <code>npm run -s lab -- sweep redis://… --page</code> does;
          or open a status here that <code>lab sweep redis://… --json &gt; status.json</code> has written.
        </p>
      )}
    </section>
  );
}

function Overview({ sweep, isLive }: { sweep: SweepStatus; isLive: boolean }) {
  const document = useSweeps(({ document }) => document)!;
  const { file, refusal, silence } = useSweeps();
  const left = leftSentence(sweep);
  return (
    <section className="card" aria-labelledby="sweep-title">
      <div className={classes.head}>
        <Title order={2} size="h3" id="sweep-title">
          {sweep.name}
        </Title>
        {document.sweeps.length > 1 && (
          <NativeSelect
            size="sm"
            aria-label="Sweep"
            value={sweep.id}
            data={document.sweeps.map(({ id, name, made }) => ({
              value: id,
              label: `${name} (${moment(made)})`,
            }))}
            onChange={({ currentTarget }) => chooseSweep(currentTarget.value)}
          />
        )}
      </div>
      <div className={classes.standing}>
        <StatesBar counts={shownCounts(sweep.jobs)} label={countsSentence(sweep)} />
      </div>
      <p className={classes.sentence} data-testid="sweep-sentence">
        <strong>{stateWords(sweep)}.</strong> {countsSentence(sweep)} {left}
      </p>
      {silence !== null && isLive && <Silence />}
      {file !== null && (
        <p className={classes.silence} data-testid="sweep-file">
          From the file {file}: as it was at {moment(document.at)}.
        </p>
      )}
      <Actions sweep={sweep} isLive={isLive} />
      {refusal && (
        <Notice kind="trouble" mt="sm" title="That did not work" onDismiss={dismissRefusal}>
          {refusal}
        </Notice>
      )}
      <dl className={classes.facts}>
        <dt>Command</dt>
        <dd>
          <code>{sweep.command}</code>
        </dd>
        <dt>Made</dt>
        <dd>
          {moment(sweep.made)}, by version {sweep.version}
        </dd>
        <dt>Store</dt>
        <dd>{sweep.store}</dd>
      </dl>
    </section>
  );
}

/** The lab that serves the statuses is gone: since when, and that it is asked again. */
function Silence() {
  const { silence, heard, document } = useSweeps();
  return (
    <div className={classes.silence} data-testid="sweep-silence">
      Nothing is heard from the lab
      {heard > 0 && document ? ` since ${moment(new Date(heard).toISOString())}` : ''}: {silence}.{' '}
      {document ? 'This is what was last known. ' : ''}It is asked again by itself.{' '}
      <Button size="compact-sm" variant="default" onClick={askNow}>
        Ask now
      </Button>
    </div>
  );
}

function Actions({ sweep, isLive }: { sweep: SweepStatus; isLive: boolean }) {
  const document = useSweeps(({ document }) => document)!;
  const asked = useSweeps(({ asked }) => asked);
  const [isSure, setSure] = useState(false);
  const { done, cancelled, total } = sweep.counts;
  const isOver = done + cancelled === total;
  const mayAct = isLive && document.control && hasToken() && !isOver;
  const hasReport = document.reports.includes(sweep.id);
  const hasFile = !isLive && hasSweeps();
  if (!mayAct && !hasReport && !hasFile) return null;
  return (
    <Group gap={8} mt={12}>
      {hasReport && (
        <Button size="sm" onClick={() => void showReport(sweep)}>
          Open the report
        </Button>
      )}
      {hasFile && (
        <Button size="sm" variant="default" onClick={leaveFile}>
          Follow the sweeps beside this page
        </Button>
      )}
      {mayAct && (
        <Button
          size="sm"
          variant="default"
          disabled={asked !== null}
          onClick={() => void wish(sweep.paused ? 'resume' : 'pause')}
        >
          {sweep.paused ? 'Resume' : 'Pause'}
        </Button>
      )}
      {mayAct && !isSure && (
        <Button size="sm" variant="default" onClick={() => setSure(true)}>
          Cancel …
        </Button>
      )}
      {mayAct && isSure && (
        <>
          <Text size="sm" role="status">
            Cancel all that is not done? What is done stays in the store.
          </Text>
          <Button
            size="sm"
            color="red"
            disabled={asked !== null}
            onClick={() => {
              setSure(false);
              void wish('cancel');
            }}
          >
            Cancel the sweep
          </Button>
          <Button size="sm" variant="default" onClick={() => setSure(false)}>
            Keep it
          </Button>
        </>
      )}
    </Group>
  );
}

async function showReport(sweep: SweepStatus): Promise<void> {
  try {
    await openReport(await reportFile(sweep));
  } catch (error) {
    useSweeps.setState({ refusal: `The report could not be opened: ${messageOf(error)}` });
  }
}

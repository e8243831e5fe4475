/** How fast the networks beside each other answer on this device: measured when it is asked for. */
import { Button, Group, Text, Title } from '@mantine/core';
import type { Ratio } from '../../lab/evaluate/timing';
import type { Timing } from '../../lab/files/onnx/timing';
import { stopTiming, timeThem } from '../../state/drivers/compare';
import { type Memory, useCompare } from '../../state/page/compare';
import { useLab } from '../../state/page/lab';
import { bytes, count } from '../../state/words/format';
import type { TimedHere } from '../../worker/protocol/results';
import { SaveMenu } from '../saving/SaveMenu';
import { paceTable } from './compareTables';
import { FiguresTable } from './FiguresTable';
import classes from './Pace.module.css';
import { progressText } from './progress';

export function Pace() {
  const pace = useCompare(({ pace }) => pace);
  const isAlone = useCompare(({ before }) => before === null);
  const engine = useLab(({ backend }) => backend);
  const isTiming = pace.status === 'timing';
  const words = engine ? `${engine.backend}, ${engine.adapter}` : '';
  return (
    <figure className={classes.figure}>
      <div className={classes.head}>
        <Title order={3} size="h5">
          Time to answer, on this device
        </Title>
        {pace.status === 'done' && (
          <SaveMenu what="time to answer" table={() => paceTable(pace.timed, words)} />
        )}
      </div>
      {pace.status !== 'done' && (
        <p className="caption">
          {isAlone ? 'It is run' : 'Both networks are run in turn,'} by the lab’s engine ({words}) and by ONNX
          Runtime (14 MB, loaded once), with one picture and with 32: at most 40 times each, for about 20
          seconds.
        </p>
      )}
      <Group gap={8}>
        <Button size="sm" variant="default" loading={isTiming} onClick={() => void timeThem()} data-unsaved>
          {pace.status === 'done' ? 'Time again' : 'Time it here'}
        </Button>
        {isTiming && (
          <Button size="sm" variant="default" onClick={stopTiming}>
            Stop
          </Button>
        )}
        <Text size="sm" role="status" component="div" data-testid="pace-said">
          {pace.status === 'timing' && progressText(pace.progress)}
          {pace.status === 'failed' && pace.message}
        </Text>
      </Group>
      {pace.status === 'done' && <Times timed={pace.timed} memory={pace.memory} engine={words} />}
    </figure>
  );
}

const ENGINE_NAMES = { lab: 'Lab', onnxruntime: 'ONNX Runtime' } as const;

function Times({ timed, memory, engine }: { timed: TimedHere; memory: Memory; engine: string }) {
  const { names, rows, peaks, without } = timed;
  const hasTwo = names.length > 1;
  /** A line for each way to run them, with the timings of the networks in it. */
  const ways = rows
    .filter(({ network }) => network === 0)
    .map((first) => ({
      first,
      second: rows.find(
        (row) =>
          row.network === 1 &&
          row.engine === first.engine &&
          row.threads === first.threads &&
          row.batch === first.batch,
      ),
    }));
  return (
    <>
      <FiguresTable label="Time to answer" className={classes.table} testId="pace">
        <thead>
          <tr>
            <th scope="col">Engine</th>
            <th scope="col">Pictures</th>
            <th scope="col">{hasTwo ? 'Before, p50' : 'p50'}</th>
            <th scope="col">p95</th>
            {hasTwo && <th scope="col">After, p50</th>}
            {hasTwo && <th scope="col">p95</th>}
            {hasTwo && <th scope="col">After : before</th>}
            <th scope="col">ONNX Runtime : lab</th>
          </tr>
        </thead>
        <tbody>
          {ways.map(({ first, second }) => (
            <tr key={`${first.engine} ${first.threads} ${first.batch}`}>
              <th scope="row">
                {ENGINE_NAMES[first.engine]}
                {first.threads !== null && <small>{count(first.threads, 'thread')}</small>}
              </th>
              <td>{first.batch}</td>
              <Milliseconds timing={first} />
              {second && <Milliseconds timing={second} />}
              {second && <RatioCell ratio={second.toWhole} />}
              <RatioCell ratio={(second ?? first).toLab} />
            </tr>
          ))}
        </tbody>
      </FiguresTable>
      <p className="caption">
        {count(rows[0].runs, 'run')} of each, after three to warm up, in turn and in changing order, by{' '}
        {engine}. Milliseconds for all pictures of a call, from normalised numbers to logits: p50 is the
        middle one, p95 what 19 of 20 do not exceed. Ratios are of the same round: the middle one, and the
        quarters of them below and above. In a browser ONNX Runtime has one thread here.
        {without !== null && ` ONNX Runtime was not timed: ${without}`}
      </p>
      <p className="caption" data-testid="pace-memory">
        Memory: in a pass of the lab, tensors take at most{' '}
        {peaks
          .map(
            ({ network, batch, bytes: most }) =>
              `${bytes(most)} (${hasTwo ? `${network === 0 ? 'before' : 'after'}, ` : ''}${count(batch, 'picture')})`,
          )
          .join(', ')}
        , weights among them; ONNX Runtime does not tell. {memoryWords(memory)}
      </p>
    </>
  );
}

function memoryWords(memory: Memory): string {
  if (memory === 'asked') return 'The browser is counting what the page holds …';
  if (memory === 'untold') return 'This browser does not tell what the page holds, now or at most.';
  return `After it the page with its workers holds ${bytes(memory)}, says the browser, which tells no peak.`;
}

const Milliseconds = ({ timing: { p50, p95 } }: { timing: Timing }) => (
  <>
    <td>{milliseconds(p50)}</td>
    <td>{milliseconds(p95)}</td>
  </>
);

const RatioCell = ({ ratio }: { ratio: Ratio | null }) => (
  <td>
    {ratio ? ratio.p50.toFixed(2) : '–'}
    {ratio && (
      <small>
        {ratio.p25.toFixed(2)}–{ratio.p75.toFixed(2)}
      </small>
    )}
  </td>
);

const milliseconds = (value: number): string =>
  `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;

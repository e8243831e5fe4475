/** What came of many pictures, as far as it is: a sentence, the answers by class, rows to look at, and the file. */
import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { type ShownRow, THUMBNAIL } from '../../lab/batch/summary';
import { useBatch } from '../../state/batch/batch';
import { batchFile } from '../../state/drivers/batch';
import { batchSentence, FLAG_WORDS, unfinishedSentence } from '../../state/words/batch';
import { explain } from '../../state/words/explain';
import { percent, whole, wholePercent } from '../../state/words/format';
import type { BatchRow } from '../../storage/rows';
import { FiguresTable } from '../parts/FiguresTable';
import { paintRgb } from '../parts/paint';
import { ShareBars } from '../parts/ShareBars';
import { save } from '../saving/save';
import classes from './BatchCard.module.css';

export function BatchResult({ row }: { row: BatchRow }) {
  const isRunning = useBatch(({ running }) => running !== null);
  const isGiven = useBatch(({ given }) => given?.name === row.name);
  const { summary, total, note } = row;
  const isDone = summary.done === total;
  return (
    <div className={classes.result}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <div className={classes.intro}>
          <Text size="sm" component="p" m={0} data-testid="batch-said">
            {batchSentence(row)}
          </Text>
          {!isDone && !isRunning && (
            <Text size="sm" component="p" m={0} data-testid="batch-unfinished">
              {unfinishedSentence(row, isGiven)}
            </Text>
          )}
          {note && (
            <Text className="caption" component="p" m={0}>
              {note}
            </Text>
          )}
        </div>
        <SaveButton row={row} />
      </Group>
      <div className={classes.tables}>
        <Counts row={row} />
        <Rows row={row} />
      </div>
    </div>
  );
}

function SaveButton({ row: { name, summary, total } }: { row: BatchRow }) {
  const [busy, setBusy] = useState(false);
  const hand = async () => {
    setBusy(true);
    try {
      save(await batchFile(), `${name}.csv`);
    } catch (error) {
      useBatch.setState({ trouble: explain(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      size="sm"
      variant="default"
      loading={busy}
      disabled={summary.done === 0}
      onClick={() => void hand()}
    >
      {summary.done < total ? `Save CSV (${whole(summary.done)} rows so far)` : 'Save CSV'}
    </Button>
  );
}

/** Classes that are shown at first. */
const FEW = 12;

/** How many pictures are answered so, the most frequent first. */
function Counts({ row: { classes: names, summary } }: { row: BatchRow }) {
  const [all, setAll] = useState(false);
  const answered = summary.counts.reduce((sum, each) => sum + each, 0);
  const sorted = names
    .map((name, i) => ({ name, count: summary.counts[i] }))
    .sort((a, b) => b.count - a.count);
  const most = Math.max(1, sorted[0].count);
  return (
    <section aria-label="Answers by class">
      <ShareBars
        testId="batch-counts"
        width="6rem"
        bars={sorted.slice(0, all ? undefined : FEW).map(({ name, count }) => ({
          ...{ name, share: count / most },
          value: (
            <>
              {whole(count)}
              <span className={classes.share}>{answered > 0 && wholePercent(count / answered)}</span>
            </>
          ),
        }))}
      />
      {names.length > FEW && (
        <Button size="compact-xs" variant="default" onClick={() => setAll(!all)}>
          {all ? `The ${FEW} most frequent` : `All ${names.length} classes`}
        </Button>
      )}
    </section>
  );
}

const LISTS = { unsure: 'least sure', first: 'first', unreadable: 'unreadable' } as const;
type List = keyof typeof LISTS;

/** Some rows with their pictures: all of them are in the file. */
function Rows({ row }: { row: BatchRow }) {
  const { summary, classes: names } = row;
  const lists = (Object.keys(LISTS) as List[]).filter((each) => summary[each].length > 0);
  const [wanted, setList] = useState<List>('unsure');
  const list = lists.includes(wanted) ? wanted : lists[0];
  if (!list) return null;
  return (
    <section aria-label="Rows to look at" className={classes.rows}>
      <SegmentedControl
        size="xs"
        aria-label="Which rows"
        data={lists.map((value) => ({ value, label: `The ${summary[value].length} ${LISTS[value]}` }))}
        value={list}
        onChange={(value) => setList(value as List)}
      />
      <div className={classes.scroll}>
        <FiguresTable label="Rows" className={classes.table} testId="batch-rows">
          <thead>
            <tr>
              <th scope="col">Picture</th>
              <th scope="col" className={classes.text}>
                Answer
              </th>
              <th scope="col">Probability</th>
              <th scope="col">Turns agree</th>
              <th scope="col" className={classes.text}>
                Flags
              </th>
            </tr>
          </thead>
          <tbody>
            {summary[list].map((shown) => (
              <Row key={shown.path} shown={shown} names={names} />
            ))}
          </tbody>
        </FiguresTable>
      </div>
    </section>
  );
}

function Row({ shown, names }: { shown: ShownRow; names: readonly string[] }) {
  const { path, answer, probability, agreement, flags, note } = shown;
  const said = flags.filter((flag) => flag !== 'resized').map((flag) => FLAG_WORDS[flag]);
  return (
    <tr>
      <th scope="row">
        <span className={classes.picture}>
          <Thumbnail pixels={shown.thumbnail} />
          <bdi title={path}>{path}</bdi>
        </span>
      </th>
      {answer === null ? (
        <td colSpan={4} className={`${classes.text} ${classes.note}`}>
          {note}
        </td>
      ) : (
        <>
          <td className={classes.text}>
            <bdi>{names[answer]}</bdi>
          </td>
          <td>{percent(probability!)}</td>
          <td>{wholePercent(agreement!)}</td>
          <td className={`${classes.text} ${classes.note}`}>{said.join(', ')}</td>
        </>
      )}
    </tr>
  );
}

function Thumbnail({ pixels }: { pixels: Uint8Array | null }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (pixels) paintRgb(ref.current, THUMBNAIL, THUMBNAIL, pixels);
  }, [pixels]);
  return pixels ? (
    <canvas ref={ref} width={THUMBNAIL} height={THUMBNAIL} />
  ) : (
    <span className={classes.none} />
  );
}

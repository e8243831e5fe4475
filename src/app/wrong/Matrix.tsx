/**
 * The confusion matrix: a row for each class, a column for each answer. One stop of the Tab key; arrows go from cell to
 * cell, Enter shows its tiles. Of hundreds of classes those stand here that are confused most.
 */
import { Group, SegmentedControl } from '@mantine/core';
import { type KeyboardEvent, memo, useMemo, useRef, useState } from 'react';
import type { ClassReport } from '../../lab/evaluate/report/classReport';
import { mistakesOf, rowShares } from '../../lab/evaluate/report/confusion';
import { plainNames } from '../../lab/plain';
import { count, whole } from '../../state/words/format';
import { cellWords } from '../../state/words/wrong';
import { chooseCell } from '../../state/wrong/looking';
import { isSameCell, placeBeside, shownClasses } from '../../state/wrong/matrix';
import type { Cell } from '../../state/wrong/wrong';
import { Explained } from '../parts/Explained';
import { Scrolling } from '../parts/Scrolling';
import classes from './Matrix.module.css';
import { TILES } from './TileLists';
import report from './WrongReport.module.css';

/** Pairs that are listed: fewer where the matrix shows them all. */
const MOST_PAIRS = { few: 5, many: 20 };
/** The deepest ground of a cell, in per cent of its colour: what stands on it stays readable. */
const DEEPEST = 45;

interface Props {
  readonly report: ClassReport;
  readonly cell: Cell | null;
}

/** Shows the tiles of a cell, and leads to them. */
function show(cell: Cell): void {
  chooseCell(cell);
  document.getElementById(TILES)?.scrollIntoView({ block: 'nearest' });
}

export function Matrix({ report: { classes: given, confusion }, cell }: Props) {
  const [written, setWritten] = useState<'tiles' | 'shares'>('tiles');
  const names = useMemo(() => plainNames(given), [given]);
  const shown = useMemo(() => shownClasses(confusion), [confusion]);
  const isAll = shown.length === given.length;
  return (
    <div className={classes.whole}>
      <Group justify="space-between" gap="xs" mb={6}>
        <h3 className={report.heading}>
          <Explained
            term="confusion-matrix"
            text="Tiles by their class (row) and the answer (column). On the diagonal answers are right. Press a cell to see its tiles."
          >
            What is taken for what
          </Explained>
        </h3>
        <SegmentedControl
          size="xs"
          aria-label="What stands in the cells"
          value={written}
          data={[
            { value: 'tiles', label: 'Tiles' },
            { value: 'shares', label: '% of the class' },
          ]}
          onChange={(value) => setWritten(value as typeof written)}
        />
      </Group>
      {!isAll && (
        <p className={`caption ${classes.note}`}>
          {shown.length} of {whole(given.length)} classes: those confused most. All of them stand in the table
          that is saved.
        </p>
      )}
      {/* Of many classes they say more than the matrix does. */}
      {!isAll && <Pairs names={names} confusion={confusion} most={MOST_PAIRS.many} />}
      <Square names={names} confusion={confusion} shown={shown} written={written} cell={cell} />
      {isAll && <Pairs names={names} confusion={confusion} most={MOST_PAIRS.few} />}
    </div>
  );
}

interface SquareProps {
  readonly names: readonly string[];
  readonly confusion: ClassReport['confusion'];
  readonly shown: readonly number[];
  readonly written: 'tiles' | 'shares';
  readonly cell: Cell | null;
}

function Square({ names, confusion, shown, written, cell }: SquareProps) {
  const [[row, column], setAt] = useState<readonly [number, number]>([0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const shares = useMemo(() => rowShares(confusion), [confusion]);
  const side = shown.length;
  const at = [Math.min(row, side - 1), Math.min(column, side - 1)] as const;
  const press = (event: KeyboardEvent) => {
    const to = placeBeside(at, side, event.key, event.ctrlKey || event.metaKey);
    if (!to) return;
    event.preventDefault();
    setAt(to);
    table.current?.querySelector<HTMLElement>(`[data-place="${to.join(' ')}"]`)?.focus();
  };
  return (
    <Scrolling label="Confusion matrix">
      <table
        ref={table}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its cells are pressed, and arrows go among them.
        role="grid"
        className={classes.table}
        aria-label="Tiles by class and answer"
        onKeyDown={press}
        data-testid="matrix"
      >
        <thead>
          <tr>
            <td className={classes.corner}>class \ answer</td>
            {shown.map((c) => (
              <th key={c} scope="col" className={classes.answer} title={names[c]}>
                <span>{names[c]}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((truth, r) => (
            <tr key={truth}>
              <th scope="row" className={classes.truth} title={names[truth]}>
                {names[truth]}
              </th>
              {shown.map((answer, c) => (
                <CellButton
                  key={answer}
                  place={`${r} ${c}`}
                  tiles={confusion[truth][answer]}
                  share={shares[truth][answer]}
                  words={cellWords(
                    names[truth],
                    names[answer],
                    confusion[truth][answer],
                    shares[truth][answer],
                    truth === answer,
                  )}
                  written={written}
                  isRight={truth === answer}
                  isChosen={isSameCell(cell, { truth, answer })}
                  isReachable={r === at[0] && c === at[1]}
                  onPress={() => {
                    setAt([r, c]);
                    show({ truth, answer });
                  }}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

interface CellProps {
  readonly place: string;
  readonly tiles: number;
  readonly share: number | null;
  readonly words: string;
  readonly written: 'tiles' | 'shares';
  readonly isRight: boolean;
  readonly isChosen: boolean;
  readonly isReachable: boolean;
  onPress(): void;
}

/** Drawn anew when anything of it changes; which function it calls does not matter. */
const CellButton = memo(
  function CellButton({
    place,
    tiles,
    share,
    words,
    written,
    isRight,
    isChosen,
    isReachable,
    onPress,
  }: CellProps) {
    const depth = Math.round(DEEPEST * (share ?? 0));
    const colour = isRight ? 'var(--accent)' : 'var(--vermillion)';
    const figure = written === 'tiles' || share === null ? whole(tiles) : String(Math.round(100 * share));
    return (
      <td className={classes.cell} data-right={isRight || undefined}>
        <button
          type="button"
          tabIndex={isReachable ? 0 : -1}
          aria-label={words}
          aria-pressed={isChosen}
          title={words}
          data-place={place}
          style={
            depth > 0 ? { background: `color-mix(in srgb, ${colour} ${depth}%, var(--surface))` } : undefined
          }
          onClick={onPress}
        >
          {tiles === 0 ? '' : figure}
        </button>
      </td>
    );
  },
  ({ onPress: _, ...before }, { onPress: __, ...after }) =>
    (Object.keys(before) as (keyof typeof before)[]).every((key) => before[key] === after[key]),
);

/** The pairs that are confused most often. */
function Pairs({
  names,
  confusion,
  most,
}: {
  readonly names: readonly string[];
  readonly confusion: ClassReport['confusion'];
  readonly most: number;
}) {
  const mistakes = useMemo(() => mistakesOf(confusion), [confusion]);
  if (mistakes.length === 0)
    return <p className={`caption ${classes.note}`}>No tile is taken for another class.</p>;
  return (
    <div className={classes.pairs}>
      <p className="caption" id="wrong-pairs">
        Most often{mistakes.length > most ? `, ${most} of ${whole(mistakes.length)} pairs` : ''}:
      </p>
      <ul aria-labelledby="wrong-pairs">
        {mistakes.slice(0, most).map(({ truth, answer, tiles }) => (
          <li key={`${truth} ${answer}`}>
            <button type="button" className={classes.pair} onClick={() => show({ truth, answer })}>
              {names[truth]} taken for {names[answer]}: {count(tiles, 'tile')}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

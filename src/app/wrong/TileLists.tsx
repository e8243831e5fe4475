/** Tiles as pictures with what each network said: those answered wrongly, unsure ones, those lost and found, those of a cell. */
import { Button, SegmentedControl } from '@mantine/core';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import type { ClassReport } from '../../lab/evaluate/report/classReport';
import type { Comparison } from '../../lab/evaluate/report/compare';
import { plain, plainNames } from '../../lab/plain';
import type { Pictures } from '../../lab/prune/neurons/portraits';
import { tilePictures } from '../../state/drivers/wrong';
import { explain } from '../../state/words/explain';
import { count, percent, whole } from '../../state/words/format';
import { cellWords, EMPTY_LISTS, LIST_NAMES, LIST_SENTENCES } from '../../state/words/wrong';
import { rowsOf } from '../../state/wrong/lists';
import { chooseList, chooseUnsure, resultOf } from '../../state/wrong/looking';
import { LISTS, type List, type Looked } from '../../state/wrong/wrong';
import { paintPicture } from '../parts/paint';
import { UnsureField } from '../parts/UnsureField';
import { stepOf } from './source';
import classes from './TileLists.module.css';
import headings from './WrongReport.module.css';

/** Leads to it. */
export const TILES = 'wrong-tiles';

/** Tiles shown at first, and so many more at a time. */
const PAGE = 24;

interface Props {
  readonly looked: Looked;
  readonly report: ClassReport;
  /** null where nothing is compared. */
  readonly comparison: Comparison | null;
}

export function TileLists({ looked, report, comparison }: Props) {
  const { cell } = looked;
  const offered = LISTS.filter((list) =>
    list === 'cell' ? cell !== null : comparison !== null || (list !== 'lost' && list !== 'gained'),
  );
  const list = offered.includes(looked.list) ? looked.list : 'wrong';
  const lists = useMemo(
    () => new Map(LISTS.map((each) => [each, rowsOf(report, comparison, each, cell)])),
    [report, comparison, cell],
  );
  const rows = lists.get(list)!;
  const names = useMemo(() => plainNames(report.classes), [report.classes]);
  return (
    <div id={TILES} className={classes.whole}>
      <h3 className={headings.heading}>Tiles</h3>
      <div className={classes.choice}>
        <SegmentedControl
          size="xs"
          aria-label="Which tiles"
          value={list}
          data={offered.map((each) => ({
            value: each,
            label: `${LIST_NAMES[each]} ${whole(lists.get(each)!.length)}`,
          }))}
          onChange={(value) => chooseList(value as List)}
        />
      </div>
      <p className={`caption ${classes.note}`} role="status" data-testid="wrong-list">
        {sentenceOf(list, rows.length)}
      </p>
      {list === 'unsure' && (
        <div className={classes.unsure}>
          <UnsureField id="wrong-unsure" value={looked.unsureBelow} onTake={chooseUnsure} />
        </div>
      )}
      {/* Another list begins at its beginning. */}
      <Sheet
        key={`${looked.shown} ${looked.part} ${list} ${cell?.truth} ${cell?.answer}`}
        {...{ looked, rows, names }}
      />
    </div>
  );

  function sentenceOf(which: List, n: number): string {
    if (n === 0) return EMPTY_LISTS[which];
    if (which !== 'cell' || !cell) return LIST_SENTENCES[which as Exclude<List, 'cell'>];
    const { truth, answer } = cell;
    const share = report.perClass[truth].n === 0 ? null : n / report.perClass[truth].n;
    return `${cellWords(names[truth], names[answer], n, share, truth === answer)}; the surest first.`;
  }
}

interface SheetProps {
  readonly looked: Looked;
  readonly rows: readonly number[];
  readonly names: readonly string[];
}

function Sheet({ looked, rows, names }: SheetProps) {
  const [most, setMost] = useState(PAGE);
  const shown = rows.slice(0, most);
  const { pictures, problem } = usePictures(looked, shown);
  const said = useMemo(() => saidBy(looked), [looked]);
  return (
    <>
      {problem && (
        <p className="caption" role="status">
          The pictures are not there. {problem}
        </p>
      )}
      <ul className={classes.list} aria-label="Tiles and what each network said" data-testid="wrong-sheet">
        {shown.map((row) => (
          <li key={row}>
            <Tile row={row} picture={pictures.get(row) ?? null} names={names} said={said} />
          </li>
        ))}
      </ul>
      {rows.length > most && (
        <Button size="xs" variant="default" mt={8} onClick={() => setMost(most + PAGE)}>
          Show {count(Math.min(PAGE, rows.length - most), 'tile')} more of {whole(rows.length)}
        </Button>
      )}
    </>
  );
}

interface Said {
  readonly name: string;
  readonly report: ClassReport;
}

/** Every network of which the answers are there, the one that is looked at first. */
function saidBy(looked: Looked): Said[] {
  const { shown, subject } = looked;
  const ids = [shown, ...subject.steps.map(({ id }) => id).filter((id) => id !== shown)];
  return ids.flatMap((id) => {
    const result = resultOf(looked, id);
    return result ? [{ name: stepOf(looked, id).name, report: result.report }] : [];
  });
}

interface TileProps {
  readonly row: number;
  readonly picture: Picture | null;
  readonly names: readonly string[];
  readonly said: readonly Said[];
}

const Tile = memo(function Tile({ row, picture, names, said }: TileProps) {
  const { key, truth, agrees } = said[0].report.tiles[row];
  return (
    <figure className={classes.tile} title={plain(key)}>
      <Canvas picture={picture} />
      <figcaption>
        <b>{names[truth]}</b>
        {said.map(({ name, report }) => {
          const { answer, probability, right } = report.tiles[row];
          return (
            <span key={name} className={classes.said} data-right={right}>
              {said.length > 1 && <span className={classes.who}>{name}: </span>}
              <span aria-hidden="true">{right ? '✓ ' : '✗ '}</span>
              {right ? <span className="spoken">right, </span> : <span className="spoken">wrong, </span>}
              {names[answer]} {percent(probability)}
            </span>
          );
        })}
        {agrees === false && <span className={classes.who}>otherwise when turned</span>}
      </figcaption>
    </figure>
  );
});

interface Picture {
  readonly pictures: Pictures;
  readonly at: number;
}

function Canvas({ picture }: { picture: Picture | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (picture) paintPicture(canvas.current, picture.pictures, picture.at);
  }, [picture]);
  const side = picture?.pictures.size ?? 1;
  return <canvas ref={canvas} width={side} height={side} />;
}

/** Pictures of tiles, asked for when they are first shown. */
function usePictures(looked: Looked, rows: readonly number[]) {
  const [pictures, setPictures] = useState<ReadonlyMap<number, Picture>>(new Map());
  const [problem, setProblem] = useState<string | null>(null);
  const asked = useRef(new Set<number>());
  const { of } = stepOf(looked, looked.shown);
  const { part } = looked;
  useEffect(() => {
    const wanted = rows.filter((row) => !asked.current.has(row));
    if (wanted.length === 0) return;
    for (const row of wanted) asked.current.add(row);
    tilePictures(of, part, wanted).then(
      (found) =>
        setPictures((known) => {
          const next = new Map(known);
          for (const [at, row] of wanted.entries()) next.set(row, { pictures: found, at });
          return next;
        }),
      (error) => setProblem(explain(error)),
    );
  }, [rows, of, part]);
  return { pictures, problem };
}

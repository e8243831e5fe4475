/** The card at the end of a lesson: each question with what was answered and measured, and each curve beside others. */
import { createPortal } from 'react-dom';
import { type Answered, progressOf, useProgress } from '../../state/learn/lessonProgress';
import type { Lesson } from '../../state/learn/lessons/lesson';
import { curveIndex } from '../../state/learn/neighbour';
import { type ScoreRow, scoreOf } from '../../state/learn/score';
import { handsSentence, scoreSentence, VERDICT_WORDS } from '../../state/learn/scoreWords';
import { LESSON_BOARD, useLesson } from '../../state/page/lesson';
import { Legend, LineKey } from '../charts/Legend';
import { Axes, between, Drawing, pathOf } from './exhibits/Axes';
import { CurveTable, lineOf, MEASURED, NEIGHBOURS, YOURS } from './exhibits/curveLooks';
import sketch from './exhibits/SketchBoard.module.css';
import classes from './ScoreBoard.module.css';
import { useNeighbour } from './useNeighbour';

export function ScoreBoard({ lesson }: { lesson: Lesson }) {
  const progress = useProgress((state) => progressOf(state, lesson.id));
  const presenting = useLesson(({ open }) => open?.presenting ?? false);
  const neighbour = useNeighbour(lesson);
  const place = document.getElementById(LESSON_BOARD);
  if (!place) return null;
  const rows = scoreOf(lesson, progress);
  const other = presenting ? null : neighbour;
  return createPortal(
    <section className="card" aria-labelledby="score-title" data-testid="score">
      <h2 id="score-title" className={classes.title}>
        {lesson.title}
      </h2>
      {presenting && <p className={classes.sum}>{scoreSentence(rows, true)}</p>}
      <ol className={classes.rows}>
        {rows.map((row, i) => (
          <Row
            key={row.at}
            row={row}
            neighbour={row.answered ? (other?.verdicts[i] ?? null) : null}
            presenting={presenting}
          >
            {row.answered?.drawn && (
              <Curve
                {...row.answered.drawn}
                neighbour={other?.curves[curveIndex(lesson, row.at)] ?? null}
                who={presenting ? 'the class' : 'you'}
              />
            )}
          </Row>
        ))}
      </ol>
    </section>,
    place,
  );
}

interface RowProps {
  readonly row: ScoreRow;
  readonly neighbour: ScoreRow['verdict'] | null;
  readonly presenting: boolean;
  readonly children: React.ReactNode;
}

function Row({ row, neighbour, presenting, children }: RowProps) {
  const { title, verdict, answered, chosen } = row;
  const hands = handsSentence(row);
  return (
    <li className={classes.row} data-verdict={verdict} data-curve={children ? true : undefined}>
      <div>
        <p className={classes.head}>
          <strong>{title}</strong>
          <span className={classes.verdict}>{VERDICT_WORDS[verdict]}</span>
        </p>
        {answered && <p className={classes.asks}>{answered.asks}</p>}
        {hands ? (
          <p className={classes.said}>Hands: {hands}</p>
        ) : (
          chosen && (
            <p className={classes.said}>
              {presenting ? 'The class' : 'You'}: {chosen}
            </p>
          )
        )}
        {answered && (
          <p className={classes.said}>
            Measured: {answered.drawn ? '' : `${answered.right}. `}
            {answered.because}
          </p>
        )}
        {neighbour && <p className={classes.neighbour}>A neighbour: {VERDICT_WORDS[neighbour]}</p>}
      </div>
      {children}
    </li>
  );
}

interface CurveProps extends NonNullable<Answered['drawn']> {
  readonly neighbour: readonly number[] | null;
  readonly who: string;
}

function Curve({ by, measured, neighbour, who }: CurveProps) {
  return (
    <figure className={classes.curve}>
      <Axes className={classes.axes}>
        <div className={sketch.plot}>
          <Drawing>
            <path d={between(by, measured)} className={sketch.between} />
            {neighbour && <path d={pathOf(neighbour)} {...lineOf(NEIGHBOURS)} />}
            <path d={pathOf(by)} {...lineOf(YOURS)} />
            <path d={pathOf(measured)} {...lineOf(MEASURED)} />
          </Drawing>
        </div>
      </Axes>
      <Legend
        entries={[
          { name: `as ${who} drew it`, key: <LineKey {...YOURS} /> },
          { name: 'as measured', key: <LineKey {...MEASURED} /> },
          ...(neighbour ? [{ name: 'as a neighbour drew it', key: <LineKey {...NEIGHBOURS} /> }] : []),
        ]}
      />
      <CurveTable by={by} measured={measured} neighbour={neighbour} />
    </figure>
  );
}

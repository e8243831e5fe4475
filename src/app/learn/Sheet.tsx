/** A page of A4 for each of the class: the questions of the plan, axes to draw into, and where the lab is. */
import { Button, Group } from '@mantine/core';
import { createPortal } from 'react-dom';
import { sheetQuestions } from '../../state/learn/plan';
import { Axes, Drawing } from './exhibits/Axes';
import sketch from './exhibits/SketchBoard.module.css';
import classes from './Sheet.module.css';
import { useSeen } from './seen';

export function Sheet() {
  const seen = useSeen();
  if (!seen) return <p role="status">The sheet is there when the networks are open …</p>;
  return (
    <>
      <Group my="sm" gap={12}>
        <Button size="sm" onClick={() => print()}>
          Print the sheet
        </Button>
        <span className="caption">One page of A4. The figures in it are of the networks that are open.</span>
      </Group>
      <Paper seen={seen} isFor="screen" />
      {createPortal(<Paper seen={seen} isFor="print" />, document.body)}
    </>
  );
}

/** For the printer it stands beside the page, of which nothing else is printed. */
function Paper({
  seen,
  isFor,
}: {
  seen: NonNullable<ReturnType<typeof useSeen>>;
  isFor: 'screen' | 'print';
}) {
  const questions = sheetQuestions(seen);
  const where = location.origin + location.pathname;
  return (
    <section className={classes[isFor]} aria-label="The sheet for the class" data-testid={`sheet-${isFor}`}>
      <h2 className={classes.title}>Orbit Lab: bet before you look</h2>
      <p className={classes.name}>
        <span>Name</span>
        <span>Class</span>
        <span>Right</span>
      </p>
      <ol className={classes.questions}>
        {questions.map(({ lesson, number, asks, answers }) => (
          <li key={asks} data-curve={answers === null || undefined}>
            <p className={classes.asks}>
              <span className={classes.lesson}>
                Lesson {number}, {lesson}
                {lesson.endsWith('?') ? '' : '.'}
              </span>{' '}
              {asks}
            </p>
            {answers === null ? (
              <Axes className={classes.axes}>
                <div className={sketch.plot}>
                  <Drawing />
                </div>
              </Axes>
            ) : (
              <ul className={classes.answers}>
                {answers.map((answer) => (
                  <li key={answer}>{answer}</li>
                ))}
              </ul>
            )}
            <p className={classes.measured}>
              <span>Measured</span>
            </p>
          </li>
        ))}
      </ol>
      <p className={classes.foot}>
        The lab: <strong>{where}</strong>. It runs in the browser, without an account, and after the first
        visit without a network. Networks: {seen.opened.nets.main.title}
        {seen.opened.nets.peer && `, ${seen.opened.nets.peer.title}`}; {seen.sheet.tiles} validation tiles
        {seen.opened.dataset.synthetic && ' (synthetic)'}.
      </p>
    </section>
  );
}

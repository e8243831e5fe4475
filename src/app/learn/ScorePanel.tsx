/** Beside the card with the score: what it comes to, what can be tried again, and the link for a neighbour. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { addressHere } from '../../state/address/address';
import { forgetAnswer, goTo, progressOf, useProgress } from '../../state/learn/lessonProgress';
import type { Lesson } from '../../state/learn/lessons/lesson';
import { neighbourLink } from '../../state/learn/neighbour';
import { isHit, scoreOf } from '../../state/learn/score';
import { scoreSentence } from '../../state/learn/scoreWords';
import { forgetSketch } from '../../state/learn/sketching';
import classes from './LessonPanel.module.css';

export function ScorePanel({ lesson }: { lesson: Lesson }) {
  const progress = useProgress((state) => progressOf(state, lesson.id));
  const rows = scoreOf(lesson, progress);
  const missed = rows.filter(({ verdict }) => verdict === 'wrong');
  const open = rows.find(({ verdict }) => verdict === 'open');
  const last = lesson.steps.length + 1;
  const tryAgain = () => {
    forgetSketch();
    for (const { at } of missed) forgetAnswer(lesson.id, at);
    goTo(lesson, last, missed[0].at);
  };
  return (
    <>
      <p className={classes.text} data-testid="score-sentence">
        {scoreSentence(rows)}
      </p>
      {missed.length > 0 && (
        <Button size="compact-sm" onClick={tryAgain}>
          Try those again
        </Button>
      )}
      {open && (
        <Button size="compact-sm" variant="default" onClick={() => goTo(lesson, last, open.at)}>
          To what is open
        </Button>
      )}
      {rows.some(isHit) || missed.length > 0 ? <ForNeighbour lesson={lesson} /> : null}
    </>
  );
}

function ForNeighbour({ lesson }: { lesson: Lesson }) {
  const [copied, setCopied] = useState<'yes' | 'no' | null>(null);
  const progress = useProgress((state) => progressOf(state, lesson.id));
  const link = () => neighbourLink(addressHere(), lesson, progress);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link());
      setCopied('yes');
    } catch {
      setCopied('no');
    }
  };
  return (
    <div className={classes.task}>
      <p className={classes.said}>
        A link for a neighbour holds your score and your curve, no name and no answer. Theirs comes the same
        way.
      </p>
      <Button size="compact-sm" variant="default" onClick={() => void copy()}>
        {copied === 'yes' ? 'Copied' : 'Copy the link for a neighbour'}
      </Button>
      {copied === 'no' && (
        <label className={classes.said}>
          This browser does not let the page copy. The link:
          <input
            className={classes.link}
            readOnly
            value={link()}
            onFocus={(event) => event.currentTarget.select()}
          />
        </label>
      )}
    </div>
  );
}

/** The Learn view: the lessons in their order, what each takes, and how far the reader is. */
import { Badge, Button, Group, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import { beginJudging } from '../../state/learn/judging';
import {
  beginAgain,
  forgetProgress,
  type LessonProgress,
  nextStepOf,
  passedOf,
  progressOf,
  useProgress,
} from '../../state/learn/lessonProgress';
import { LESSONS } from '../../state/learn/lessons';
import type { Lesson } from '../../state/learn/lessons/lesson';
import { isHit, scoreOf, standingOf } from '../../state/learn/score';
import { useLesson } from '../../state/page/lesson';
import { useOffline } from '../../state/page/offline';
import { showView } from '../../state/page/view';
import { settle } from '../../state/prune/experiment';
import { count } from '../../state/words/format';
import classes from './LearnView.module.css';
import { Sheet } from './Sheet';

export default function LearnView() {
  useEffect(beginJudging, []);
  const lessons = useProgress(({ lessons }) => lessons);
  const isKept = useOffline(({ isKept }) => isKept);
  const [hasSheet, setSheet] = useState(false);
  const minutes = LESSONS.reduce((sum, lesson) => sum + lesson.minutes, 0);
  return (
    <section className={`card ${classes.card}`} aria-labelledby="learn-title">
      <Group justify="space-between" align="flex-start" gap="xs">
        <div>
          <Title order={2} id="learn-title" className={classes.title}>
            Learn
          </Title>
          <Text className={classes.intro} component="p">
            {count(LESSONS.length, 'short lesson')}, about {count(minutes, 'minute')} in all. Each drives the
            real page beside it, with one thing to try and one question. The answers are measured here, on the
            networks that you have open; nothing is played back.
          </Text>
        </div>
        {Object.keys(lessons).length > 0 && (
          <Button size="xs" variant="default" onClick={forgetProgress}>
            Forget my progress
          </Button>
        )}
      </Group>
      <ol className={classes.list}>
        {LESSONS.map((lesson, i) => (
          <Entry
            key={lesson.id}
            number={i + 1}
            lesson={lesson}
            progress={progressOf({ lessons }, lesson.id)}
          />
        ))}
      </ol>
      <Text className="caption" component="p">
        {isKept
          ? 'This browser keeps the whole page, lessons and networks included: it opens without a network. Your progress is kept too. '
          : 'Your progress is kept in this browser. '}
        For a class: “Present” in a lesson shows one large picture a step, counts hands, and begins clean,
        whatever you answered before; the keys of a clicker step, and the link in the address bar opens the
        lesson at its step.
      </Text>
      <Group mt="sm">
        <Button size="sm" variant="default" aria-expanded={hasSheet} onClick={() => setSheet(!hasSheet)}>
          {hasSheet ? 'Close the sheet' : 'A sheet for the class, to print'}
        </Button>
      </Group>
      {hasSheet && <Sheet />}
    </section>
  );
}

function Entry({ number, lesson, progress }: { number: number; lesson: Lesson; progress: LessonProgress }) {
  const { id, title, summary, minutes, steps } = lesson;
  const passed = passedOf(lesson, progress);
  const standing = standingOf(lesson, progress);
  const isDone = standing === 'finished';
  const isThrough = isDone || standing === 'missed';
  const rows = scoreOf(lesson, progress);
  return (
    <li className={classes.entry} aria-labelledby={`lesson-${id}`} data-lesson-entry={id}>
      <span className={classes.number} aria-hidden="true">
        {number}
      </span>
      <div className={classes.about}>
        <Title order={3} size="h5" id={`lesson-${id}`}>
          {title}
        </Title>
        <Text className={classes.summary} component="p">
          {summary}
        </Text>
        <Text className="caption" component="p">
          About {count(minutes, 'minute')}, {count(steps.length, 'step')}
          {passed > 0 && !isThrough && `, ${passed} behind you`}
        </Text>
      </div>
      <div className={classes.actions}>
        {isDone && (
          <Badge variant="light" color="teal" tt="none" className={classes.done}>
            finished
          </Badge>
        )}
        {standing === 'missed' && (
          <Badge variant="light" color="orange" tt="none" className={classes.missed}>
            walked through, {rows.filter(isHit).length} of {rows.length} right
          </Badge>
        )}
        <Button
          size="sm"
          variant={isThrough ? 'default' : 'filled'}
          aria-describedby={`lesson-${id}`}
          onClick={() => start(lesson, isThrough ? 1 : nextStepOf(lesson, progress))}
        >
          {isThrough ? 'Again' : passed > 0 ? 'Go on' : 'Start'}
        </Button>
        {isThrough && (
          <Button
            size="sm"
            variant="default"
            aria-describedby={`lesson-${id}`}
            onClick={() => open(lesson, steps.length + 1)}
          >
            Score
          </Button>
        )}
      </div>
    </li>
  );
}

/** From its beginning a lesson starts with the whole network, ranked by L2; undo brings back what was set before. */
function start(lesson: Lesson, step: number): void {
  if (step === 1) {
    beginAgain(lesson.id);
    settle({ method: 'l2', compensation: 'none', removed: 0 });
  }
  open(lesson, step);
}

function open({ id, view }: Lesson, step: number): void {
  showView(view);
  useLesson.setState({ open: { id, step, presenting: false } });
}

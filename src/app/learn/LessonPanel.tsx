/** An open lesson: beside the view that it drives, or in front of a class; behind its last step the score. */
import { Button } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { coversOf, isAskedAlone } from '../../state/learn/covers';
import { beginJudging } from '../../state/learn/judging';
import { goTo, progressOf, useProgress } from '../../state/learn/lessonProgress';
import { lessonOf } from '../../state/learn/lessons';
import type { Lesson, Step } from '../../state/learn/lessons/lesson';
import { startClass } from '../../state/learn/presenting';
import { type Covers, useFlags } from '../../state/page/flags';
import { useLab } from '../../state/page/lab';
import { type OpenLesson, useLesson } from '../../state/page/lesson';
import { useView } from '../../state/page/view';
import { Board } from './exhibits/Board';
import classes from './LessonPanel.module.css';
import { leaveLesson } from './leaveLesson';
import { Presented } from './Presented';
import { showSpot } from './places';
import { ScoreBoard } from './ScoreBoard';
import { Sidebar } from './Sidebar';
import { useSeen } from './seen';
import { useStepKeys } from './stepKeys';

export default function LessonPanel() {
  const open = useLesson(({ open }) => open);
  const presenting = open?.presenting ?? false;
  useEffect(beginJudging, []);
  // Before it is painted: what was answered alone is not seen for a moment.
  useLayoutEffect(() => {
    document.documentElement.dataset.lesson = presenting ? 'presented' : 'open';
    const endClass = presenting ? startClass() : () => {};
    return () => {
      delete document.documentElement.dataset.lesson;
      endClass();
    };
  }, [presenting]);
  if (!open) return null;
  const lesson = lessonOf(open.id);
  return lesson ? <OpenPanel lesson={lesson} open={open} /> : <Unknown id={open.id} />;
}

function OpenPanel({ lesson, open }: { lesson: Lesson; open: OpenLesson }) {
  const { presenting } = open;
  const last = lesson.steps.length;
  const at = Math.min(open.step, last + 1);
  const step: Step | undefined = lesson.steps[at - 1];
  const heading = useRef<HTMLHeadingElement>(null);
  const isThere = useView(({ view }) => view === lesson.view);
  const seen = useSeen();
  const [isDark, darken] = useState(false);
  const go = (to: number) => goTo(lesson, at, to);
  const failed = useLab(({ status }) => status === 'failed');
  const progress = useProgress((state) => progressOf(state, lesson.id));
  const isShown = isThere && !failed && !(seen && step && lesson.lack?.(seen));
  const covers = !isShown ? NOTHING : step ? coversOf(step, at, progress, presenting) : 'view';
  // Before it is painted: what is covered is not seen for a moment.
  useLayoutEffect(() => {
    useFlags.setState({ wanted: { parts: step?.parts ?? [], alone: presenting, covers } });
    return () => useFlags.setState({ wanted: null });
  }, [step, presenting, covers]);

  const place = step?.at ?? 'board';
  useEffect(() => {
    document.documentElement.dataset.lessonAt = place;
    document.documentElement.dataset.lessonParts = step?.parts.join(' ') ?? '';
    heading.current?.focus({ preventScroll: true });
    const giveUp = isThere ? showSpot(place) : () => {};
    return () => {
      delete document.documentElement.dataset.lessonAt;
      delete document.documentElement.dataset.lessonParts;
      giveUp();
    };
  }, [step, place, isThere, presenting]);

  useStepKeys({ on: presenting, at, isDark, go, darken });

  const asksAlone = presenting && step !== undefined && isAskedAlone(step, at, progress);
  const shared = { lesson, at, step, seen, isThere, heading, go };
  return (
    <>
      {isShown && step && seen && !asksAlone && <Board lesson={lesson} at={at} seen={seen} />}
      {isShown && !step && <ScoreBoard lesson={lesson} />}
      {presenting ? (
        <Presented
          {...shared}
          {...{ isDark, darken, asksAlone }}
          hasPicture={isShown && (covers !== 'view' || step?.exhibit !== undefined)}
        />
      ) : (
        <Sidebar {...shared} />
      )}
    </>
  );
}

const NOTHING: Covers = [];

function Unknown({ id }: { id: string }) {
  return (
    <aside className={classes.panel} aria-label="Lesson">
      <div className={classes.body}>
        <p className={classes.text}>There is no lesson “{id}” here: the link may be of another version.</p>
        <Button size="xs" onClick={() => leaveLesson(null)}>
          All lessons
        </Button>
      </div>
    </aside>
  );
}

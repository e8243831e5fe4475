/** An open lesson beside the view that it drives: on a phone a sheet at the bottom, else a column at the right. */
import { Button, CloseButton, Group, Progress, Text, Title } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { DEFAULT_SUBJECT } from '../../state/address/link';
import { openSubject } from '../../state/drivers/session';
import { coversOf } from '../../state/learn/covers';
import { beginJudging } from '../../state/learn/judging';
import { goTo, pass, progressOf, useProgress } from '../../state/learn/lessonProgress';
import { LESSONS, lessonOf } from '../../state/learn/lessons';
import type { Lesson } from '../../state/learn/lessons/lesson';
import { type Covers, useFlags } from '../../state/page/flags';
import { useLab } from '../../state/page/lab';
import { changeLesson, closeLesson, type OpenLesson, useLesson } from '../../state/page/lesson';
import { showView, useView, VIEW_NAMES } from '../../state/page/view';
import { Board } from './exhibits/Board';
import classes from './LessonPanel.module.css';
import { More } from './More';
import { focusSpot, SPOTS, showSpot, whenThere } from './places';
import { StepBody } from './StepBody';
import { useSeen } from './seen';
import { useStepKeys } from './stepKeys';

export default function LessonPanel() {
  const open = useLesson(({ open }) => open);
  const presenting = open?.presenting ?? false;
  useEffect(beginJudging, []);
  useEffect(() => {
    document.documentElement.dataset.lesson = presenting ? 'presented' : 'open';
    return () => {
      delete document.documentElement.dataset.lesson;
    };
  }, [presenting]);
  if (!open) return null;
  const lesson = lessonOf(open.id);
  return lesson ? <OpenPanel lesson={lesson} open={open} /> : <Unknown id={open.id} />;
}

function OpenPanel({ lesson, open }: { lesson: Lesson; open: OpenLesson }) {
  const { presenting } = open;
  const at = Math.min(open.step, lesson.steps.length);
  const step = lesson.steps[at - 1];
  const heading = useRef<HTMLHeadingElement>(null);
  const isThere = useView(({ view }) => view === lesson.view);
  const seen = useSeen();
  const go = (to: number) => goTo(lesson, at, to);
  const isLast = at === lesson.steps.length;
  const finish = () => {
    if (step.kind === 'reading') pass(lesson.id, at);
    leave(lesson.id);
  };

  const failed = useLab(({ status }) => status === 'failed');
  const progress = useProgress((state) => progressOf(state, lesson.id));
  const isShown = isThere && !failed && !(seen && lesson.lack?.(seen));
  const covers = isShown ? coversOf(step, at, progress) : NOTHING;
  // Before it is painted: what is covered is not seen for a moment.
  useLayoutEffect(() => {
    useFlags.setState({ wanted: { parts: step.parts, alone: presenting, covers } });
    return () => useFlags.setState({ wanted: null });
  }, [step, presenting, covers]);

  useEffect(() => {
    document.documentElement.dataset.lessonAt = step.at;
    heading.current?.focus({ preventScroll: true });
    const giveUp = isThere ? showSpot(step.at) : () => {};
    return () => {
      delete document.documentElement.dataset.lessonAt;
      giveUp();
    };
  }, [step, isThere, presenting]);

  useStepKeys(presenting, go, at);

  return (
    <aside className={classes.panel} aria-label={`Lesson: ${lesson.title}`}>
      <div className={classes.head}>
        <Text className="caption" component="p">
          Lesson {LESSONS.indexOf(lesson) + 1}, {lesson.title}
        </Text>
        <Group gap={4} wrap="nowrap" className={classes.tools}>
          <Button
            size="compact-xs"
            variant={presenting ? 'filled' : 'default'}
            aria-pressed={presenting}
            title="Large, and only what the step is about; arrows, Page Up and Down, Space and a clicker step. With Shift these keys are the control’s."
            onClick={() => changeLesson({ presenting: !presenting })}
          >
            Present
          </Button>
          <CloseButton size="sm" aria-label="Close the lesson" onClick={() => leave(lesson.id)} />
        </Group>
      </div>
      <Progress
        size={3}
        value={(100 * at) / lesson.steps.length}
        aria-label={`Step ${at} of ${lesson.steps.length}`}
        transitionDuration={0}
      />
      {isShown && seen && <Board lesson={lesson} at={at} seen={seen} />}
      <div className={classes.body}>
        <Title order={2} size="h4" ref={heading} tabIndex={-1} className={classes.title}>
          {step.title}
        </Title>
        {!isThere && (
          <Button size="xs" mt="xs" onClick={() => showView(lesson.view)}>
            Back to {VIEW_NAMES[lesson.view]}
          </Button>
        )}
        {seen ? <Lack lesson={lesson} seen={seen} /> : <Waiting />}
        {seen && <StepBody key={`${lesson.id} ${at}`} lesson={lesson} at={at} seen={seen} />}
        {isLast && <More lesson={lesson} />}
      </div>
      <div className={classes.foot}>
        <Button size="xs" variant="default" disabled={at === 1} onClick={() => go(at - 1)}>
          Back
        </Button>
        <span className={`caption ${classes.count}`}>
          {at} of {lesson.steps.length}
        </span>
        {isThere && step.kind !== 'reading' && (
          <Button size="xs" variant="subtle" className={classes.there} onClick={() => focusSpot(step.at)}>
            To {SPOTS[step.at].name}
          </Button>
        )}
        <Button size="xs" onClick={isLast ? finish : () => go(at + 1)} ml="auto">
          {isLast ? 'Finish' : 'Next'}
        </Button>
      </div>
    </aside>
  );
}

const NOTHING: Covers = [];

function Waiting() {
  const failed = useLab(({ status }) => status === 'failed');
  return (
    <p className={classes.text} role="status">
      {failed
        ? 'The lesson goes on when networks are open: what went wrong stands on the page.'
        : 'The networks are being opened …'}
    </p>
  );
}

/** Why there is nothing to see on these networks, and the way to those for which there is. */
function Lack({ lesson, seen }: { lesson: Lesson; seen: NonNullable<ReturnType<typeof useSeen>> }) {
  const lack = lesson.lack?.(seen);
  if (!lack) return null;
  return (
    <div className={classes.lack}>
      <p className={classes.text}>{lack}</p>
      <Button size="xs" variant="default" onClick={() => openSubject(DEFAULT_SUBJECT)}>
        Open the networks of this page
      </Button>
    </div>
  );
}

function Unknown({ id }: { id: string }) {
  return (
    <aside className={classes.panel} aria-label="Lesson">
      <div className={classes.body}>
        <p className={classes.text}>There is no lesson “{id}” here: the link may be of another version.</p>
        <Button size="xs" onClick={() => leave(null)}>
          All lessons
        </Button>
      </div>
    </aside>
  );
}

/** Back to the list, to where the lesson stands in it; what was set on the page stays. */
function leave(id: string | null): void {
  showView('learn');
  closeLesson();
  scrollTo(0, 0);
  if (id) whenThere(`[data-lesson-entry=${id}] button`, (button) => button.focus());
}

/** A lesson beside the view that it drives: on a phone a sheet at the bottom, else a column at the right. */
import { Button, CloseButton, Group, Progress, Text, Title } from '@mantine/core';
import { LESSONS } from '../../state/learn/lessons';
import { togglePresenting } from '../../state/learn/presenting';
import { showView, VIEW_NAMES } from '../../state/page/view';
import { Lack, Waiting } from './Lack';
import classes from './LessonPanel.module.css';
import { leaveLesson } from './leaveLesson';
import { More } from './More';
import { NeighbourTold } from './NeighbourTold';
import { focusSpot, SPOTS } from './places';
import { ScorePanel } from './ScorePanel';
import { StepBody } from './StepBody';
import type { Shown } from './shown';

export function Sidebar({ lesson, at, step, seen, isThere, heading, go }: Shown) {
  const last = lesson.steps.length;
  return (
    <aside className={classes.panel} aria-label={`Lesson: ${lesson.title}`}>
      <div className={classes.head}>
        <Text className="caption" component="p">
          Lesson {LESSONS.indexOf(lesson) + 1}, {lesson.title}
        </Text>
        <Group gap={4} wrap="nowrap" className={classes.tools}>
          <Button
            size="compact-xs"
            variant="default"
            title="In front of a class: one picture a step, from a clean start. Arrows, Page Up and Down, Space and a clicker step."
            onClick={togglePresenting}
          >
            Present
          </Button>
          <CloseButton size="sm" aria-label="Close the lesson" onClick={() => leaveLesson(lesson.id)} />
        </Group>
      </div>
      <Progress
        size={3}
        value={(100 * Math.min(at, last)) / last}
        aria-label={step ? `Step ${at} of ${last}` : `All ${last} steps`}
        transitionDuration={0}
      />
      <div className={classes.body}>
        <Title order={2} size="h4" ref={heading} tabIndex={-1} className={classes.title}>
          {step ? step.title : 'Your score'}
        </Title>
        {!isThere && (
          <Button size="xs" mt="xs" onClick={() => showView(lesson.view)}>
            Back to {VIEW_NAMES[lesson.view]}
          </Button>
        )}
        {at === 1 && <NeighbourTold lesson={lesson} />}
        {step && (seen ? <Lack lesson={lesson} seen={seen} /> : <Waiting />)}
        {step && seen && <StepBody key={`${lesson.id} ${at}`} lesson={lesson} at={at} seen={seen} />}
        {!step && <ScorePanel lesson={lesson} />}
        {at >= last && <More lesson={lesson} />}
      </div>
      <div className={classes.foot}>
        <Button size="xs" variant="default" disabled={at === 1} onClick={() => go(at - 1)}>
          Back
        </Button>
        {step && (
          <span className={`caption ${classes.count}`}>
            {at} of {last}
          </span>
        )}
        {step && isThere && step.kind !== 'reading' && (
          <Button size="xs" variant="subtle" className={classes.there} onClick={() => focusSpot(step.at)}>
            To {SPOTS[step.at].name}
          </Button>
        )}
        <Button size="xs" onClick={step ? () => go(at + 1) : () => leaveLesson(lesson.id)} ml="auto">
          {!step ? 'All lessons' : at === last ? 'Finish' : 'Next'}
        </Button>
      </div>
    </aside>
  );
}

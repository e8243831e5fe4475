/**
 * A step in front of a class: one sentence to be read from the last row, one picture, and small controls at the edge. The
 * picture is the lesson's own, the part of the view that the step is about, the curve, or the show of hands.
 */
import { Button, Title } from '@mantine/core';
import { useState } from 'react';
import { LESSONS } from '../../state/learn/lessons';
import type { Lesson, Seen, Step } from '../../state/learn/lessons/lesson';
import { nextClass, togglePresenting } from '../../state/learn/presenting';
import { spokenOf } from '../../state/learn/spoken';
import { showView, VIEW_NAMES } from '../../state/page/view';
import { Lack, Waiting } from './Lack';
import { leaveLesson } from './leaveLesson';
import { More } from './More';
import classes from './Presented.module.css';
import { PresentedStep } from './PresentedStep';
import type { Shown } from './shown';

interface Props extends Shown {
  /** Nothing is to be seen for a while. */
  readonly isDark: boolean;
  darken(dark: boolean): void;
  /** A part of the view is shown under the sentence. */
  readonly hasPicture: boolean;
  /** The show of hands has the screen for itself. */
  readonly asksAlone: boolean;
}

export function Presented(props: Props) {
  const { lesson, at, step, seen, isThere, heading, go, isDark, darken, hasPicture, asksAlone } = props;
  const last = lesson.steps.length;
  const [isAll, setAll] = useState(false);
  // Without a picture there is room for all that the step says.
  const isBare = step !== undefined && !hasPicture && !asksAlone;
  return (
    <aside
      className={classes.presented}
      aria-label={`Lesson: ${lesson.title}`}
      data-bare={isBare || undefined}
      data-hands={asksAlone || undefined}
    >
      <div className={classes.talk}>
        <Title order={1} ref={heading} tabIndex={-1} className={classes.title}>
          {step ? step.title : 'The score of the class'}
        </Title>
        {!isThere && (
          <Button size="xs" onClick={() => showView(lesson.view)}>
            Back to {VIEW_NAMES[lesson.view]}
          </Button>
        )}
        {step && (seen ? <Lack lesson={lesson} seen={seen} /> : <Waiting />)}
        {step && seen && !lesson.lack?.(seen) && (
          <Talk
            key={`${lesson.id} ${at}`}
            {...{ lesson, at, step, seen }}
            isAll={isAll || isBare}
            isBare={isBare}
          />
        )}
        {!step && <More lesson={lesson} />}
      </div>
      <div className={classes.controls}>
        <Button size="compact-xs" variant="default" disabled={at === 1} onClick={() => go(at - 1)}>
          Back
        </Button>
        <span className={classes.count}>
          {LESSONS.indexOf(lesson) + 1}. {lesson.title} · {step ? `${at} of ${last}` : 'score'}
        </span>
        {step ? (
          <Button size="compact-xs" variant="default" onClick={() => go(at + 1)}>
            {at === last ? 'Finish' : 'Next'}
          </Button>
        ) : (
          <>
            <Button size="compact-xs" variant="default" onClick={() => nextClass(lesson.id)}>
              Again, with another class
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => leaveLesson(lesson.id)}>
              All lessons
            </Button>
          </>
        )}
        <span className={classes.gap} />
        {step && !isBare && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-pressed={isAll}
            title="All that the step says, not only the one sentence"
            onClick={() => setAll(!isAll)}
          >
            All of the text
          </Button>
        )}
        {document.fullscreenEnabled && (
          <Button size="compact-xs" variant="subtle" onClick={() => void toggleFullScreen()}>
            Full screen
          </Button>
        )}
        <Button size="compact-xs" variant="subtle" title="A point or B" onClick={() => darken(true)}>
          Dark
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          title="Your own answers are there again; those of the class are forgotten"
          onClick={togglePresenting}
        >
          Stop presenting
        </Button>
      </div>
      {isDark && (
        <button type="button" className={classes.dark} onClick={() => darken(false)}>
          <span className="spoken">The screen is dark: press to go on</span>
        </button>
      )}
    </aside>
  );
}

async function toggleFullScreen(): Promise<void> {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen();
  } catch {
    // A browser may say no: the lesson goes on in its window.
  }
}

interface TalkProps {
  readonly lesson: Lesson;
  readonly at: number;
  readonly step: Step;
  readonly seen: Seen;
  readonly isAll: boolean;
  readonly isBare: boolean;
}

function Talk({ lesson, at, step, seen, isAll, isBare }: TalkProps) {
  const { line, lead, rest } = spokenOf(step, seen);
  const all = isAll && rest.length > 0 && (
    <div className={classes.rest}>
      {rest.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
  return (
    <>
      {lead && <p className={classes.lead}>{lead}</p>}
      <p className={classes.line}>{line}</p>
      {!isBare && all}
      <PresentedStep {...{ lesson, at, step, seen }} />
      {isBare && all}
    </>
  );
}

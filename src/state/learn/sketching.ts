/** The curve that is being drawn: on the board above the view, and judged in the panel beside it. */
import { create } from 'zustand';
import { FINETUNE_RULES } from '../drivers/session';
import { percent, points, shownChange, wholePercent } from '../words/format';
import { answer, forgetAnswer } from './lessonProgress';
import type { SketchQuestion } from './lessons/lesson';
import { blankSketch, fallAt, filled, missOf, type Sketch, sampled } from './sketch';

/** `of`: the lesson and step it is drawn in. */
export const useSketch = create<{ readonly of: string; readonly sketch: Sketch }>()(() => ({
  of: '',
  sketch: [],
}));

/** What is drawn there so far. */
export const sketchIn = (
  { of, sketch }: ReturnType<typeof useSketch.getState>,
  where: string,
  whole: number,
): Sketch => (of === where ? sketch : blankSketch(whole));

export const putSketch = (of: string, sketch: Sketch): void => useSketch.setState({ of, sketch });

export const forgetSketch = (): void => useSketch.setState({ of: '', sketch: [] });

/** So near the measured curve, on average, is a right answer. */
export const CLOSE = 0.05;

/** A curve is drawn at every 2.5 %, and ends where one neuron is left. */
const shareWords = (share: number): string => {
  if (share === 1) return 'all but one';
  return Number.isInteger(Number((100 * share).toFixed(6))) ? wholePercent(share) : percent(share);
};

const fallSentence = (drawn: number | null, measured: number | null): string => {
  const limit = points(FINETUNE_RULES.tolerance);
  const yours =
    drawn === null
      ? `Yours never loses more than ${limit}`
      : `Yours has lost more than ${limit} with ${shareWords(drawn)} gone`;
  const other =
    measured === null ? 'the measured one never does' : `the measured one with ${wholePercent(measured)}`;
  return `${yours}; ${other}.`;
};

/** Nothing drawn and nothing answered, as before. */
export function drawAgain(id: string, at: number): void {
  forgetSketch();
  forgetAnswer(id, at);
}

/** Keeps the drawn curve as the answer, beside the measured one. */
export function judgeSketch(
  id: string,
  at: number,
  { asks, measured, units }: SketchQuestion,
  sketch: Sketch,
): void {
  const by = filled(sketch);
  const own = sampled(measured, units);
  const { mean, most, mostAt } = missOf(by, own);
  const isClose = mean <= CLOSE;
  const chosen = `${points(mean)} off, on average`;
  const { tolerance } = FINETUNE_RULES;
  // By the neuron, as the next steps say it; not by the steps of a drawing.
  const cliff = measured.findIndex((value) => shownChange(value, measured[0]) > tolerance);
  answer(id, at, {
    asks,
    chosen,
    right: isClose ? chosen : `no more than ${points(CLOSE)}`,
    because: `At most it is ${points(most)} off, with ${shareWords(mostAt)} gone, where ${percent(own[Math.round(mostAt * (own.length - 1))])} were measured. ${fallSentence(fallAt(by, tolerance), cliff === -1 ? null : cliff / units)}`,
    drawn: { by, measured: own },
  });
}

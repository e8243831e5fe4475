/**
 * What a lesson is: plain data, whose every sentence, condition and right answer is computed from what the page holds.
 * Nothing here knows what ought to come out of an experiment.
 */
import type { Sheet } from '../../../lab/prune/neurons/sheet';
import type { NeighbourCheck } from '../../../lab/quantize/neighbours';
import type { Race } from '../../../lab/train/race';
import type { UprightCheck } from '../../../lab/train/upright';
import type { Setting } from '../../../worker/protocol/choices';
import type { Opened } from '../../../worker/protocol/results';
import type { BrokenState } from '../../drivers/broken';
import type { Measured } from '../../drivers/measured';
import type { MindsState } from '../../drivers/minds';
import type { Covers, Part } from '../../page/flags';
import type { View } from '../../page/view';
import type { Finetuning } from '../../prune/experiment';
import { curveOf, type Point, pointOf } from '../../prune/sheets';
import type { TileState } from '../../prune/tile';

/** What a lesson looks at: the stores, once networks are open. */
export interface Seen {
  readonly sheet: Sheet;
  readonly peer: Sheet | null;
  readonly opened: Opened;
  /** The setting let go of last, and its fine-tuning. */
  readonly settled: Setting;
  readonly tuned: Finetuning | undefined;
  /** The neuron pointed at; null before the first. */
  readonly unit: number | null;
  readonly tile: TileState;
  /** Of this network and setting. */
  readonly broken: BrokenState;
  /** Both networks tile by tile. */
  readonly compared: MindsState;
  /** Turns of the tile on the board, to the left; null before the first. */
  readonly turns: number | null;
  /** Of this network on this engine. */
  readonly race: Measured<Race>;
  /** Of this network. */
  readonly rounded: Measured<NeighbourCheck>;
  /** Of no network on the bench. */
  readonly upright: Measured<UprightCheck>;
}

/** Where on the page a step happens; `board` and `orbit`: a picture that the lesson brings along. */
export type Place = 'slider' | 'strip' | 'finetuning' | 'rotation' | 'tile' | 'orbit' | 'board';

/** Pictures that a lesson shows above the view (`app/learn/exhibits`). */
export type Exhibit =
  | 'sketch'
  | 'orbit'
  | 'turn'
  | 'turned'
  | 'cascade'
  | 'naming'
  | 'turning'
  | 'intervals'
  | 'ranges'
  | 'sets';

interface StepBase {
  readonly title: string;
  readonly at: Place;
  /** Parts of the page it is about; in front of a class nothing else is shown. */
  readonly parts: readonly Part[];
  /** What would give an answer away, of this step or of one to come; of a question only until it is answered. */
  readonly covers?: Covers;
  readonly exhibit?: Exhibit;
  readonly text: (seen: Seen) => readonly string[];
}

/** Something to do by oneself, and a button that does it. */
export interface Action {
  readonly label: string;
  run(seen: Seen): void;
  /** Still at it. */
  readonly busy?: (seen: Seen) => boolean;
}

export interface Task {
  readonly asks: (seen: Seen) => string;
  readonly isDone: (seen: Seen) => boolean;
  /** What came of it; only asked once it is done. */
  readonly said: (seen: Seen) => string;
  readonly action: Action;
  /** Why the action came to nothing; null where it did not. */
  readonly trouble?: (seen: Seen) => string | null;
}

export interface Question {
  readonly asks: string;
  readonly answers: readonly string[];
  /** Index of the right answer, and why; null until the page has measured it. */
  readonly found: { readonly right: number; readonly because: string } | null;
}

export interface ReadingStep extends StepBase {
  readonly kind: 'reading';
}

export interface TaskStep extends StepBase {
  readonly kind: 'task';
  readonly task: Task;
}

export interface QuestionStep extends StepBase {
  readonly kind: 'question';
  readonly question: (seen: Seen) => Question;
  /** What makes the page find the answer, where it does not find it by itself. */
  readonly action?: Action;
  readonly trouble?: (seen: Seen) => string | null;
}

/** A curve that is drawn before it is shown: accuracy by the share of neurons that are gone. */
export interface SketchQuestion {
  readonly asks: string;
  /** Accuracy with 0, 1, 2, … neurons gone. */
  readonly measured: readonly number[];
  readonly units: number;
}

export interface SketchStep extends StepBase {
  readonly kind: 'sketch';
  readonly exhibit: 'sketch';
  readonly question: (seen: Seen) => SketchQuestion;
}

export type Step = ReadingStep | TaskStep | QuestionStep | SketchStep;

export interface Lesson {
  readonly id: string;
  readonly title: string;
  /** What one knows afterwards, for the list. */
  readonly summary: string;
  readonly minutes: number;
  /** The view it drives. */
  readonly view: View;
  readonly steps: readonly Step[];
  /** Why the lesson has nothing to show on these networks; null where it has. */
  readonly lack?: (seen: Seen) => string | null;
  /** Where to go on, of the views that there are. */
  readonly more: readonly { readonly view: string; readonly words: string }[];
}

/** A network of the page with the chosen method and some neurons removed; of another width, the same share. */
export function pointAt({ sheet, settled }: Seen, net: Sheet, removed = settled.removed): Point {
  const curve = curveOf(net, settled.method, settled.compensation);
  return pointOf(net, curve, Math.round((removed / sheet.units) * net.units));
}

/** The most answers offered. */
const MOST = 4;

/**
 * A number among others, by size, so that its place says nothing. Of the others the first few that read differently
 * are taken.
 */
export function among(
  right: number,
  others: readonly number[],
  write: (value: number) => string,
): { readonly answers: readonly string[]; readonly right: number } {
  const chosen = new Map([[write(right), right]]);
  for (const other of others) {
    if (chosen.size < MOST && Number.isFinite(other) && !chosen.has(write(other)))
      chosen.set(write(other), other);
  }
  const answers = [...chosen].sort(([, a], [, b]) => a - b).map(([text]) => text);
  return { answers, right: answers.indexOf(write(right)) };
}

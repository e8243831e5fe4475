/** What is said of a step to a class: one sentence that is read from the last row, and what belongs to it. */
import type { Seen, Step } from './lessons/lesson';

export interface Spoken {
  /** The one sentence. */
  readonly line: string;
  /** What comes before a question; empty where nothing does. */
  readonly lead: string;
  /** All else that the step says, for who wants it. */
  readonly rest: readonly string[];
}

/** Sentences of a paragraph: they end with a sign and begin with a capital letter, a figure or a bracket. */
export const sentencesOf = (paragraph: string): string[] =>
  paragraph.split(/(?<=[.?!…]”?)\s+(?=[\p{Lu}\d“(])/u);

/** What a step asks; null of one to be read. */
function askedIn(step: Step, seen: Seen): string | null {
  if (step.kind === 'reading') return null;
  return step.kind === 'task' ? step.task.asks(seen) : step.question(seen).asks;
}

export function spokenOf(step: Step, seen: Seen): Spoken {
  const text = step.text(seen);
  const asked = askedIn(step, seen);
  if (asked === null) {
    const [line = '', ...others] = text.flatMap(sentencesOf);
    return { line, lead: '', rest: others };
  }
  const sentences = sentencesOf(asked);
  const at = sentences.findIndex((sentence) => sentence.endsWith('?'));
  if (at < 0) return { line: asked, lead: '', rest: text };
  return { line: sentences[at], lead: sentences.slice(0, at).join(' '), rest: text };
}

/**
 * In front of a class the keys of the keyboard and of a presenter's clicker step, whatever has the focus: arrows, Page Up
 * and Page Down, Space; a point or B makes the screen dark, as in programs for slides. With Shift they are the control's
 * that has the focus, so that all of the page stays in reach.
 */
import { useEffect } from 'react';

const FORWARD: ReadonlySet<string> = new Set(['ArrowRight', 'ArrowDown', 'PageDown', ' ']);
const BACKWARD: ReadonlySet<string> = new Set(['ArrowLeft', 'ArrowUp', 'PageUp']);
const BLANK: ReadonlySet<string> = new Set(['.', 'b', 'B']);

type Press = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>;

/** What is written into: words, where a space is a space; a count, which arrows make larger and smaller. */
export type Field = 'words' | 'count' | null;

/** 1: a step forward, −1: one back, 0: none of these keys. */
export function wayOf({ key, shiftKey, altKey, ctrlKey, metaKey }: Press, field: Field): -1 | 0 | 1 {
  if (shiftKey || altKey || ctrlKey || metaKey) return 0;
  if (field === 'words' && key === ' ') return 0;
  if (field === 'count' && (key === 'ArrowUp' || key === 'ArrowDown')) return 0;
  return FORWARD.has(key) ? 1 : BACKWARD.has(key) ? -1 : 0;
}

/** Whether the key makes the screen dark, and bright again. */
export const isBlank = ({ key, altKey, ctrlKey, metaKey }: Press, field: Field): boolean =>
  field !== 'words' && !altKey && !ctrlKey && !metaKey && BLANK.has(key);

const COUNT = 'input[type=number]';
const WORDS = `textarea, [contenteditable], input:not([type=radio], [type=checkbox], [type=range], ${COUNT})`;

function fieldOf({ target }: Event): Field {
  const element = target as Element;
  if (element.matches?.(COUNT)) return 'count';
  return element.matches?.(WORDS) ? 'words' : null;
}

/** `isDark`: any of these keys makes it bright again, and does no more. */
interface Keys {
  readonly on: boolean;
  readonly at: number;
  readonly isDark: boolean;
  go(to: number): void;
  darken(dark: boolean): void;
}

export function useStepKeys({ on, at, isDark, go, darken }: Keys): void {
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      const field = fieldOf(event);
      const way = wayOf(event, field);
      const blanks = isBlank(event, field);
      if (way === 0 && !blanks) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      // A key that is held down is one step.
      if (event.repeat) return;
      if (blanks || isDark) darken(!isDark);
      else go(at + way);
    };
    // A button is pressed when Space comes up.
    const release = (event: KeyboardEvent) => {
      if (wayOf(event, fieldOf(event)) !== 0) event.preventDefault();
    };
    // Before any control on the page.
    addEventListener('keydown', press, true);
    addEventListener('keyup', release, true);
    return () => {
      removeEventListener('keydown', press, true);
      removeEventListener('keyup', release, true);
    };
  });
}

/**
 * In front of a class the keys of the keyboard and of a presenter's clicker step, whatever has the focus: arrows, Page Up
 * and Page Down, Space. With Shift they are the control's that has the focus, so that all of the page stays in reach.
 */
import { useEffect } from 'react';

const FORWARD: ReadonlySet<string> = new Set(['ArrowRight', 'ArrowDown', 'PageDown', ' ']);
const BACKWARD: ReadonlySet<string> = new Set(['ArrowLeft', 'ArrowUp', 'PageUp']);

type Press = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>;

/** 1: a step forward, −1: one back, 0: none of these keys. writes: into a field of text, where a space is a space. */
export function wayOf({ key, shiftKey, altKey, ctrlKey, metaKey }: Press, writes: boolean): -1 | 0 | 1 {
  if (shiftKey || altKey || ctrlKey || metaKey || (writes && key === ' ')) return 0;
  return FORWARD.has(key) ? 1 : BACKWARD.has(key) ? -1 : 0;
}

const WRITTEN =
  'textarea, [contenteditable], input:not([type=radio], [type=checkbox], [type=range], [type=number])';

export function useStepKeys(on: boolean, go: (to: number) => void, at: number): void {
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      const way = wayOf(event, (event.target as Element).matches?.(WRITTEN) ?? false);
      if (way === 0) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      // A key that is held down is one step.
      if (!event.repeat) go(at + way);
    };
    // A button is pressed when Space comes up.
    const release = (event: KeyboardEvent) => {
      if (wayOf(event, (event.target as Element).matches?.(WRITTEN) ?? false) !== 0) event.preventDefault();
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

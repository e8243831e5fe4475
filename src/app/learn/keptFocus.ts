/**
 * A button that is gone when it was pressed, or cannot be pressed while something is computed, takes the focus with it. Who
 * walks by keyboard would begin the page anew: the box that it stood in takes the focus.
 */
import { type FocusEvent, useLayoutEffect, useRef } from 'react';

/** What such a box is given; `useKeptFocus` is called where what is in the box changes. */
export function useKeptFocus() {
  const box = useRef<HTMLDivElement>(null);
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    const { activeElement, body } = document;
    if (hadFocus.current && (activeElement === null || activeElement === body))
      box.current?.focus({ preventScroll: true });
  });
  return {
    ref: box,
    tabIndex: -1,
    onFocus: () => {
      hadFocus.current = true;
    },
    onBlur: ({ target }: FocusEvent<HTMLElement>) => {
      // Of a button that is switched off the browser says so too; nobody went anywhere.
      if (!(target instanceof HTMLButtonElement && target.disabled)) hadFocus.current = false;
    },
  };
}

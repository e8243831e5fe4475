/** What is wider than the page and scrolls by itself: reachable by keyboard. */
import type { ReactNode } from 'react';
import classes from './Scrolling.module.css';

export function Scrolling({ children, label }: { children: ReactNode; label: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: no fieldset, and no landmark either: there are many of them.
    <div
      className={classes.scrolling}
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
    >
      {children}
    </div>
  );
}

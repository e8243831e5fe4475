/** How large the page's letters are, for what is drawn to measure: larger on a projector and in front of a class. */
import { useSyncExternalStore } from 'react';

/** Pixels of a rem; drawn anew when it changes, at that moment and not with the next change of width. */
export const useLetterSize = (): number => useSyncExternalStore(follow, letterSize);

const letterSize = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** The root says how large they are by an attribute; a reader's own setting comes with a resize at most. */
function follow(tell: () => void): () => void {
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributeFilter: ['data-size', 'style', 'class'] });
  addEventListener('resize', tell);
  return () => {
    observer.disconnect();
    removeEventListener('resize', tell);
  };
}

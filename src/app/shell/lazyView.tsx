/**
 * Parts of the page whose scripts are loaded when they are first shown, and can be tried again where that failed: React's
 * `lazy` remembers a failure for ever, and so does what loads a script's styles.
 */
import { type ComponentType, createElement, type LazyExoticComponent, lazy, useState } from 'react';

type Load = () => Promise<{ default: ComponentType }>;

/** A part that is loaded when it is first drawn. Drawn anew after a failure, it is loaded anew. */
export function lazyView(load: Load): ComponentType {
  const attempt = (isFirst: boolean): LazyExoticComponent<ComponentType> =>
    lazy(async () => {
      try {
        if (!isFirst) await mendStyles();
        return await load();
      } catch (error) {
        current = attempt(false);
        throw error;
      }
    });
  let current = attempt(true);
  return function LazyView() {
    const [own] = useState(() => current);
    return createElement(own);
  };
}

/** Style sheets that could not be loaded. That one is there says nothing: a browser may put an empty one in its place. */
const broken = new Set<HTMLLinkElement>();
document.addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') broken.add(target);
  },
  true,
);

/** Loads every style sheet again that could not be loaded; rejects where one still cannot be. */
const mendStyles = async (): Promise<void> => void (await Promise.all([...broken].map(loadAgain)));

function loadAgain(failed: HTMLLinkElement): Promise<void> {
  return new Promise((resolve, reject) => {
    broken.delete(failed);
    const link = failed.cloneNode() as HTMLLinkElement;
    link.onload = () => resolve();
    link.onerror = () => reject(new Error(`The style sheet ${link.href} could not be loaded.`));
    failed.replaceWith(link);
  });
}

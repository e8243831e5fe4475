/**
 * Parts of the page whose scripts are loaded when they are first shown, and can be tried again where that failed: React's
 * `lazy` remembers a failure for ever, and so does what loads a script's styles.
 */
import { type ComponentType, createElement, type LazyExoticComponent, lazy, useState } from 'react';

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

/** React itself draws once more what failed, again and again: so often in a row is it loaded by that, and then not. */
const BY_ITSELF = 2;

let asked = 0;

/** What could not be loaded may be tried again: a person asks for it, or has been elsewhere. */
export const tryAgain = (): void => void asked++;

/** A part that is loaded when it is first drawn. Drawn anew after a failure, it is loaded anew. */
export function lazyView<Props extends object>(load: Load<Props>): ComponentType<Props> {
  let failures = 0;
  let failedAt = 0;
  /** The style sheets that were in its way. */
  const own = new Set<string>();
  const attempt = (isFirst: boolean): LazyExoticComponent<ComponentType<Props>> =>
    lazy(async () => {
      const before = brokenNow();
      try {
        if (!isFirst) await mendStyles(own);
        return await load();
      } catch (error) {
        for (const href of brokenNow()) if (!before.has(href)) own.add(href);
        failedAt = asked;
        if (++failures < BY_ITSELF) current = attempt(false);
        throw error;
      }
    });
  let current = attempt(true);
  return function LazyView(props: Props) {
    const [own] = useState(() => {
      if (failures >= BY_ITSELF && failedAt !== asked) {
        failures = 0;
        current = attempt(false);
      }
      return current;
    });
    return createElement(own as ComponentType<Props>, props);
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

const brokenNow = (): Set<string> => new Set([...broken].map(({ href }) => href));

/** Loads every style sheet again that could not be loaded; rejects where one of those needed still cannot be. */
async function mendStyles(needed: ReadonlySet<string>): Promise<void> {
  await Promise.all(
    [...broken].map((link) =>
      loadAgain(link).catch((error: unknown) => {
        if (needed.has(link.href)) throw error;
      }),
    ),
  );
}

function loadAgain(failed: HTMLLinkElement): Promise<void> {
  return new Promise((resolve, reject) => {
    broken.delete(failed);
    const link = failed.cloneNode() as HTMLLinkElement;
    link.onload = () => resolve();
    link.onerror = () => reject(new Error(`The style sheet ${link.href} could not be loaded.`));
    failed.replaceWith(link);
  });
}

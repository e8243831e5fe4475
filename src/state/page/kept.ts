/** Small wishes and notes remembered in this browser, as JSON; they are no part of the link. */

/** For good, or for as long as the tab is open, reloads included. */
export type Lifetime = 'localStorage' | 'sessionStorage';

/** What was kept under a key, or undefined where nothing was, or it cannot be read. */
export function recall(key: string, where: Lifetime = 'localStorage'): unknown {
  try {
    return JSON.parse(globalThis[where].getItem(key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a value; where storage is blocked or full it lasts as long as the page. */
export function keep(key: string, value: unknown, where: Lifetime = 'localStorage'): void {
  try {
    globalThis[where].setItem(key, JSON.stringify(value));
  } catch {
    // Nothing depends on it.
  }
}

/**
 * A browser as this suite uses it, whichever it is and however it is driven: tabs that go to addresses, run functions and
 * are touched by pointer and keys. What goes into a page's function and comes out of it is JSON.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A gesture, step by step: the pointer goes somewhere, is pressed or let go of; or a key is. */
export type Gesture =
  | { readonly to: Point }
  | { readonly pointer: 'down' | 'up' }
  | { readonly key: keyof typeof KEYS };

export interface Tab {
  go(address: string): Promise<void>;
  reload(): Promise<void>;
  evaluate<A extends readonly unknown[], R>(f: (...args: A) => R | Promise<R>, ...args: A): Promise<R>;
  perform(gestures: readonly Gesture[]): Promise<void>;
  close(): Promise<void>;
}

export interface Browser {
  /** The process whose children are the browser's. */
  readonly pid: number | undefined;
  open(): Promise<Tab>;
  /** What its pages printed as errors, and errors that nobody caught; null where it cannot tell. */
  readonly troubles: readonly string[] | null;
  close(): Promise<void>;
}

export interface Engine {
  /** Why it cannot be tested here, as a sentence; null where it can. */
  readonly missing: string | null;
  /** The names of the operating system's threads that are workers, as Linux cuts them: 15 letters. */
  readonly workerThreads: string;
  /** `withoutSharing`: as a browser that has no memory to share between threads, where that can be had. */
  start(options?: { readonly withoutSharing?: boolean }): Promise<Browser>;
}

/** Keys by their names in a page, and as WebDriver writes them. */
export const KEYS = { ArrowRight: '\uE014', PageUp: '\uE00E', End: '\uE010', Tab: '\uE004' } as const;

/** The body of a function that runs `f` in a page on arguments written as JSON, and answers in JSON. */
export const inPage = (f: (...args: never[]) => unknown): string =>
  `async (text) => JSON.stringify((await (${f})(...JSON.parse(text))) ?? null)`;

/** Gestures as WebDriver's actions, which Firefox and WebKit are both told. */
export function actionsOf(gestures: readonly Gesture[]): object[] {
  const pointer: object[] = [];
  const keys: object[] = [];
  const pause = { type: 'pause' };
  for (const each of gestures) {
    const isKey = 'key' in each;
    if ('to' in each) {
      const { x, y } = each.to;
      pointer.push({ type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 });
    } else if ('pointer' in each)
      pointer.push({ type: each.pointer === 'down' ? 'pointerDown' : 'pointerUp', button: 0 });
    else {
      for (const type of ['keyDown', 'keyUp']) keys.push({ type, value: KEYS[each.key] });
      pointer.push(pause, pause);
    }
    if (!isKey) keys.push(pause);
  }
  return [
    { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: pointer },
    { type: 'key', id: 'keyboard', actions: keys },
  ];
}

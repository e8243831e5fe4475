/** The page's address in a browser as strict as Safari, whose history takes 100 changes in 30 seconds. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** A browser's bar and history, as far as the page uses them. */
function strictBrowser() {
  const entries = ['/lab/'];
  let at = 0;
  let times: number[] = [];
  const listeners = new Map<string, () => void>();
  const location = { origin: 'http://here', pathname: '/lab/', search: '', hash: '' };
  const go = (to: number) => {
    at = to;
    const url = new URL(entries[at], location.origin);
    Object.assign(location, { pathname: url.pathname, search: url.search, hash: url.hash });
  };
  const browser = { location, entries, refuses: false, writes: 0, listeners };
  const change = (set: (address: string) => void) => (_state: unknown, _title: string, address: string) => {
    const now = performance.now();
    times = times.filter((time) => now - time < 30_000);
    if (browser.refuses || times.length >= 100) throw new DOMException('too often', 'SecurityError');
    times.push(now);
    browser.writes++;
    set(address);
  };
  const history = {
    replaceState: change((address) => {
      entries[at] = address;
      go(at);
    }),
    pushState: change((address) => {
      entries.splice(at + 1, Number.POSITIVE_INFINITY, address);
      go(at + 1);
    }),
  };
  const back = () => {
    go(at - 1);
    listeners.get('popstate')!();
  };
  const forward = () => {
    go(at + 1);
    listeners.get('popstate')!();
  };
  const listen = (type: string, listener: () => void) => listeners.set(type, listener);
  vi.stubGlobal('location', location);
  vi.stubGlobal('history', history);
  vi.stubGlobal('addEventListener', listen);
  vi.stubGlobal('document', { addEventListener: listen, visibilityState: 'hidden' });
  return { ...browser, browser, back, forward, leave: (type = 'pagehide') => listeners.get(type)!() };
}

/** A page that has just been loaded in such a browser. */
async function freshPage() {
  vi.resetModules();
  const page = strictBrowser();
  const address = await import('./address');
  const { useTurning } = await import('../rotate/turning');
  const { usePlan } = await import('../train/plan');
  const { useView } = await import('../page/view');
  address.followAddress(() => {});
  return { ...page, ...address, useTurning, usePlan, useView };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  // Other suites share this process: none is to find a page that awaits something.
  vi.resetModules();
});

test('a minute of turning leaves no listener untold, stays within what Safari allows, and ends with the last angle', async () => {
  const { useTurning, browser, location } = await freshPage();
  const told: number[] = [];
  useTurning.subscribe(({ angle }) => told.push(angle));
  for (let i = 1; i <= 3600; i++) {
    useTurning.setState({ angle: i % 360 });
    vi.advanceTimersByTime(1000 / 60);
  }
  useTurning.setState({ angle: 123 });
  expect(told).toHaveLength(3601);
  vi.advanceTimersByTime(400);
  expect(location.hash).toContain('rotate.angle=123');
  expect(browser.writes).toBeGreaterThan(100);
  expect(browser.writes).toBeLessThanOrEqual(152);
});

test('a history that refuses disturbs nobody, and is written when it allows', async () => {
  const { useTurning, useView, browser, location, entries } = await freshPage();
  browser.refuses = true;
  const told: unknown[] = [];
  useTurning.subscribe((state) => told.push(state));
  useView.subscribe((state) => told.push(state));
  useTurning.setState({ angle: 10 });
  vi.advanceTimersByTime(2000);
  useView.setState({ view: 'rotate' });
  useTurning.setState({ angle: 20 });
  expect(told).toHaveLength(3);
  expect(entries).toEqual(['/lab/']);
  vi.advanceTimersByTime(20_000);
  browser.refuses = false;
  vi.advanceTimersByTime(30_000);
  expect(location.hash).toContain('rotate.angle=20');
  // The step between the views is one of its own all the same.
  expect(entries).toHaveLength(2);
});

test('a history that always refuses is asked less and less, and not for ever', async () => {
  const { useTurning, browser } = await freshPage();
  browser.refuses = true;
  useTurning.setState({ angle: 10 });
  vi.advanceTimersByTime(600_000);
  expect(vi.getTimerCount()).toBe(0);
  browser.refuses = false;
  useTurning.setState({ angle: 11 });
  vi.advanceTimersByTime(1000);
  expect(browser.writes).toBe(1);
});

test('what is not written yet is written before a step, on leaving, and for who asks', async () => {
  const { useTurning, useView, entries, leave, location, addressHere } = await freshPage();
  const turn = (angle: number) => {
    useTurning.setState({ angle });
    useTurning.setState({ angle: angle + 1 });
  };
  useView.setState({ view: 'rotate' });
  turn(10);
  useView.setState({ view: 'data' });
  expect(entries.map((entry) => /angle=(\d+)/.exec(entry)?.[1])).toEqual([undefined, '11', '11']);
  expect(entries.map((entry) => /view=(\w+)/.exec(entry)?.[1])).toEqual([undefined, 'rotate', 'data']);
  for (const [i, type] of ['pagehide', 'beforeunload', 'visibilitychange'].entries()) {
    turn(20 + i);
    leave(type);
    expect(location.hash, type).toContain(`angle=${21 + i}`);
  }
  turn(40);
  expect(addressHere()).toContain('angle=41');
  expect(location.hash).toContain('angle=41');
  expect(vi.getTimerCount()).toBe(0);
});

test('going back among views adds no entry where something was changed meanwhile: forward still leads forward', async () => {
  const { useView, usePlan, entries, back, forward, location } = await freshPage();
  useView.setState({ view: 'train' });
  usePlan.setState(({ plan }) => ({ plan: { ...plan, epochs: 7 } }));
  vi.advanceTimersByTime(1000);
  back();
  vi.advanceTimersByTime(1000);
  expect(useView.getState().view).toBe('prune');
  expect(entries).toHaveLength(2);
  forward();
  vi.advanceTimersByTime(1000);
  expect(useView.getState().view).toBe('train');
  expect(usePlan.getState().plan.epochs).toBe(7);
  expect(location.hash).toContain('train.epochs=7');
});

test('a reset is a step of its own, also where the history refuses', async () => {
  const { useTurning, resetAddress, entries, browser, back } = await freshPage();
  useTurning.setState({ angle: 30 });
  resetAddress();
  expect(useTurning.getState().angle).toBe(0);
  expect(entries[0]).toContain('angle=30');
  expect(entries).toHaveLength(2);
  back();
  expect(useTurning.getState().angle).toBe(30);
  browser.refuses = true;
  resetAddress();
  expect(useTurning.getState().angle).toBe(0);
});

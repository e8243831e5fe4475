/** The page's address in a browser as strict as Safari, whose history takes 100 changes in 30 seconds. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cases } from '../../lab/testing/properties';
import { VIEWS } from '../page/view';

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
  const { useView, showView } = await import('../page/view');
  const { useLab } = await import('../page/lab');
  const { useLesson } = await import('../page/lesson');
  const { toggleHidden } = await import('../page/flags');
  const { changeWay, useExperiment } = await import('../prune/experiment');
  const others: unknown[] = [];
  address.followAddress((place) => {
    others.push(place);
    useLab.setState({ subject: place.subject, seed: place.seed });
  });
  const stores = { useTurning, usePlan, useView, showView, useLab, useLesson, toggleHidden };
  const flipUnit = () => changeWay({ unit: useExperiment.getState().way.unit === 'mlp' ? 'heads' : 'mlp' });
  return { ...page, ...address, ...stores, flipUnit, others };
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

const CHANGES = ['turn', 'epochs', 'lesson', 'prune', 'hide', 'wait'] as const;

test('any walk of views, then Back as often, comes to the same addresses in reverse, and Forward leads there again', async () => {
  const step = fc.record({
    view: fc.constantFrom(...VIEWS),
    changes: fc.array(fc.constantFrom(...CHANGES), { maxLength: 3 }),
  });
  const walks = fc.array(step, { minLength: 2, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(walks, fc.boolean(), async (walk, openedEarly) => {
      const { entries, location, back, forward, ...page } = await freshPage();
      const { useTurning, usePlan, useView, useLab, useLesson } = page;
      const hasWays = walk.some(({ changes }) => changes.includes('prune'));
      const opened = () => useLab.setState({ subject: { kind: 'pair', id: 'tiny' } });
      if (openedEarly) opened();
      let n = 0;
      const change = (what: (typeof CHANGES)[number]) => {
        n++;
        if (what === 'turn') useTurning.setState({ angle: n % 360 });
        if (what === 'epochs') usePlan.setState(({ plan }) => ({ plan: { ...plan, epochs: 1 + n } }));
        if (what === 'lesson')
          useLesson.setState(({ open }) => ({
            open: open ? null : { id: 'mind', step: n, presenting: false },
          }));
        if (what === 'prune') page.flipUnit();
        if (what === 'hide') page.toggleHidden('tile');
        if (what === 'wait') vi.advanceTimersByTime(700);
      };
      // As the page does when it begins; an entry from before it was known which networks open comes to name them.
      useLab.setState({ progress: null });
      const trail = () => (location.search + location.hash).replace('&model=tiny', '');
      const seen: { view: string; address: string }[] = [];
      const stay = () => {
        vi.advanceTimersByTime(700);
        seen.push({ view: useView.getState().view, address: trail() });
      };
      for (const [at, { view, changes }] of walk.entries()) {
        changes.forEach(change);
        if (at === 1 && !openedEarly) opened();
        if (view === useView.getState().view) continue;
        stay();
        page.showView(view);
      }
      stay();
      const length = entries.length;
      for (const { view, address } of seen.slice(0, -1).reverse()) {
        back();
        vi.advanceTimersByTime(700);
        expect([useView.getState().view, trail()]).toEqual([view, address]);
      }
      for (const { view, address } of seen.slice(1)) {
        forward();
        vi.advanceTimersByTime(700);
        expect([useView.getState().view, trail()]).toEqual([view, address]);
      }
      expect(entries).toHaveLength(length);
      // Nothing is opened again that is open.
      expect(page.others.length).toBeLessThanOrEqual(hasWays ? Number.POSITIVE_INFINITY : 0);
      vi.advanceTimersByTime(60_000);
    }),
    { numRuns: cases(40) },
  );
});

import { afterEach, expect, test, vi } from 'vitest';
import { CRITERION_IDS } from '../../lab/prune/criteria';
import { memoryStorage } from '../testing/storage';
import { CURVES, type CurveName, curveKey, isShown, shownCurves } from './curves';

const chosen: CurveName = { method: 'l2', compensation: 'none' };
const mean: CurveName = { method: 'variance', compensation: 'mean' };

/** The store as a fresh page finds it, over a given storage. */
async function onPage(storage: Pick<Storage, 'getItem' | 'setItem'>) {
  vi.resetModules();
  vi.stubGlobal('localStorage', storage);
  return import('./curves');
}

afterEach(() => vi.unstubAllGlobals());

test('shows by itself all methods with the chosen compensation', () => {
  const shown = CURVES.filter((curve) => isShown({}, chosen, curve));
  expect(shown.map(curveKey)).toEqual(CRITERION_IDS.map((method) => `${method} none`));
});

test('remembers what is shown and hidden across pages, and never hides the chosen curve', async () => {
  const kept = memoryStorage();
  const first = await onPage(kept);
  first.toggleCurve(chosen, mean);
  first.toggleCurve(chosen, { method: 'random', compensation: 'none' });
  const { wishes } = (await onPage(kept)).useCurves.getState();
  expect(CURVES.filter((curve) => isShown(wishes, chosen, curve)).map(curveKey)).toEqual([
    'l2 none',
    'variance none',
    'variance mean',
    'taylor none',
    'geometric-median none',
    'l1 none',
  ]);
  expect(isShown({ 'l2 none': false }, chosen, chosen)).toBe(true);
  const again = await onPage(kept);
  again.forgetCurves();
  expect((await onPage(kept)).useCurves.getState().wishes).toEqual({});
});

test('does without storage that throws or holds nonsense', async () => {
  const blocked = () => {
    throw new DOMException('blocked', 'SecurityError');
  };
  const page = await onPage({ getItem: blocked, setItem: blocked });
  page.toggleCurve(chosen, mean);
  expect(isShown(page.useCurves.getState().wishes, chosen, mean)).toBe(true);
  for (const text of ['{', 'null', '7', '{"l2 none":"yes"}']) {
    const other = await onPage({ getItem: () => text, setItem: () => {} });
    expect(other.useCurves.getState().wishes).toEqual({});
  }
});

test('leaves out what a teacher hides', () => {
  const wishes = { 'l2 mean': true, 'variance mean': true };
  const keys = (methods: boolean, compensation: boolean) =>
    shownCurves(wishes, chosen, { methods, compensation }).map(curveKey);
  expect(keys(false, false).length).toBe(CRITERION_IDS.length + 2);
  expect(keys(true, false)).toEqual(['l2 none', 'l2 mean']);
  expect(keys(false, true)).toEqual(CRITERION_IDS.map((method) => `${method} none`));
  expect(keys(true, true)).toEqual(['l2 none']);
});

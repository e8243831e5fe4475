import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useLab } from '../page/lab';
import { useOpening } from '../page/opening';
import { followOpening, LONG } from './standing';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const progress = (what: string, done: number) => useLab.setState({ progress: { what, done, total: 9 } });
const told = () => useOpening.getState().steps.map(({ what }) => what);

test('an opening tells its steps, and where it stands still; the next one begins anew', () => {
  followOpening();
  vi.advanceTimersByTime(LONG - 1);
  expect(useOpening.getState().stands).toBe(false);
  vi.advanceTimersByTime(1);
  expect(useOpening.getState().stands).toBe(true);
  progress('painting', 1);
  expect(useOpening.getState().stands).toBe(false);
  // What moves does not stand, however long it takes.
  for (let done = 2; done < 9; done++) {
    vi.advanceTimersByTime(LONG - 1);
    progress('painting', done);
  }
  expect(useOpening.getState().stands).toBe(false);
  useLab.setState({ status: 'alive' });
  progress('painting the rest', 1);
  vi.advanceTimersByTime(10 * LONG);
  expect(useOpening.getState()).toMatchObject({ stands: false });
  expect(told()).toEqual(['waiting for the worker', 'painting', 'alive']);
  useLab.setState({ status: 'ready', progress: null });
  useLab.setState({ status: 'opening' });
  expect(told()).toEqual(['waiting for the worker']);
  useLab.setState({ status: 'failed' });
  expect(told()).toEqual(['waiting for the worker', 'failed']);
});

/** What the setting becomes when a sheet arrives: where its slider stops, and on a curve that is there. */
import { expect, test } from 'vitest';
import { handSheet } from '../../lab/testing/sheets';
import { beginWith, DEFAULT_SETTING, useExperiment } from '../prune/experiment';
import { useSheets } from '../prune/sheets';
import { fitRatio } from './address';

test('of a sheet with few stops and one curve the nearest stop of that curve is shown', () => {
  const { sheet } = handSheet([0.1, Number.NaN, 0.7, Number.NaN, 0.9]);
  useSheets.setState({ main: { ...sheet, unit: 'mlp', stops: Uint32Array.of(0, 2) } });
  beginWith({ ...DEFAULT_SETTING, method: 'taylor', compensation: 'ridge', removed: 3 });
  fitRatio();
  const { setting, settled } = useExperiment.getState();
  expect(setting).toEqual({ ...DEFAULT_SETTING, method: 'l2', compensation: 'none', removed: 2 });
  expect(settled).toEqual(setting);
  fitRatio();
  expect(useExperiment.getState().setting).toBe(setting);
});

import { expect, test } from 'vitest';
import { DEFAULT_SETTING } from './experiment';
import { flagsFrom, hashOf, settingFrom } from './link';

test('a setting survives the address bar', () => {
  const setting = { method: 'variance', compensation: 'mean', removed: 77, scope: 'output' } as const;
  expect(settingFrom(hashOf(setting))).toEqual(setting);
});

test('what is missing or misspelt takes its default', () => {
  expect(settingFrom('')).toEqual(DEFAULT_SETTING);
  expect(settingFrom('#method=magic&removed=-3&scope=output')).toEqual({
    ...DEFAULT_SETTING,
    scope: 'output',
  });
});

test('flags', () => {
  expect(flagsFrom('?pair=tiny&backend=webgpu')).toEqual({ pair: 'tiny', backend: 'webgpu' });
  expect(flagsFrom('?backend=abacus')).toEqual({ pair: null, backend: 'auto' });
});

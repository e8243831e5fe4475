import { beforeEach, expect, test, vi } from 'vitest';
import type { Subject } from '../../worker/protocol/choices';
import { firstEngine, type Measurement, remember, rememberedOf } from './engine';
import { keep } from './kept';

const pair: Subject = { kind: 'pair', id: 'tiny' };
const other: Subject = { kind: 'pair', id: 'other' };
const measured = (webgpu: number, changes: Partial<Measurement> = {}): Measurement => ({
  ...{ shape: 'a', design: 'tiny', adapter: 'card', code: '1', subject: JSON.stringify(pair) },
  paces: { wasm: { rate: 100, adapter: 'the CPU' }, webgpu: { rate: webgpu, adapter: 'card' } },
  ...changes,
});

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});

test('a measurement is known again by shape, adapter and version', () => {
  remember(measured(500));
  expect(rememberedOf({ shape: 'a', adapter: 'card', code: '1' })).toEqual(measured(500));
  expect(rememberedOf({ shape: 'b', adapter: 'card', code: '1' })).toBeUndefined();
  expect(rememberedOf({ shape: 'a', adapter: 'another', code: '1' })).toBeUndefined();
  expect(rememberedOf({ shape: 'a', adapter: 'card', code: '2' })).toBeUndefined();
});

test('a newer one takes the place of the older, and the oldest goes', () => {
  remember(measured(500));
  remember(measured(3));
  expect(rememberedOf({ shape: 'a', adapter: 'card', code: '1' })).toEqual(measured(3));
  for (let i = 0; i < 16; i++) remember(measured(i + 1, { shape: `${i}` }));
  expect(rememberedOf({ shape: 'a', adapter: 'card', code: '1' })).toBeUndefined();
  expect(rememberedOf({ shape: '0', adapter: 'card', code: '1' })).toBeDefined();
});

test('“Automatic” begins with what won for these networks, else with WASM', () => {
  expect(firstEngine(pair, '1')).toEqual({ engine: 'wasm', adapter: null });
  remember(measured(500));
  expect(firstEngine(pair, '1')).toEqual({ engine: 'webgpu', adapter: 'card' });
  expect(firstEngine(other, '1')).toEqual({ engine: 'wasm', adapter: null });
  expect(firstEngine(pair, '2')).toEqual({ engine: 'wasm', adapter: null });
  remember(measured(3));
  expect(firstEngine(pair, '1')).toEqual({ engine: 'wasm', adapter: 'card' });
});

test('what lies there and is no measurement is ignored', () => {
  for (const broken of ['x', 3, [null], [{}], [{ ...measured(1), paces: {} }], [measured(-1)]]) {
    keep('orbit-lab engines', broken);
    expect(firstEngine(pair, '1')).toEqual({ engine: 'wasm', adapter: null });
  }
});

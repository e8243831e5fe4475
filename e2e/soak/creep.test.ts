import fc from 'fast-check';
import { expect, test } from 'vitest';
import { creepOf, type Reading } from './creep';
import type { Figures } from './figures';

const STILL: Figures = {
  ...{ heap: 25e6, workerHeap: 17e6, wasm: 80e6, workers: 7, nodes: 2100, renderer: 380e6, database: 30e6 },
};

/** Readings once a minute; `figures` says what is another one than in a page at rest. */
const soak = (minutes: number, figures: (minute: number) => Partial<Figures> = () => ({})): Reading[] =>
  Array.from({ length: minutes + 1 }, (_, minute) => ({
    ...{ minutes: minute, cycles: 3 * minute, figures: { ...STILL, ...figures(minute) } },
  }));

const creeping = (readings: readonly Reading[]) =>
  creepOf(readings)!.flatMap(({ name, isCreep }) => (isCreep ? [name] : []));

test('a soak of less than six readings after its first ten minutes says nothing', () => {
  expect(creepOf(soak(14))).toBeNull();
  expect(creepOf(soak(15))).toHaveLength(7);
});

test('what grows by more than a twentieth creeps, and nothing else does', () => {
  const names = Object.keys(STILL) as (keyof Figures)[];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.double({ min: 0, max: 1, noNaN: true }), (name, share) => {
      // Readings of minutes 10 to 12 and 28 to 30: their medians are 18 minutes apart.
      const readings = soak(30, (minute) => ({ [name]: 400e6 * (1 + (share * (minute - 11)) / 18) }));
      expect(creeping(readings)).toEqual(share > 0.05 ? [name] : []);
    }),
  );
  expect(creeping(soak(30, (minute) => ({ heap: 30e6 - minute * 1e5 })))).toEqual([]);
});

test('it tells the medians at either end, so that one odd reading moves nothing', () => {
  const odd = (at: number) => soak(30, (minute) => (minute === at ? { heap: 90e6 } : {}));
  for (const at of [0, 5, 10, 12, 20, 28, 30]) expect(creeping(odd(at)), `at minute ${at}`).toEqual([]);
  const [heap] = creepOf(soak(30, (minute) => ({ heap: 1e6 * minute })))!;
  expect(heap).toMatchObject({ name: 'heap', from: 11e6, to: 29e6, isCreep: true });
});

test('the first ten minutes, a little of something small, and what the machine does not tell are no creep', () => {
  expect(creeping(soak(30, (minute) => ({ heap: minute < 10 ? 1e6 * minute : 25e6 })))).toEqual([]);
  expect(creeping(soak(30, (minute) => ({ workers: minute < 20 ? 2 : 3 })))).toEqual([]);
  expect(creeping(soak(30, (minute) => ({ workers: minute < 20 ? 2 : 4 })))).toEqual(['workers']);
  const untold = creepOf(soak(30, () => ({ renderer: null })))!;
  expect(untold.map(({ name }) => name)).not.toContain('renderer');
  expect(untold).toHaveLength(6);
});

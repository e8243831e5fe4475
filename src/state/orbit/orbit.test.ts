import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrbitMaps } from '../../lab/evaluate/orbit';
import { GROUP_NAMES, GROUPS } from '../../lab/symmetry/group';
import {
  elementAt,
  missingOrbit,
  NO_BENCH_ORBIT,
  nearestTurnTo,
  nextTurn,
  type OrbitState,
  toggleSeat,
  turnsOf,
  withOrbit,
} from './orbit';

const groups = fc.constantFrom(...GROUP_NAMES);
const angles = fc.integer({ min: 0, max: 359 });

test('every element is how some tile lies, and between a group’s turns there is none', () => {
  for (const name of GROUP_NAMES) {
    GROUPS[name].elements.forEach(({ turns, mirror }, k) => {
      expect(elementAt(name, 90 * turns, mirror)).toBe(k);
    });
  }
  expect([elementAt('C4', 45, false), elementAt('C2', 90, false), elementAt('C4', 0, true)]).toEqual([
    null,
    null,
    null,
  ]);
});

test('steps go round all turns of the group and come back; the nearest is none further than half a step', () => {
  fc.assert(
    fc.property(groups, angles, fc.constantFrom(1 as const, -1 as const), (name, angle, direction) => {
      const turns = turnsOf(name);
      const first = nextTurn(name, angle, direction);
      const seen = [first];
      for (let i = 1; i < turns.length; i++) seen.push(nextTurn(name, seen[i - 1], direction));
      expect([...seen].sort((a, b) => a - b)).toEqual(turns);
      expect(nextTurn(name, seen.at(-1)!, direction)).toBe(first);
      const nearest = nearestTurnTo(name, angle);
      const apart = (a: number) => Math.abs(((a - angle + 540) % 360) - 180);
      expect(apart(nearest)).toBe(Math.min(...turns.map(apart)));
    }),
  );
});

test('whatever is wanted is asked for once, the whole field first, and what is shown is of one field', () => {
  const answer = (field: number, torn: readonly number[]) => ({ field, torn }) as OrbitMaps;
  const wishes = fc.record({
    field: fc.option(fc.nat({ max: 3 })),
    torn: fc.subarray([0, 1, 2, 3]),
  });
  fc.assert(
    fc.property(fc.array(wishes, { minLength: 1, maxLength: 6 }), (all) => {
      let state: OrbitState = NO_BENCH_ORBIT;
      for (const wish of all) {
        state = { ...state, ...wish };
        let asked = 0;
        for (let next = missingOrbit(state); next; next = missingOrbit(state)) {
          expect(asked++).toBeLessThan(2);
          state = { ...state, ...withOrbit(answer(next.field ?? 2, next.torn), state) };
          expect(state.whole!.torn).toEqual([]);
          expect(state.shown!.field).toBe(state.whole!.field);
        }
        expect(state.shown!.torn).toEqual(wish.torn);
        if (wish.field !== null) expect(state.whole!.field).toBe(wish.field);
      }
    }),
  );
});

test('a seat is taken off and put back', () => {
  expect(toggleSeat([], 2)).toEqual([2]);
  expect(toggleSeat([2], 0)).toEqual([0, 2]);
  expect(toggleSeat([0, 2], 2)).toEqual([0]);
});

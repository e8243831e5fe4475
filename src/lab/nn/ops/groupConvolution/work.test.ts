import { expect, test } from 'vitest';
import { GROUP_NAMES, GROUPS, type GroupName } from '../../../symmetry/group';
import { fourierMacs } from './work';

const layer = (group: GroupName, sizeIn: number, kernel = 3) =>
  fourierMacs({ group, kernel, fieldsIn: 3, sizeIn, fieldsOut: 5 });

test('a group layer needs 1 of 1, 2 of 4, 6 of 16 and 12 of 64 of the expanded filters’ multiplications', () => {
  const shares = GROUP_NAMES.map((group) => {
    const { order } = GROUPS[group];
    if (order === 1) return [group, layer(group, 1) / (9 * 3 * 5)];
    return [group, layer(group, order) / (9 * 3 * 5)];
  });
  expect(Object.fromEntries(shares)).toEqual({ C1: 1, C2: 2, C4: 6, D1: 2, D4: 12 });
});

test('a lifting layer counts each orbit of positions once: the centre, and what else there is', () => {
  // C4, 3×3: two free orbits with 6 each and the centre with 1, in place of 9·4.
  expect(layer('C4', 1) / 15).toBe(13);
  expect(layer('C2', 1) / 15).toBe(4 * 2 + 1);
  expect(layer('C4', 1, 1) / 15).toBe(1);
  // D4: corners and edges lie on mirrors. Each has one component of the two that change sign with a turn, and its 2×2.
  expect(layer('D4', 1) / 15).toBeLessThan((9 * 8) / 3);
  expect(layer('D4', 1, 1) / 15).toBe(1);
});

/** Fields of small networks on a turned tile: those of an equivariant one come back as they were, those of a plain one do not. */
import { expect, test } from 'vitest';
import { openClassifier } from '../families/networks';
import { GROUPS, type GroupName } from '../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { noise, tinyModel } from '../testing/tiny';
import { fieldMaps, nearestTurn } from './fieldMaps';
import { answerAt } from './turned';

const tile = noise(8 * 8 * 3, 5);

async function mapsOf(group: GroupName, degrees: number, block = 1) {
  const model = tinyModel(group === 'C1' ? { group, filters: 'grid', head: 'flat', seed: 3 } : { group });
  const network = openClassifier(model);
  try {
    return await fieldMaps(model, network, tile, { block, field: null, degrees });
  } finally {
    network.dispose();
  }
}

describeOnBackends('fields of a turned tile', () => {
  forbidLeaks();

  test('put right, they equal the upright ones for every turn of the group', async () => {
    for (const [group, angles] of [
      ['C2', [0, 180]],
      ['C4', [0, 90, 180, 270]],
      ['D4', [90, 270]],
    ] as const) {
      for (const degrees of angles) {
        const maps = await mapsOf(group, degrees);
        expect(maps.order).toBe(GROUPS[group].order);
        expect(maps.upright.length).toBe(maps.order * maps.size ** 2);
        expect([group, degrees, maps.blockDifference < 1e-5]).toEqual([group, degrees, true]);
        expect(maps.difference).toBeLessThanOrEqual(maps.blockDifference);
      }
    }
  });

  test('a plain network’s do not, nor those of C2 at 90°, and between right angles no one’s do', async () => {
    for (const [group, degrees] of [
      ['C1', 90],
      ['C2', 90],
      ['C4', 45],
    ] as const) {
      const maps = await mapsOf(group, degrees, 0);
      expect(maps.blockDifference).toBeGreaterThan(0.05);
      expect(maps.circle).toBe(degrees === 45);
    }
  });

  test('the answer to a tile is the same at all right angles, and its probabilities sum to one', async () => {
    const model = tinyModel();
    const network = openClassifier(model);
    try {
      const [upright, ...others] = await Promise.all(
        [0, 90, 180, 270, 360].map((degrees) => answerAt(model, network, tile, degrees)),
      );
      expect(upright.probabilities.reduce((sum, p) => sum + p)).toBeCloseTo(1, 5);
      for (const { answer, probabilities } of others) {
        expect(answer).toBe(upright.answer);
        probabilities.forEach((p, c) => {
          expect(p).toBeCloseTo(upright.probabilities[c], 4);
        });
      }
    } finally {
      network.dispose();
    }
  });
});

test('the nearest turn of a group', () => {
  const nearest = (group: GroupName, degrees: number) =>
    GROUPS[group].elements[nearestTurn(GROUPS[group], degrees)].turns;
  expect([nearest('C4', 44), nearest('C4', 46), nearest('C4', 350), nearest('D4', 200)]).toEqual([
    0, 1, 0, 2,
  ]);
  expect([nearest('C2', 80), nearest('C2', 100), nearest('C1', 180)]).toEqual([0, 2, 0]);
});

/** Maps of small scenes by small networks: the equivariant one's turns with the scene, whatever its shape. */
import { expect, test } from 'vitest';
import type { Pixels } from '../pictures/cut';
import { turnPicture } from '../pictures/turn';
import { uniform } from '../random';
import { finish } from '../stage/events';
import { QUARTER_TURNS } from '../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { tinyModel } from '../testing/tiny';
import { classShares, turnMap } from './cells';
import { mapAtQuarterTurns, mapClasses } from './classMap';

/** Patches of colour with a speck in each: neighbours differ, and no cell looks the same at two turns. */
function scene(width: number, height: number): Pixels {
  const next = uniform('scene', width, height);
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const patch = (Math.floor(x / 8) * 5 + Math.floor(y / 8) * 3) % 7;
    data[i] = Math.min(255, 30 * patch + (x % 8 < 3 && y % 8 < 2 ? 60 : 0) + 40 * next());
  }
  return { width, height, data };
}

describeOnBackends('class maps', () => {
  forbidLeaks();
  // Margins even and odd: the second grid begins between two pixels.
  const scenes = [scene(50, 34), scene(45, 35)];

  test('an equivariant network gives one map at all four turns', async () => {
    for (const picture of scenes) {
      const maps = await finish(mapAtQuarterTurns(tinyModel(), picture, 'scene', 8));
      const cells = maps.upright.grid.columns * maps.upright.grid.rows;
      expect([maps.changed, maps.agreement]).toEqual([0, 1]);
      expect(maps.undecided).toBeLessThan(cells / 4);
      expect(maps.probabilityGap).toBeLessThan(1e-3);
      expect([...classShares(maps.upright)].reduce((sum, share) => sum + share)).toBeCloseTo(1);
    }
  });

  test('a plain network changes its mind, and the cells that differ are counted', async () => {
    // Not every plain network does on so few cells; that of this seed does.
    const plain = tinyModel({ group: 'C1', filters: 'grid', head: 'flat', seed: 3 });
    const maps = await finish(mapAtQuarterTurns(plain, scenes[0], 'scene', 8));
    const differs = maps.differs.reduce((sum, d) => sum + d, 0);
    expect(differs).toBeGreaterThan(0);
    expect(maps.changed).toBeLessThanOrEqual(differs);
    expect(maps.changed).toBeGreaterThan(0);
  });

  test('the map of the turned scene is the turned map, and it can be left half-way', async () => {
    const [, picture] = scenes;
    const upright = await finish(mapClasses(tinyModel(), picture, 'scene', 8));
    expect(upright.probabilities.every((p) => p > 1 / 3 - 1e-6 && p <= 1)).toBe(true);
    for (const turn of QUARTER_TURNS) {
      const turned = await finish(mapClasses(tinyModel(), turnPicture(picture, turn), 'scene', 8));
      const expected = turnMap(upright, turn);
      expect(turned.grid).toEqual(expected.grid);
      turned.answers.forEach((answer, i) => {
        if (!turned.undecided[i] && !expected.undecided[i]) expect(answer).toBe(expected.answers[i]);
      });
    }
    const stage = mapClasses(tinyModel(), scene(90, 90), 'scene', 8);
    const { value } = await stage.next();
    expect(value).toEqual({ type: 'progress', what: 'mapping scene', done: 32, total: 121 });
    await stage.return(undefined as never);
  });
});

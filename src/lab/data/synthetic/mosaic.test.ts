import { expect, test } from 'vitest';
import { CELL, cutTiles, gridOf } from '../../pictures/cut';
import { finish } from '../../stage/events';
import { SYNTHETIC_PER_CLASS, SYNTHETIC_SEED, syntheticTile } from '.';
import { syntheticScene } from './mosaic';

test('the scene’s cells are tiles of their classes, beyond those of the data set, and every class is there', async () => {
  const scene = await finish(syntheticScene());
  const grid = gridOf(scene, 'scene');
  expect(grid).toMatchObject({ columns: 8, rows: 6, left: 0, top: 0 });
  expect(new Set(scene.labels).size).toBe(10);
  for (const cell of [0, 13, 47]) {
    const tile = syntheticTile(scene.labels[cell], 2 * SYNTHETIC_PER_CLASS + cell, SYNTHETIC_SEED);
    expect(cutTiles(scene, grid, CELL, cell, cell + 1)).toEqual(tile);
  }
});

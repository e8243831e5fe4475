import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { EUROSAT_CLASSES } from '../readers/eurosat';
import { classCounts, datasetHash, shrinkTiles, subset } from '../tiles';
import { syntheticDataset, syntheticTile } from '.';
import { SIDE, wave } from './canvas';
import { anyDirection, nearEastWest, randomStream } from './random';

const few = syntheticDataset({ perClass: 3 });

test('it is complete, says what it is, and names its tiles', () => {
  expect([few.name, few.synthetic, few.size, few.channels, few.count]).toEqual([
    'synthetic',
    true,
    64,
    3,
    30,
  ]);
  expect(few.title).toMatch(/synthetic/i);
  expect(few.classes).toEqual(EUROSAT_CLASSES);
  expect(classCounts(few)).toEqual(new Array(10).fill(3));
  expect(few.keys[8 * 3 + 2]).toBe('River/synthetic_2');
});

test('a tile is a pure function of class, index and seed; more tiles or a smaller size change none', () => {
  const tile = syntheticTile(8, 2, 1);
  const length = 64 * 64 * 3;
  expect(few.pixels.slice(26 * length, 27 * length)).toEqual(tile);
  expect(syntheticTile(8, 2, 2)).not.toEqual(tile);
  expect(syntheticTile(8, 1, 1)).not.toEqual(tile);
  const one = syntheticDataset({ perClass: 1, size: 32 });
  expect(one.pixels).toEqual(
    shrinkTiles(
      subset(
        few,
        [...EUROSAT_CLASSES.keys()].map((c) => 3 * c),
      ),
      32,
    ).pixels,
  );
});

test('the bytes are the same on every engine and from version to version', () => {
  expect(datasetHash(few)).toBe('09ae2ed98b5684dd');
});

test('painting uses no function that engines may compute differently', () => {
  const folder = new URL('.', import.meta.url);
  const sources = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  expect(sources.length).toBeGreaterThan(5);
  const used = new Set(
    sources.flatMap((file) => readFileSync(new URL(file, folder), 'utf8').match(/Math\.\w+/g) ?? []),
  );
  const exact = ['Math.abs', 'Math.floor', 'Math.imul', 'Math.max', 'Math.min', 'Math.sqrt'];
  expect([...used].filter((name) => !exact.includes(name))).toEqual([]);
  for (const file of sources) expect(readFileSync(new URL(file, folder), 'utf8')).not.toMatch(/[\w)] \*\* /);
});

test('tiles of a class differ, and no tile is blank or blown out', () => {
  for (let i = 0; i < few.count; i++) {
    const tile = few.pixels.subarray(i * 12288, (i + 1) * 12288);
    const mean = tile.reduce((a, b) => a + b) / tile.length;
    expect(mean, few.keys[i]).toBeGreaterThan(15);
    expect(mean, few.keys[i]).toBeLessThan(235);
    expect(new Set(tile).size, few.keys[i]).toBeGreaterThan(8);
  }
});

/** Mean absolute difference between neighbours along x over that along y, for the middle of the tile. */
function stripes(classIndex: number, count: number): number {
  let [along, down] = [0, 0];
  for (let index = 0; index < count; index++) {
    const tile = syntheticTile(classIndex, index, 3);
    const luma = (x: number, y: number) =>
      [0, 1, 2].reduce((sum, c) => sum + tile[(y * SIDE + x) * 3 + c], 0);
    for (let y = 8; y < 54; y++) {
      for (let x = 8; x < 54; x++) {
        along += Math.abs(luma(x + 2, y) - luma(x, y));
        down += Math.abs(luma(x, y + 2) - luma(x, y));
      }
    }
  }
  return along / down;
}

test('the set has a canonical orientation: furrows north–south, orchard rows and highways east–west', () => {
  const of = (name: (typeof EUROSAT_CLASSES)[number]) => stripes(EUROSAT_CLASSES.indexOf(name), 20);
  expect(of('AnnualCrop')).toBeGreaterThan(1.1);
  expect(of('PermanentCrop')).toBeLessThan(0.9);
  expect(of('Highway')).toBeLessThan(0.97);
  expect(of('River')).toBeGreaterThan(1.03);
});

test('directions have length one and stay within their turn', () => {
  const random = randomStream('test');
  const upright = new Set<boolean>();
  for (let i = 0; i < 200; i++) {
    const near = nearEastWest(random, 0.2217);
    expect(near.x * near.x + near.y * near.y).toBeCloseTo(1, 14);
    expect(Math.abs(Math.atan2(near.y, near.x))).toBeLessThan((25.01 * Math.PI) / 180);
    const any = anyDirection(random);
    expect(any.x * any.x + any.y * any.y).toBeCloseTo(1, 14);
    upright.add(Math.abs(any.y) > Math.abs(any.x));
  }
  expect(upright.size).toBe(2);
});

test('the parabolic wave is near the sine', () => {
  for (let t = -2; t < 2; t += 0.01) expect(Math.abs(wave(t) - Math.sin(2 * Math.PI * t))).toBeLessThan(0.06);
});

test('impossible sizes and counts are refused', () => {
  expect(() => syntheticDataset({ size: 48, perClass: 1 })).toThrow(BadInput);
  expect(() => syntheticDataset({ perClass: -1 })).toThrow(BadInput);
});

/** Help for few tiles and uneven classes on the command line. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCodecs } from '../src/lab/data/testing/pictures';
import { lab, labJson, pictures, writeInto } from './testing/lab';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-small-'));
const at = (name: string): string => path.join(top, name);
afterAll(() => rm(top, { recursive: true }));

const json = (...args: string[]) => labJson(args);
const TINY = ['tiny', '--data', at('tiles'), '--size', '8', '--batch', '8'];

beforeAll(async () => {
  await loadCodecs();
  // Every tile of a, every third of b, every fifth of c: 15, 5 and 3.
  const files = await pictures('tiles/');
  const kept = files.filter(([name]) => {
    const rank = Math.floor(Number(name.match(/(\d+)\.png/)![1]) / 3);
    return rank % { a: 1, b: 3, c: 5 }[name[6] as 'a' | 'b' | 'c'] === 0;
  });
  await writeInto(top, kept);
});

test('uneven classes are said, and weighed where that is asked for', async () => {
  const plain = await lab('train', ...TINY, '--epochs', '1', '--out', at('plain'));
  expect(plain.out).toMatch(/balanced/);
  expect(plain.out).toMatch(/The classes are unequal: a has 9 tiles, c has 1 tile/);
  const how = ['--balance', 'weights', '--turns', '--mirror', '--brightness', '0.2', '--shift', '1'];
  const { recipe, stages } = await json('train', ...TINY, ...how, '--epochs', '2', '--out', at('weighed'));
  expect(recipe.stages[0].settings).toMatchObject({
    balance: 'weights',
    augment: { crop: 1, flip: true, turn: true, brightness: 0.2 },
  });
  expect(stages[0].notes).toBeUndefined();
  expect(stages[0].epochs.map(({ by }: { by: string }) => by)).toEqual(['balanced', 'balanced']);
  const refused = await lab('train', ...TINY, '--balance', 'magic', '--out', at('none'));
  expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/no balance "magic"/)]);
  const dark = await lab('train', ...TINY, '--brightness', '2', '--out', at('none'));
  expect(dark.code).toBe(2);
});

test('a learning rate is found, shown as a curve, and trained with', async () => {
  const { points, chosen, least } = await json('rate', ...TINY);
  expect(chosen).toBeCloseTo(least.rate / 4, 2);
  expect(points.length).toBeGreaterThan(30);
  const { out } = await lab('rate', ...TINY);
  expect(out).toMatch(/#+ {2}<- chosen/);
  expect(out).toContain(`Learning rate ${chosen}:`);
  const args = ['train', ...TINY, '--epochs', '1', '--learning-rate', 'find', '--out', at('found')];
  const found = await lab(...args, '--json');
  expect(found.err).toContain(`Learning rate ${chosen}:`);
  expect(JSON.parse(found.out).recipe.stages[0].settings.learningRate).toBe(chosen);
  // Found again, it is the same: the run goes on instead of beginning anew.
  expect((await lab(...args)).code).toBe(0);
});

test('a network is trained further on its own tiles, and its recipe makes all of it', async () => {
  await writeInto(top, await pictures('even/'));
  await json('train', 'tiny', '--data', at('even'), '--size', '8', '--epochs', '2', '--out', at('whole'));
  const model = at('whole/models/train.safetensors');
  const further = ['train', '--from', model, '--data', at('even'), '--epochs', '3', '--batch', '8'];
  const { recipe, stages } = await json(...further, '--out', at('further'));
  expect(recipe.stages.map(({ kind }: { kind: string }) => kind)).toEqual(['train', 'continue']);
  expect(stages).toHaveLength(1);
  expect(stages[0]).toMatchObject({ kind: 'continue', newHead: false });
  expect(stages[0].epochs).toHaveLength(3);
  // All of it from the recipe, which begins with nothing, is the same network.
  await writeInto(top, [['recipe.json', new TextEncoder().encode(JSON.stringify(recipe))]]);
  const again = await json('run', at('recipe.json'), '--data', at('even'), '--out', at('again'));
  const figures = ({ epochs }: { epochs: { accuracy: number; loss: number }[] }) =>
    epochs.map(({ accuracy, loss }) => [accuracy, loss]);
  expect(figures(again.stages[1])).toEqual(figures(stages[0]));
  for (const args of [
    ['train', '--data', at('tiles'), '--out', at('none')],
    ['train', 'base', '--from', model, '--data', at('tiles'), '--out', at('none')],
    [...further, '--group', 'C1', '--out', at('none')],
    [...further, '--learning-rate', 'find', '--out', at('none')],
    [...further, '--frozen', '4', '--out', at('none')],
    ['train', ...TINY, '--frozen', '2', '--out', at('none')],
  ])
    expect((await lab(...args)).code).toBe(2);
});

test('from a network of other classes: its last layer is made anew, and learns alone at first', async () => {
  const two = (await pictures('two/')).filter(([name]) => /two\/[ab]\//.test(name));
  await writeInto(top, two);
  const model = at('whole/models/train.safetensors');
  const args = ['train', '--from', model, '--data', at('two'), '--epochs', '3', '--frozen', '1'];
  const { recipe, stages, models } = await json(...args, '--batch', '8', '--out', at('transfer'));
  expect(recipe.start).toEqual([expect.objectContaining({ name: 'network', title: 'train' })]);
  expect(stages[0]).toMatchObject({ newHead: true });
  const found = await json('evaluate', models[0], '--data', at('two'));
  expect(found.n).toBe(6);
  expect((await lab(...args, '--batch', '8', '--out', at('transfer'))).code).toBe(0);
});

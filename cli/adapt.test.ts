/** `lab adapt`: what it prints, keeps and refuses. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packedParts } from '../src/lab/data/readers/packed';
import { encodeModel } from '../src/lab/files/modelFile';
import type { AnyModel } from '../src/lab/nn/model';
import { shakenModel, TINY_MOBILE, tinyDataset, tinyModel } from '../src/lab/testing/tiny';
import { lab, labJson } from './testing/lab';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-adapt-'));
const at = (name: string): string => path.join(top, name);
const file = (name: string) => at(`${name}.safetensors`);

/** A plain network of 4 and 8 channels that tells other classes apart. */
function plainModel(): AnyModel {
  const { arch } = tinyModel({ group: 'C1', head: 'pooled', hidden: 6 });
  const blocks = arch.blocks.map((block, i) => ({ ...block, fields: 4 * (i + 1) }));
  return { ...shakenModel({ ...arch, blocks, classes: 2 }, 5), classes: ['one', 'two'] };
}

beforeAll(async () => {
  await writeFile(at('tiles.tiles'), packedParts(tinyDataset(20)));
  await writeFile(file('plain'), encodeModel(plainModel()));
  await writeFile(file('mobile'), encodeModel(shakenModel(TINY_MOBILE, 2)));
  await writeFile(file('c4'), encodeModel(tinyModel({ group: 'C4' })));
});
afterAll(() => rm(top, { recursive: true }));

const DATA = ['--data', at('tiles.tiles')];
const FEW = ['--epochs', '2', '--batch', '16', '--learning-rate', '0.01'];

test('λ by folds, plain fine-tuning beside it, all ways on request; a second run does nothing again', async () => {
  const given = [
    'adapt',
    file('plain'),
    ...DATA,
    ...FEW,
    '--penalty',
    'weights',
    '--values',
    '0.1,10',
    '--folds',
    '2',
  ];
  const order = [...given, '--project', '--beside', '--share', '0.5', '--out', at('run')];
  const first = await labJson(order);
  expect(first.folds.map(({ lambda }: { lambda: number }) => lambda)).toEqual([0.1, 10]);
  expect([0.1, 10]).toContain(first.lambda);
  expect(Object.keys(first.beside)).toEqual(['projected', 'augmented', 'by construction']);
  expect(first.adapted.penalty).toBeLessThan(first.baseline.penalty);
  expect(first.beside.projected).toMatchObject({ agreement: 1 });
  expect(first.beside.projected.params).toBeLessThan(first.adapted.params);
  for (const model of first.models) expect(existsSync(model)).toBe(true);
  const again = await labJson(order);
  expect(again).toEqual(first);
  // What comes out is a network like any other.
  const [made] = first.models.filter((model: string) => model.includes('projected'));
  const turned = await labJson(['evaluate', made, ...DATA]);
  expect(turned.agreement).toBe(1);
}, 120_000);

test.each([
  ['plain', ['--lambda', 'much'], '--lambda needs a number from 0 to 1000000, or cv, not "much".'],
  ['plain', ['--values', '1'], '--values needs at least two numbers such as 0,0.1,1, not "1".'],
  ['plain', ['--share', '0'], '--share needs a number above 0, at most 1, not "0".'],
  ['plain', ['--group', 'C1'], 'There is no group "C1". Choose one of: C2, C4, D1, D4.'],
  [
    'plain',
    ['--share', '0.1', '--folds', '4'],
    'The class a has 1 training tile, too few for 4 folds that each hold one: give one λ, or take a larger share of the tiles.',
  ],
  [
    'plain',
    ['--group', 'D4', '--penalty', 'features', '--lambda', '1'],
    '"tiny" has 4 channels at conv1.weight, which do not divide into fields of 8, the order of D4: take the logits, or take a smaller group.',
  ],
  [
    'c4',
    ['--penalty', 'weights'],
    '"tiny" is equivariant under C4 by its design, so its channels make no fields: take the logits, or take another network.',
  ],
  [
    'mobile',
    ['--project', '--group', 'D1'],
    '"mobilenet-v2" halves its maps by strides, which keep other pixels of a turned map than of an upright one, so no weights make it equivariant: take base, base-small, vit or vit-small, or stay with the penalty.',
  ],
])('%s %j is refused in a sentence, and nothing is written', async (model, args, sentence) => {
  const { code, err } = await lab('adapt', file(model), ...DATA, '--out', at('never'), ...args);
  expect({ code, err: err.trim() }).toEqual({ code: 2, err: sentence });
  expect(existsSync(at('never'))).toBe(false);
});

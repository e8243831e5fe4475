import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { NetChoice } from '../../worker/protocol/results';
import { trainingRow } from '../testing/runs';
import { defaultNets, netsOfRun, stageOf } from './netRefs';

const { models } = JSON.parse(readFileSync('public/models/index.json', 'utf8')) as { models: NetChoice[] };

test('the networks that suit a picture are an equivariant and a plain one of the same tiles', () => {
  const painted = { synthetic: true, dataset: null };
  const real = { synthetic: false, dataset: null };
  expect(defaultNets(models, [], painted)).toEqual(['synthetic-c4-twin', 'synthetic-base']);
  expect(defaultNets(models, [], real)).toEqual(['eurosat-c4-twin', 'eurosat-base']);
  expect(defaultNets([], [], painted)).toEqual([]);
});

test('a tile of a kept data set is for the networks trained on that set, the newest of each kind', () => {
  const tile = { synthetic: false, dataset: { id: 'digits', title: 'MNIST', classes: ['0', '1'] } };
  const done = { name: 'train', accuracy: 0.5, params: 1, macs: 1, bytes: 1, seconds: 1 };
  const on = (ref: string) => ({ ...trainingRow('x').data, ref });
  const run = (id: string, group: 'C1' | 'C4', ref: string, records = [done]) => {
    const row = trainingRow(id, { data: on(ref), records });
    return { ...row, recipe: { ...row.recipe, arch: { id: 'tiny', group } } };
  };
  const others = [run('a', 'C4', 'else'), run('b', 'C4', 'digits', [])];
  expect(defaultNets(models, others, tile)).toEqual(['eurosat-c4-twin', 'eurosat-base']);
  const c4 = [run('c', 'C4', 'digits'), run('d', 'C4', 'digits')];
  expect(defaultNets(models, [...others, ...c4], tile)).toEqual(['run:c:train']);
  const plain = run('e', 'C1', 'digits');
  expect(defaultNets(models, [plain, ...c4], tile)).toEqual(['run:c:train', 'run:e:train']);
  expect(defaultNets(models, [plain, ...c4], { synthetic: false, dataset: null })).toEqual([
    'eurosat-c4-twin',
    'eurosat-base',
  ]);
});

test('a network of a run is named in a link and found again, whatever its stage is called', () => {
  const stage = { accuracy: 0.5, params: 1, macs: 1, bytes: 1, seconds: 1 };
  const names = ['train', 'finetune l2 none 50%', 'check test'];
  const row = trainingRow('x-1', { records: names.map((name) => ({ name, ...stage })) });
  const nets = netsOfRun(row);
  expect(nets.map(({ label }) => label)).toEqual([row.name, `${row.name}, fine-tuned`]);
  expect(nets.map(({ value }) => stageOf(value))).toEqual([
    { id: 'x-1', stage: 'train' },
    { id: 'x-1', stage: 'finetune l2 none 50%' },
  ]);
  expect([stageOf('eurosat-c4'), stageOf('pruned')]).toEqual([null, null]);
});

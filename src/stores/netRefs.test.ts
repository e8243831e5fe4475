import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { NetChoice } from '../worker/protocol';
import { defaultNets, netsOfRun, stageOf } from './netRefs';
import { trainingRow } from './testing/runs';

const { models } = JSON.parse(readFileSync('public/models/index.json', 'utf8')) as { models: NetChoice[] };

test('the networks that suit a picture are an equivariant and a plain one of the same tiles', () => {
  expect(defaultNets(models, true)).toEqual(['synthetic-c4-twin', 'synthetic-base']);
  expect(defaultNets(models, false)).toEqual(['eurosat-c4-twin', 'eurosat-base']);
  expect(defaultNets([], true)).toEqual([]);
});

test('a network of a run is named in a link and found again, whatever its stage is called', () => {
  const stage = { accuracy: 0.5, params: 1, macs: 1, bytes: 1, seconds: 1 };
  const names = ['train', 'finetune l2 none 50%', 'rotate'];
  const row = trainingRow('x-1', { records: names.map((name) => ({ name, ...stage })) });
  const nets = netsOfRun(row);
  expect(nets.map(({ label }) => label)).toEqual([row.name, `${row.name}: finetune l2 none 50%`]);
  expect(nets.map(({ value }) => stageOf(value))).toEqual([
    { id: 'x-1', stage: 'train' },
    { id: 'x-1', stage: 'finetune l2 none 50%' },
  ]);
  expect([stageOf('eurosat-c4'), stageOf('pruned')]).toEqual([null, null]);
});

/** Networks timed for the page where ONNX Runtime cannot be had: the lab alone, why it is alone, and bad files. */
import { beforeAll, expect, test } from 'vitest';
import { encodeModel } from '../../lab/files/modelFile';
import { startBackend } from '../../lab/runtime/backend';
import { finish } from '../../lab/stage/events';
import { tinyModel } from '../../lab/testing/tiny';
import { timeHere } from './timing';

beforeAll(async () => {
  await startBackend('cpu');
});

const file = encodeModel(tinyModel());
const networks = [
  { name: 'whole', file },
  { name: 'pruned', file },
];

test('without ONNX Runtime the lab is timed alone, and why is said; told to stop it hands out what is there', async () => {
  const stop = new AbortController();
  stop.abort();
  const told: string[] = [];
  const stage = timeHere({ networks, batches: [1, 2], runs: 500, seconds: 60 }, stop.signal);
  const timed = await finish(stage, (event) => {
    if (event.type === 'progress') told.push(event.what);
  });
  expect(timed.without).toMatch(/could not be loaded \(there is no connection\)/);
  expect([timed.onnxruntime, timed.names]).toEqual([null, ['whole', 'pruned']]);
  expect(timed.rows.map(({ engine, network, batch, runs }) => [engine, network, batch, runs])).toEqual([
    ['lab', 0, 1, 5],
    ['lab', 0, 2, 5],
    ['lab', 1, 1, 5],
    ['lab', 1, 2, 5],
  ]);
  expect(timed.rows.map(({ toWhole }) => toWhole !== null)).toEqual([false, false, true, true]);
  expect(told).toEqual(expect.arrayContaining(['loading ONNX Runtime', 'warming up', 'timing']));
});

test('a file that is no network is refused by its name', async () => {
  const bad = [{ name: 'notes', file: new TextEncoder().encode('no network') }];
  const stage = timeHere({ networks: bad, batches: [1], runs: 1, seconds: 1 }, new AbortController().signal);
  await expect(finish(stage)).rejects.toThrow(/notes/);
});

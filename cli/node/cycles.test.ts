/** Somebody trains, prunes, fine-tunes and begins again, all day: nothing of it is left over. */
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runRecipe } from '../../src/lab/recipe/pipeline';
import { prepare } from '../../src/lab/recipe/prepare';
import { checkRecipe } from '../../src/lab/recipe/schema';
import type { KernelsBackend } from '../../src/lab/runtime/kernels/backend';
import * as tf from '../../src/lab/runtime/tf';
import { finish } from '../../src/lab/stage/events';
import { memoryStore } from '../../src/lab/stage/store';
import { tinyDataset } from '../../src/lab/testing/tiny';
import { startNodeBackend } from './backend';

const dataset = tinyDataset(4);
/** So eager that it runs always. */
const settings = { epochs: 1, batch: 8, tolerance: 0, excellent: 0 };

const FIELDS = [
  { kind: 'prune-fields', ratio: 0.4, method: 'taylor', compensation: 'norms' },
  { kind: 'finetune', settings: { ...settings, scope: 'network' } },
];
const NEURONS = [
  { kind: 'prune', ratio: 0.6, method: 'variance', compensation: 'mean' },
  { kind: 'finetune', settings },
];

/** One cycle; each with other initial weights, so that other units go. */
async function cycle(seed: number): Promise<void> {
  const recipe = checkRecipe({
    version: 2,
    name: 'cycle',
    arch: { id: 'tiny', size: 8 },
    seed,
    stages: [
      { kind: 'train', settings: { epochs: 1, batch: 8, learningRate: 0.02 } },
      ...(seed % 2 === 0 ? FIELDS : NEURONS),
    ],
  });
  // What is finished is in the store, which goes with it.
  await finish(runRecipe(prepare(recipe, dataset), memoryStore()));
}

/** A cycle that is given up in the midst of an epoch, as a reset does. */
async function cutOff(seed: number): Promise<void> {
  const recipe = checkRecipe({
    version: 2,
    name: 'cut off',
    arch: { id: 'tiny', size: 8 },
    seed,
    stages: [{ kind: 'train', settings: { epochs: 9, batch: 4, learningRate: 0.02 } }],
  });
  const stage = runRecipe(prepare(recipe, dataset), memoryStore());
  for (let batches = 0; batches < 3; ) {
    const { value, done } = await stage.next();
    if (done) throw new Error('It was to be cut off before its end.');
    if (value.type === 'batch') batches++;
  }
  await stage.return(undefined as never);
}

test('200 cycles of train, prune, fine-tune and reset: memory, tensors and threads are where they began', async () => {
  const { adapter } = await startNodeBackend('wasm', 2);
  expect(adapter).toContain('2 threads');
  const { heap } = (tf.backend() as KernelsBackend).kernels;
  const left = () => ({
    bytes: heap.bytes,
    blocks: heap.blocks,
    tensors: tf.memory().numTensors,
    ofMemory: heap.reserved,
    threads: existsSync('/proc/self/task') ? readdirSync('/proc/self/task').length : 0,
  });
  // The first ones fill what is kept on purpose: tables of shapes, scratch.
  for (let seed = 0; seed < 8; seed++) await cycle(seed);
  await cutOff(0);
  const before = left();
  expect(before.bytes).toBeGreaterThan(0);
  for (let seed = 8; seed < 208; seed++) {
    await cycle(seed);
    if (seed % 10 === 0) await cutOff(seed);
  }
  expect(left()).toEqual(before);
});

/** Steps done one by one over a shared store, in any order that they allow, are those of a run. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import { datasetHash } from '../data/tiles';
import { fingerprintOf } from '../files/fingerprint';
import { encodeModel } from '../files/modelFile';
import { uniform } from '../random';
import { finish } from '../stage/events';
import { memoryStore, type RunStore } from '../stage/store';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { adaptingTable } from '../testing/reproduction';
import { tinySweep } from '../testing/sweep';
import { tinyDataset, tinyModel } from '../testing/tiny';
import { needsOf } from './needs';
import { runRecipe, runStep } from './pipeline';
import { type Prepared, prepare } from './prepare';
import { idsOf } from './run';
import { checkRecipe, type Recipe } from './schema';
import { Studies } from './studies';

const dataset = tinyDataset(15);
const data = datasetHash(dataset);

const sweep = (seed = 1): Prepared => prepare(checkRecipe(tinySweep(seed) as Recipe), dataset);

function adapting(): Prepared {
  const { recipe } = adaptingTable.runs('small')[1];
  const model = tinyModel({ group: 'C1', head: 'pooled' });
  const fingerprint = fingerprintOf(model);
  const start = [{ ...recipe.start![0], fingerprint }];
  return prepare(checkRecipe({ ...recipe, start }), dataset, [{ model, fingerprint }]);
}

/** Does every step by itself, at each moment one of those that could be done, drawn. */
async function alone(prepared: Prepared, store: RunStore, ...seed: (string | number)[]): Promise<string[]> {
  const next = uniform(1, ...seed);
  const left = new Set(prepared.planned);
  const order: string[] = [];
  while (left.size > 0) {
    const ready = [...left].filter((each) =>
      needsOf(prepared.planned, each).every((need) => !left.has(need)),
    );
    const step = ready[Math.floor(next() * ready.length)];
    await finish(runStep(prepared, step.name, store, data, new Studies()));
    left.delete(step);
    order.push(step.name);
  }
  return order;
}

const TIMES = ['seconds', 'latency'];

/** All that a store keeps of a run but times. */
async function contents(prepared: Prepared, store: RunStore): Promise<unknown[]> {
  const kept: unknown[] = [];
  for (const [name, id] of idsOf(prepared, data)) {
    const { record, model } = (await store.loadStage(id))!;
    const timeless = JSON.stringify(record, (key, value) => (TIMES.includes(key) ? 0 : value));
    kept.push([name, timeless, model && bytesToHex(sha256(encodeModel(model)))]);
  }
  return kept;
}

describeOnBackends('steps done one by one', (backend) => {
  forbidLeaks();

  test.runIf(backend === 'wasm').each([
    ['a recipe of every kind', () => sweep()],
    ['folds, from a network that is given', adapting],
  ])('%s: gathered, records and networks are those of a run, byte for byte', async (name, prepared) => {
    const local = memoryStore();
    const whole = await finish(runRecipe(prepared(), local, data));
    const orders = new Set<string>();
    for (const seed of [1, 2]) {
      const shared = memoryStore();
      orders.add((await alone(prepared(), shared, name, seed)).join());
      const gathered = memoryStore();
      const events: string[] = [];
      const report = await finish(runRecipe(prepared(), gathered, data, shared), ({ type }) => {
        events.push(type);
      });
      expect(events).not.toContain('epoch');
      expect(report.stages.map((each) => each.name)).toEqual(whole.stages.map((each) => each.name));
      expect(await contents(prepared(), gathered)).toEqual(await contents(prepared(), local));
    }
    expect(orders.size).toBe(2);
  });

  test.runIf(backend === 'wasm')('what a step needs and the store has lost is made again', async () => {
    const prepared = sweep();
    const ids = idsOf(prepared, data);
    const shared = memoryStore();
    await alone(prepared, shared, 'lost');
    const before = await contents(prepared, shared);
    const lost = ['train', 'finetune l2 none 50%', 'integers'];
    for (const name of lost) await shared.forget(ids.get(name)!);
    await finish(runStep(prepared, 'integers', shared, data, new Studies()));
    expect(await contents(prepared, shared)).toEqual(before);
  });
});

test('a step waits for what it takes, and for nothing else', () => {
  const { planned } = sweep();
  const needs = (name: string) =>
    needsOf(planned, planned.find((each) => each.name === name)!).map((each) => each.name);
  expect(needs('train')).toEqual([]);
  expect(needs('finetune l2 none 50%')).toEqual(['train', 'prune l2 none 50%']);
  expect(needs('integers')).toHaveLength(4);
  expect(needs('tuned')).toEqual(['student', 'smaller']);
  const { planned: folds } = adapting();
  expect(needsOf(folds, folds.find(({ name }) => name === 'adapted')!).map(({ kind }) => kind)).toEqual([
    ...Array.from({ length: 4 }, () => 'adapt-fold'),
  ]);
});

/** Real processes, ended without warning (SIGKILL): run again, each gives the numbers of one that was left alone. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCodecs } from '../src/lab/data/testing/pictures';
import { uniform } from '../src/lab/random';
import { tinyChain } from '../src/lab/testing/chain';
import { labJson, pictures, started, writeInto } from './testing/lab';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-kill-'));
const at = (name: string): string => path.join(top, name);
afterAll(() => rm(top, { recursive: true }));

beforeAll(async () => {
  await loadCodecs();
  await writeInto(top, await pictures('tiles/'));
});

const finetuning = { scope: 'network', epochs: 5, batch: 16, tolerance: 0, excellent: 0 };
const recipe = tinyChain(8, [
  { kind: 'prune', ratio: 0.8 },
  { kind: 'finetune', settings: finetuning },
]);

/** The files of a folder, whatever kind. */
async function listing(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => /\.(json|safetensors)$/.test(name)).sort();
}

/** Kills a process `wait` ms after it has written a new file of such a name under `folder`; true where it was in time. */
async function killedIn(folder: string, args: readonly string[], wait: number, name = /./): Promise<boolean> {
  const written = async () => (await listing(folder)).filter((file) => name.test(file)).join();
  const before = await written();
  const { process: child, ended } = started(...args);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver && (await written()) === before) await pause(2);
  await pause(wait);
  child.kill('SIGKILL');
  return (await ended).code === null;
}

const report = (args: readonly string[]) =>
  labJson(args, (key, value) => (key === 'seconds' || key === 'models' ? 0 : value));

test('a pipeline killed twice ends as if nothing had been', async () => {
  await writeFile(at('recipe.json'), JSON.stringify(recipe));
  const args = (out: string) => ['run', at('recipe.json'), '--data', at('tiles'), '--out', at(out)];
  const whole = await report(args('whole'));
  expect(whole.stages.find(({ name }: { name: string }) => name.startsWith('finetune'))).toMatchObject({
    triggered: true,
  });
  const next = uniform('killed after');
  let kills = 0;
  for (let i = 0; i < 2; i++) {
    if (await killedIn(at('cut'), args('cut'), 150 * next(), /checkpoints|stages/)) kills++;
  }
  expect(kills).toBeGreaterThanOrEqual(1);
  expect(await report(args('cut'))).toEqual(whole);
  const models = await readdir(at('whole/models'));
  expect(await readdir(at('cut/models'))).toEqual(models);
  for (const model of models) {
    const [a, b] = await Promise.all(['whole', 'cut'].map((run) => readFile(at(`${run}/models/${model}`))));
    expect(a.equals(b), model).toBe(true);
  }
}, 400_000);

test('distill, killed, goes on from its last epoch and leaves nothing beside the student', async () => {
  const teacher = at('whole/models/train.safetensors');
  const args = (out: string) => [
    ...['distill', teacher, '--data', at('tiles'), '--out', at(`${out}/student.safetensors`)],
    ...['--hidden', '5', '--epochs', '120', '--batch', '8', '--learning-rate', '0.01'],
  ];
  const whole = await report(args('alone'));
  expect(await listing(at('alone'))).toEqual(['student.safetensors']);

  expect(await killedIn(at('again'), args('again'), 0, /checkpoints/)).toBe(true);
  const unfinished = 'student.safetensors.unfinished';
  // The teacher and its check are there, as steps that are done; the student is not.
  const left = await listing(at('again'));
  expect(left.every((file) => file.startsWith(`${unfinished}/`))).toBe(true);
  expect(left.filter((file) => file.includes('/checkpoints/'))).toHaveLength(1);
  expect(left).toContain(`${unfinished}/run.json`);
  expect(left.some((file) => file.includes('distil'))).toBe(false);
  expect(await report(args('again'))).toEqual(whole);
  expect(await listing(at('again'))).toEqual(['student.safetensors']);
  const [a, b] = await Promise.all(
    ['alone', 'again'].map((run) => readFile(at(`${run}/student.safetensors`))),
  );
  expect(a.equals(b)).toBe(true);
}, 400_000);

/** Recipes in the browser's worker: the same numbers as the command line, in turn, and through a killed worker. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { checkRecipe, type Recipe } from '../src/lab/recipe/schema';
import { expect, test } from './fixtures';
import { hold, openLab, TINY } from './lab';

test.setTimeout(300_000);

const recipe: Recipe = checkRecipe({
  version: 2,
  name: 'same everywhere',
  arch: { id: 'c4-small' },
  seed: 7,
  // A few hundred tiles are enough to be the same or not.
  split: { seed: 1, train: 0.2, val: 0.1, test: 0.7 },
  stages: [
    { kind: 'train', settings: { epochs: 2, batch: 64, learningRate: 0.003 } },
    { kind: 'prune-fields', ratio: 0.5, compensation: 'norms' },
    { kind: 'finetune', settings: { epochs: 2 } },
    { kind: 'prune', ratio: 0.9, method: 'variance', compensation: 'mean' },
    { kind: 'finetune', settings: { epochs: 2, distil: {} } },
    { kind: 'quantise' },
    { kind: 'check', part: 'val' },
  ],
});
const tiny: Recipe = { ...recipe, name: 'tiny', arch: { id: 'tiny' } };

const timeless = (report: { stages: unknown }): unknown =>
  JSON.parse(
    JSON.stringify(report.stages, (key, value) => (key === 'seconds' || key === 'latency' ? 0 : value)),
  );

async function onCommandLine(): Promise<{ stages: unknown }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'orbit-run-'));
  try {
    const file = path.join(folder, 'recipe.json');
    await writeFile(file, JSON.stringify(recipe));
    const args = ['scripts/lab.mjs', 'run', file, '--data', 'synthetic'];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...args, '--out', path.join(folder, 'out'), '--json'],
      { cwd: path.resolve(import.meta.dirname, '..'), maxBuffer: 1e8 },
    );
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a recipe gives the same final numbers in Chromium and in Node, whatever the number of threads', async ({
  page,
}) => {
  await openLab(page, TINY);
  const inBrowser = await page.evaluate((r) => window.__orbitLab.run('same', r), recipe);
  expect(timeless(inBrowser)).toEqual(timeless(await onCommandLine()));
});

test('a worker killed in mid-epoch: the run goes on from the last epoch to the same numbers', async ({
  page,
}) => {
  await openLab(page, TINY);
  const whole = await page.evaluate((r) => window.__orbitLab.run('whole', r), recipe);
  // Held there, the batch is told however fast it was.
  await hold(page, { after: 'batch', from: 2, stage: 'train' });
  const cut = await page.evaluate(
    (r) =>
      window.__orbitLab
        .run('cut', r, (event) => {
          if (event.type === 'batch' && event.epoch === 2) window.__orbitLab.terminateWorker();
        })
        .then(() => 'finished')
        .catch((error: Error) => error.name),
    recipe,
  );
  expect(cut).toBe('WorkerLost');
  await hold(page, null);
  await expect
    .poll(() => page.evaluate(() => window.__orbitLab.lab().status), { timeout: 60_000 })
    .toBe('ready');
  const epochs = await page.evaluate(async (r) => {
    const seen: number[] = [];
    const report = await window.__orbitLab.run('cut', r, (event) => {
      if (event.type === 'epoch' && !('scope' in event)) seen.push(event.epoch);
    });
    return { seen, report };
  }, recipe);
  // The first epoch of training was not run again.
  expect(epochs.seen[0]).toBe(2);
  expect(timeless(epochs.report)).toEqual(timeless(whole));
});

// In Node: host.test.ts.
test('two stages started at once queue, and both finish', { tag: '@thorough' }, async ({ page }) => {
  await openLab(page, TINY);
  const order = await page.evaluate(async (r) => {
    const log: string[] = [];
    const start = (name: string) =>
      window.__orbitLab
        .run(name, r, (event) => {
          if (event.type === 'queued') log.push(`${name} queued`);
          if (event.type === 'stage-started' && event.stage === 'train') log.push(`${name} started`);
        })
        .then(() => log.push(`${name} finished`));
    await Promise.all([start('first'), start('second')]);
    return log;
  }, tiny);
  expect(order).toEqual([
    'second queued',
    'first started',
    'first finished',
    'second started',
    'second finished',
  ]);
});

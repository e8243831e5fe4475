/** What a training will take, told before it starts; and refused where the memory would not do. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCodecs } from '../src/lab/data/testing/pictures';
import { anyNamedArch } from '../src/lab/families/anyArch';
import { forgetPeak, memoryPeak } from '../src/lab/runtime/backend';
import { finish } from '../src/lab/stage/events';
import { costSentence } from '../src/lab/train/costWords';
import { paceSteps } from '../src/lab/train/pace';
import { trainingCost } from '../src/lab/train/trainingCost';
import { startNodeBackend } from './node/backend';
import { lab, labJson, pictures, writeInto } from './testing/lab';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-cost-'));
const at = (name: string): string => path.join(top, name);
afterAll(() => rm(top, { recursive: true }));
beforeAll(async () => {
  await loadCodecs();
  await writeInto(top, await pictures('tiles/'));
});

test('the memory that is told before is what training takes, give or take a third', async () => {
  await startNodeBackend();
  for (const size of [32, 64]) {
    const arch = anyNamedArch('c4-twin-small', { size, classes: 200 });
    const { memory } = await finish(trainingCost(arch, { batch: 16, epochs: 2, train: 64, val: 16 }));
    const steps = paceSteps(arch, 16, 2);
    await steps.step();
    forgetPeak();
    await steps.step();
    const { peak } = memoryPeak()!;
    await steps.end();
    expect(memory!.bytes / peak).toBeGreaterThan(0.75);
    expect(memory!.bytes / peak).toBeLessThan(1.35);
  }
}, 60_000);

test('what would not fit is refused with what would', async () => {
  await startNodeBackend();
  const plan = { batch: 1024, epochs: 2, train: 2048, val: 16 };
  const refused = finish(trainingCost(anyNamedArch('c4-twin-small', { size: 256, classes: 10 }), plan));
  await expect(refused).rejects.toThrow(
    /To train c4-twin-small on 1024 tiles of 256×256 at a time takes \d+\.\d GB of memory, and its engine can have 4\.3 GB: take batches of \d+ at most/,
  );
}, 60_000);

test('--cost tells it and trains nothing', async () => {
  const args = [
    'train',
    'c4-twin-small',
    '--size',
    '8',
    '--data',
    at('tiles'),
    '--out',
    at('run'),
    '--quiet',
  ];
  const cost = await labJson([...args, '--epochs', '20', '--cost']);
  expect(cost.seconds).toBeCloseTo(20 * cost.epochSeconds, 6);
  expect(cost.kept.checkpoint).toBe(4 * cost.kept.network);
  const { out } = await lab(...args, '--epochs', '20', '--cost');
  expect(out).toMatch(
    /^About .* an epoch here, .* for all 20; about .* of memory; .* kept, and .* more while it trains\.\n$/,
  );
  expect(existsSync(at('run'))).toBe(false);
}, 60_000);

test('a cost in words, from tenths of a second to days', () => {
  const kept = { network: 307_760, checkpoint: 1_231_040 };
  const said = (epochSeconds: number, epochs: number, bytes: number | null) =>
    costSentence(
      {
        ...{ epochSeconds, seconds: epochs * epochSeconds, kept, measured: 8 },
        memory: bytes === null ? null : { bytes, most: 2 ** 32 },
      },
      epochs,
    );
  expect(said(2.2, 10, 24e6)).toBe(
    'About 2.2 s an epoch here, 22 s for all 10; about 24 MB of memory; 308 kB kept, and 1 MB more while it trains.',
  );
  expect(said(220, 50, 2.67e9)).toContain('About 4 min an epoch here, 3 h 3 min for all 50; about 2.7 GB');
  expect(said(0.01, 1, null)).toContain('About 0.1 s an epoch here, 0.1 s for the one; 308 kB kept');
});

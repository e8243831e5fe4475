/**
 * The same page in three engines: it opens, follows pointer and keys, fine-tunes, trains to the numbers of the command
 * line bit for bit, keeps what it trained, and needs no network from the second load on.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { EpochRecord } from '../../src/lab/stage/history';
import type { RunRow } from '../../src/storage/rows';
import type { Tab } from './engine';
import { ENGINES, expect, test } from './fixtures';
import { click, dragTo, framesShown, openLab, ready, TINY } from './lab';

const engineReason = (tab: Tab): Promise<string> =>
  tab.evaluate(
    () => `${window.__orbitLab.lab().backend?.adapter}. ${window.__orbitLab.lab().backend?.reason}`,
  );

test('opens, with threads; the slider follows pointer and keys; past the cliff, fine-tuning', async ({
  tab,
  site,
}) => {
  await openLab(tab, site.url + TINY);
  const cores = await tab.evaluate(() => navigator.hardwareConcurrency);
  expect(await engineReason(tab)).toMatch(cores > 1 ? /^the CPU, \d threads, SIMD/ : /one thread, SIMD/);

  await dragTo(tab, 0.6);
  const dragged = await shown(tab);
  expect(Math.abs(dragged.removed - 0.6 * dragged.units)).toBeLessThanOrEqual(1);
  await tab.perform([{ key: 'ArrowRight' }]);
  await framesShown(tab);
  expect(await shown(tab)).toEqual({ ...dragged, removed: dragged.removed + 1, isItsAccuracyShown: true });

  await dragTo(tab, 0.97);
  await expect.poll(async () => (await finetuning(tab))?.status).toBe('done');
  const tuned = await finetuning(tab);
  if (tuned?.status !== 'done') throw new Error('not done');
  const { accuracy, start, epochs } = tuned.result;
  expect(accuracy).toBe(Math.max(start, ...epochs.map((epoch) => epoch.accuracy)));
  expect(accuracy).toBeGreaterThan(start);
});

test('without memory to share: one thread, and the reason', async ({ engine, site }) => {
  test.skip(engine !== 'webkit', 'only WebKit can be had without');
  const driven = await ENGINES[engine].start({ withoutSharing: true });
  try {
    const tab = await driven.open();
    await openLab(tab, site.url + TINY);
    expect(await engineReason(tab)).toContain(
      'the CPU, one thread, SIMD. WASM was asked for by name. It has one thread: this browser lends workers no memory to share',
    );
  } finally {
    await driven.close();
  }
});

test('trains to the numbers of the command line, bit for bit, and what it trained is kept', async ({
  tab,
  site,
}) => {
  const plan = { arch: 'c4-small', size: 16, epochs: 2, batch: 64, rate: 0.003, seed: 7 };
  const fields = Object.entries(plan).map(([key, value]) => `train.${key}=${value}`);
  await tab.go(`${site.url}?backend=wasm#view=train&${fields.join('&')}`);
  await click(tab, 'Train');
  const rows = (): Promise<readonly RunRow[]> => tab.evaluate(() => window.__orbitLab.training().rows ?? []);
  const isOver = () =>
    tab.evaluate(
      () => window.__orbitLab.training().live === null && window.__orbitLab.training().rows?.[0]?.status,
    );
  await expect.poll(isOver, { timeout: 120_000 }).toBe('done');
  const [{ id, name, recipe, history }] = await rows();
  const sha256 = await tab.evaluate(async (run) => {
    const file = new Uint8Array(await window.__orbitLab.networkFile(run));
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', file));
    return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }, id);
  expect({ history: timeless(history), sha256 }).toEqual(await onCommandLine(recipe));

  // Its ONNX file is run by ONNX Runtime here too, and answers as the lab does.
  await click(tab, 'ONNX, TFLite or C');
  await expect.poll(() => tab.evaluate(isDialogStill)).toBe(true);
  await click(tab, 'Make and try it');
  const said = () => tab.evaluate(() => document.querySelector('[data-testid=onnx-said]')?.textContent ?? '');
  await expect
    .poll(said, { timeout: 60_000 })
    .toMatch(/^Run by ONNX Runtime .*\D0 of 200 answers are other.* turns 0 of its answers change/);

  await tab.reload();
  await click(tab, 'Prune it');
  await ready(tab);
  const opened = await tab.evaluate(() => {
    const main = window.__orbitLab.study().main!;
    return {
      title: window.__orbitLab.lab().opened!.nets.main.title,
      accuracy: main.curves[0].accuracy[0][main.units],
    };
  });
  expect(opened.title).toBe(name);
  expect(opened.accuracy).toBeCloseTo(Math.max(...history.map(({ accuracy }) => accuracy)), 12);
});

// The last: it cuts the site off.
test('the second load needs no network', async ({ tab, site }) => {
  await openLab(tab, site.url + TINY);
  await expect.poll(() => tab.evaluate(() => window.__orbitLab.offline().isKept)).toBe(true);
  await site.cut();
  await expect(fetch(site.url)).rejects.toThrow();
  await tab.reload();
  await ready(tab);
  await dragTo(tab, 0.5);
  expect(await tab.evaluate(() => window.__orbitLab.experiment().setting.removed)).toBeGreaterThan(0);
});

/** Whether the dialog is there and moves no more, so that the pointer meets what is looked at. */
function isDialogStill(): boolean {
  const moves = document.getAnimations().some(({ playState }) => playState === 'running');
  return document.querySelector('[role=dialog]') !== null && !moves;
}

/** Neurons removed, of how many, and whether the accuracy on the page is that of that setting. */
function shown(tab: Tab): Promise<{ removed: number; units: number; isItsAccuracyShown: boolean }> {
  return tab.evaluate(() => {
    const { removed, method, compensation } = window.__orbitLab.experiment().setting;
    const { units, curves } = window.__orbitLab.study().main!;
    const { accuracy } = curves.find((each) => each.method === method && each.compensation === compensation)!;
    const text = document.querySelector('[data-testid=stage-accuracy]')!.textContent!;
    return {
      removed,
      units,
      isItsAccuracyShown: text.startsWith((100 * accuracy[0][units - removed]).toFixed(1)),
    };
  });
}

function finetuning(tab: Tab) {
  return tab.evaluate(() => {
    const { finetunings, settled } = window.__orbitLab.experiment();
    const { method, compensation, removed, scope } = settled;
    return finetunings[`${method} ${compensation} ${removed} ${scope}`] ?? null;
  });
}

const timeless = (history: readonly EpochRecord[]): object[] =>
  history.map(({ seconds: _, ...epoch }) => epoch);

/** What `lab run` makes of a recipe: the numbers of each epoch, and the bytes of the network. */
async function onCommandLine(recipe: object): Promise<{ history: object[]; sha256: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'orbit-engines-'));
  try {
    const [file, out] = [path.join(folder, 'recipe.json'), path.join(folder, 'out')];
    await writeFile(file, JSON.stringify(recipe));
    const args = ['scripts/lab.mjs', 'run', file, '--data', 'synthetic', '--out', out, '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 });
    const [{ epochs }] = (JSON.parse(stdout) as { stages: { epochs: EpochRecord[] }[] }).stages;
    const network = await readFile(path.join(out, 'models', 'train.safetensors'));
    return { history: timeless(epochs), sha256: createHash('sha256').update(network).digest('hex') };
  } finally {
    await rm(folder, { recursive: true });
  }
}

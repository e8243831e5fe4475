/**
 * The Train view: a run as long as a coffee is short, cut off in every way there is, always to the same numbers; and
 * what is kept of it.
 */
import type { Page } from '@playwright/test';
import type { RunRow } from '../src/storage/rows';
import { expect, test } from './fixtures';
import { hold, linkHere, slider, tabTo } from './lab';

// Three page loads with the bench beside: seconds on a quiet machine, minutes on a busy one.
test.setTimeout(300_000);

/** Each field of the form in the link: the tiny network learns the synthetic tiles in a second or two. */
const form = (changes: Record<string, string | number> = {}) => {
  const plan = {
    arch: 'tiny',
    group: 'C4',
    head: 'orbit',
    size: 8,
    epochs: 4,
    batch: 32,
    rate: 0.01,
    seed: 3,
  };
  const fields = Object.entries({ ...plan, ...changes }).map(([key, value]) => `train.${key}=${value}`);
  return `?backend=wasm#view=train&model=tiny&${fields.join('&')}`;
};

/** So many batches that some of an epoch are left where it is held. */
const SMALL = { batch: 8 };

const state = (page: Page) => page.evaluate(() => window.__orbitLab.training());
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const liveOf = async (page: Page) => (await state(page)).live;
const rowsOf = async (page: Page): Promise<readonly RunRow[]> => (await state(page)).rows ?? [];

async function openForm(page: Page, changes?: Record<string, string | number>): Promise<void> {
  await page.goto(form(changes));
  await expect(button(page, 'Train')).toBeEnabled({ timeout: 60_000 });
}

/** Waits until the newest run has come to that, and hands it out. */
async function ended(page: Page, status: RunRow['status'] = 'done'): Promise<RunRow> {
  const now = async () => {
    const { live, rows } = await state(page);
    return live ? 'running' : `${rows?.[0]?.status}. ${rows?.[0]?.message ?? ''}`;
  };
  await expect.poll(now, { timeout: 90_000 }).toMatch(new RegExp(`^${status}\\.`));
  return (await rowsOf(page))[0];
}

async function trained(page: Page): Promise<RunRow> {
  const newest = async () => (await rowsOf(page))[0]?.id;
  const before = await newest();
  await button(page, 'Train').click();
  // Its row may be there before it trains, and be done before anyone has seen it train.
  await expect.poll(newest).not.toBe(before);
  return ended(page);
}

/** Has training wait in an epoch, after its first batch. */
const holdIn = (page: Page, epoch: number) => hold(page, { after: 'batch', from: epoch });

/** Waits until training is held in an epoch. */
async function inEpoch(page: Page, epoch: number): Promise<void> {
  await page.waitForFunction(
    (n) => {
      const live = window.__orbitLab.training().live;
      return live !== null && live.history.length >= n - 1 && live.batch > 0;
    },
    epoch,
    { polling: 20, timeout: 60_000 },
  );
}

/** What has to be the same however often a run was cut off. */
const numbers = ({ history, check, stop, params }: RunRow) => ({
  history: history.map(({ seconds: _, ...epoch }) => epoch),
  check,
  stop,
  params,
});

test('paused, stepped, reloaded in mid-epoch, killed, stopped and continued: the numbers of the run left alone', async ({
  page,
}) => {
  await openForm(page, { epochs: 6, ...SMALL });
  const whole = await trained(page);
  expect(whole.history).toHaveLength(6);
  expect(whole.check?.changed).toBe(0);

  await holdIn(page, 2);
  await button(page, 'Train').click();
  await inEpoch(page, 2);
  await button(page, 'Pause').click();
  await expect(page.getByTestId('run-status')).toHaveAttribute('data-status', 'paused');
  // The batch that was under way comes in, then nothing more.
  const place = async () => {
    const { history, batch } = (await liveOf(page))!;
    return [history.length, batch] as const;
  };
  let resting = await place();
  await expect(async () => {
    const before = resting;
    await page.waitForTimeout(200);
    resting = await place();
    expect(resting).toEqual(before);
  }).toPass();
  for (let steps = 0; steps < 2; steps++) {
    const before = await place();
    await page.getByRole('button', { name: /^(Step one batch|Validate the epoch)$/ }).click();
    await expect.poll(place).not.toEqual(before);
    const [epochs, batch] = await place();
    // One batch, or after the last one the epoch's validation.
    expect(epochs > before[0] ? batch : batch - before[1]).toBe(epochs > before[0] ? 0 : 1);
  }
  await holdIn(page, 3);
  await button(page, 'Resume').click();

  // Cut off by a reload; it goes on by itself.
  await inEpoch(page, 3);
  await page.reload();
  await expect(page.getByRole('status').filter({ hasText: /picked up after epoch 2/ })).toBeVisible({
    timeout: 60_000,
  });
  expect((await liveOf(page))!.resumedFrom).toBe(2);

  // Its worker dies in mid-epoch.
  await holdIn(page, 4);
  await inEpoch(page, 4);
  await page.evaluate(() => window.__orbitLab.terminateTraining());
  await expect(page.getByRole('status').filter({ hasText: 'lost its compute engine' })).toBeVisible({
    timeout: 60_000,
  });

  // Stopped for now, and the page opened anew: nothing trains until it is asked for.
  await holdIn(page, 5);
  await inEpoch(page, 5);
  await button(page, 'Stop for now').click();
  const stopped = await ended(page, 'stopped');
  expect(stopped.history).toHaveLength(4);
  await page.reload();
  await expect(button(page, 'Continue')).toBeEnabled({ timeout: 60_000 });
  expect(await liveOf(page)).toBeNull();
  await hold(page, null);
  await button(page, 'Continue').click();
  const cut = await ended(page);
  expect(numbers(cut)).toEqual(numbers(whole));
  await expect(page.getByTestId('run-check')).toContainText('no answer changes');
});

test('kept runs are renamed, compared by exactly what differs, opened under the slider, used again, deleted', async ({
  page,
}) => {
  await openForm(page, { epochs: 2 });
  await trained(page);
  await openForm(page, { epochs: 2, group: 'C1', seed: 9 });
  const second = await trained(page);

  await page.getByRole('button', { name: 'Actions for tiny 2' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'New name' }).fill('plain one');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Actions for plain one' })).toBeVisible();

  for (const name of ['plain one', 'tiny 1'])
    await page.getByRole('checkbox', { name: `Compare ${name}` }).check();
  const differing = page.getByTestId('comparison-differences').locator('tr');
  expect(await differing.allTextContents()).toEqual(['GroupC4C1', 'Seed39']);
  // The older one is before; fields of four channels are not counted against channels.
  await page.getByTestId('comparison').locator('xpath=ancestor::section').getByText('Layers, speed').click();
  const layers = page.getByRole('dialog', { name: 'Before and after, layer by layer' });
  await expect(layers.getByTestId('layers-beside').getByRole('row', { name: /^conv1/ })).toContainText(
    /lifting ⇒ convolution; 2 fields of 4 ⇒ 2 channels/,
  );
  await layers.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('checkbox', { name: 'Compare tiny 1' }).uncheck();
  await expect(page.getByTestId('comparison')).toHaveCount(0);

  // Reloaded: still there, under its new name; and the bench shows the accuracy that training gave.
  await page.reload();
  await button(page, 'plain one').click();
  await button(page, 'Prune it').click();
  await expect(slider(page)).toBeVisible({ timeout: 60_000 });
  await expect
    .poll(() => page.evaluate(() => window.__orbitLab.lab().status), { timeout: 60_000 })
    .toBe('ready');
  const { baseline, title } = await page.evaluate(() => {
    const main = window.__orbitLab.study().main!;
    return {
      baseline: main.curves[0].accuracy[0][main.units],
      title: window.__orbitLab.lab().opened!.nets.main.title,
    };
  });
  expect(title).toBe('plain one');
  expect(baseline).toBeCloseTo(Math.max(...second.history.map(({ accuracy }) => accuracy)), 12);
  expect(await linkHere(page)).toContain(`model=run:${second.id}`);

  await openForm(page);
  await page.getByRole('button', { name: 'Actions for plain one' }).click();
  await page.getByRole('menuitem', { name: 'Use these settings' }).click();
  expect(await linkHere(page)).toContain('train.group=C1');
  expect(await linkHere(page)).toContain('train.seed=9');
  const saved = page.waitForEvent('download');
  await button(page, 'Save network').click();
  expect((await saved).suggestedFilename()).toMatch(/\.safetensors$/);

  await page.getByRole('button', { name: 'Actions for tiny 1' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await button(page, 'Delete').click();
  await expect(page.getByRole('button', { name: 'Actions for tiny 1' })).toHaveCount(0);
  expect((await rowsOf(page)).map(({ name }) => name)).toEqual(['plain one']);
});

test('a full disk ends training in words, keeps the last epoch, and lets it go on when there is room', async ({
  page,
  baseURL,
}) => {
  const devtools = await page.context().newCDPSession(page);
  const origin = new URL(baseURL!).origin;
  // Chromium asks for the room left only when what it knew of is used up: so it is small from the beginning.
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 200_000 });
  // On larger networks, whose answers are too many to be kept there: those of the smallest would take the room.
  await page.goto(form({ epochs: 1000, ...SMALL }).replace('&model=tiny', ''));
  await expect(button(page, 'Train')).toBeEnabled({ timeout: 60_000 });
  await holdIn(page, 2);
  await button(page, 'Train').click();
  await inEpoch(page, 2);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  // As many epochs as it takes to write that much.
  await hold(page, null);
  await expect(page.getByRole('alert')).toContainText(/disk is full.*Everything up to epoch \d+ is kept/, {
    timeout: 60_000,
  });
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  const kept = (await rowsOf(page))[0].history.length;
  expect(kept).toBeGreaterThanOrEqual(1);
  await button(page, 'Continue').click();
  await page.waitForFunction((n) => (window.__orbitLab.training().live?.history.length ?? 0) > n, kept, {
    timeout: 60_000,
  });
  expect((await liveOf(page))!.resumedFrom).toBeGreaterThanOrEqual(kept);
});

test('a second tab neither takes a run nor deletes it; another engine goes on with it', async ({ page }) => {
  await openForm(page, { epochs: 6, ...SMALL });
  await holdIn(page, 2);
  await button(page, 'Train').click();
  await inEpoch(page, 2);
  const other = await page.context().newPage();
  await other.goto(form());
  await expect(other.getByTestId('runs')).toContainText('in another tab', { timeout: 60_000 });
  await other.getByRole('button', { name: 'Actions for tiny 1' }).click();
  await expect(other.getByRole('menuitem', { name: 'Delete' })).toBeDisabled();
  await expect(other.getByRole('menuitem', { name: 'Continue' })).toBeDisabled();
  expect(await liveOf(page)).not.toBeNull();
  await other.close();

  await page.getByTestId('training-backend').hover();
  await page.getByText('Plain JavaScript', { exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: 'goes on with another engine' })).toBeVisible({
    timeout: 60_000,
  });
  const live = (await liveOf(page))!;
  expect(live.backend?.backend).toBe('cpu');
  expect(live.resumedFrom).toBeGreaterThanOrEqual(1);
});

test('by keyboard alone: start, pause, go on, stop; what cannot be trained is said before', async ({
  page,
}) => {
  await openForm(page, { epochs: 6, ...SMALL });
  // What it takes is told before it begins.
  await button(page, 'What will it take here?').press('Enter');
  await expect(page.getByTestId('cost-here')).toContainText(/^About .* for all 6; about .* of memory/, {
    timeout: 60_000,
  });
  await holdIn(page, 1);
  await button(page, 'Train').focus();
  await page.keyboard.press('Enter');
  await inEpoch(page, 1);
  await tabTo(page, button(page, 'Pause'));
  await page.keyboard.press('Space');
  await expect(button(page, 'Resume')).toBeFocused();
  await holdIn(page, 2);
  await page.keyboard.press('Space');
  await inEpoch(page, 2);
  await button(page, 'Stop for now').focus();
  await page.keyboard.press('Enter');
  await ended(page, 'stopped');

  await page.goto(form({ size: 48 }));
  await expect(page.getByText('do not shrink evenly to 48×48')).toBeVisible();
  await expect(button(page, 'Train')).toBeDisabled();
});

import type { Page } from '@playwright/test';
import type { Hooks } from '../src/app/main';
import type { Setting } from '../src/worker/protocol';
import { expect, test } from './fixtures';

declare global {
  interface Window {
    __orbitLab: Hooks;
  }
}

/** The pair of 8×8 tiles: every part of the page, in a few seconds. */
const TINY = '?pair=tiny';

async function openPage(page: Page, address = TINY): Promise<void> {
  await page.goto(address);
  await expect
    .poll(() => page.evaluate(() => window.__orbitLab.lab().status), { timeout: 60_000 })
    .toBe('ready');
}

const slider = (page: Page) => page.getByRole('slider', { name: 'Hidden neurons removed' });
const setting = (page: Page) => page.evaluate(() => window.__orbitLab.experiment().setting);
/** With ordinary spaces, on one line. */
const textOf = async (page: Page, id: string) =>
  ((await page.getByTestId(id).textContent()) ?? '').replaceAll('\u00a0', ' ').trim();

/** Accuracy of the equivariant network in the store, at the setting shown and with nothing removed. */
function accuracies(page: Page): Promise<{ baseline: number; accuracy: number; share: number }> {
  return page.evaluate(() => {
    const { method, compensation, removed } = window.__orbitLab.experiment().setting;
    const { units, curves } = window.__orbitLab.study().equivariant!;
    const curve = curves.find((each) => each.method === method && each.compensation === compensation)!;
    const [upright] = curve.accuracy;
    return { baseline: upright[units], accuracy: upright[units - removed], share: removed / units };
  });
}

/** What the page knows of the fine-tuning of what was settled on. */
function finetuning(page: Page) {
  return page.evaluate(() => {
    const { settled, finetunings } = window.__orbitLab.experiment();
    const { method, compensation, removed, scope } = settled;
    const found = finetunings[`${method} ${compensation} ${removed} ${scope}`];
    return found
      ? { status: found.status, epochs: found.epochs.length, resumedFrom: found.resumedFrom }
      : null;
  });
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** What the sentence has to say, worked out here from the stored curve. */
function expectedSentence({ baseline, accuracy, share }: Awaited<ReturnType<typeof accuracies>>): RegExp {
  const at = `${Math.round(100 * share)} %`;
  const drop = baseline - accuracy;
  if (share === 0) return new RegExp(`^Nothing is removed yet: accuracy is ${percent(baseline)}\\.$`);
  if (drop > 1e-9) {
    const lost = (100 * drop).toFixed(1);
    const change = `from ${percent(baseline)} to ${percent(accuracy)}: ${lost} points?`;
    return new RegExp(`^At ${at} removed, accuracy fell ${change}\\.$`);
  }
  if (drop < -1e-9) return new RegExp(`^At ${at} removed, accuracy rose by .* to ${percent(accuracy)}`);
  return new RegExp(`(^Nothing was lost up to ${at}|^At ${at} removed, accuracy is )`);
}

test('opens by itself with a live slider, real networks and an honest word about the data', async ({
  page,
}) => {
  await page.goto('');
  await expect(page.getByRole('heading', { name: 'Orbit Lab' })).toBeVisible();
  await expect(slider(page)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('synthetic data')).toBeVisible();
  await expect(page.getByText('Your tiles never leave this computer.')).toBeVisible();
  await expect(page.getByTestId('backend')).toHaveText('WASM');
  await page.getByTestId('backend').click();
  await expect(page.getByTestId('backend-reason')).toContainText('Runs on the CPU, one thread');
  await expect(page.getByTestId('backend-reason')).toContainText('WebGPU was passed over');
});

test('a drag by mouse moves numbers, sentence and cursor as the stored curve says', async ({ page }) => {
  await openPage(page);
  expect(await textOf(page, 'prune-sentence')).toMatch(expectedSentence(await accuracies(page)));
  const before = await textOf(page, 'numbers');

  const thumb = (await slider(page).boundingBox())!;
  const [x, y] = [thumb.x + thumb.width / 2, thumb.y + thumb.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const step of [60, 160, 300, 420]) {
    await page.mouse.move(x + step, y, { steps: 3 });
    const now = await accuracies(page);
    expect(now.share).toBeGreaterThan(0);
    expect(await textOf(page, 'prune-sentence')).toMatch(expectedSentence(now));
    expect(await textOf(page, 'accuracy')).toBe(percent(now.accuracy));
    expect(await textOf(page, 'share')).toBe(`${Math.round(100 * now.share)} %`);
  }
  // Nothing is settled, and nothing fine-tuned, before the pointer lets go.
  expect(await page.evaluate(() => window.__orbitLab.experiment().past.length)).toBe(0);
  await page.mouse.up();
  expect(await page.evaluate(() => window.__orbitLab.experiment().past.length)).toBe(1);
  expect(await textOf(page, 'numbers')).not.toBe(before);
  expect(page.url()).toContain(`removed=${(await setting(page)).removed}`);
});

test('letting go decides on fine-tuning by the two-point rule, and the line climbs or its absence is said', async ({
  page,
}) => {
  await openPage(page, `${TINY}#removed=7`);
  const { baseline, accuracy } = await accuracies(page);
  const drop = (100 * (baseline - accuracy)).toFixed(1);
  if (baseline - accuracy > 0.02 + 1e-9) {
    expect(await textOf(page, 'decision')).toBe(
      `Dropped by ${drop} points: more than 2, so fine-tuning starts.`,
    );
    await expect(page.getByTestId('finetune-status')).toHaveAttribute('data-status', 'done');
    const result = await page.evaluate(() => {
      const [tuned] = Object.values(window.__orbitLab.experiment().finetunings);
      return tuned.status === 'done' ? tuned.result : null;
    });
    expect(result!.baseline).toBeCloseTo(baseline, 6);
    expect(result!.start).toBeCloseTo(accuracy, 6);
    const best = Math.max(result!.start, ...result!.epochs.map((epoch) => epoch.accuracy));
    expect(result!.accuracy).toBeCloseTo(best, 6);
    const said = await textOf(page, 'result');
    expect(said).toContain(`after ${result!.epochs.length} epoch`);
    expect(said).toContain(percent(result!.accuracy));
    await expect(page.getByTestId('rotation-sentence')).toContainText('the fine-tuned equivariant network');
  } else {
    expect(await textOf(page, 'decision')).toMatch(/no fine-tuning needed\.$/);
    expect(await finetuning(page)).toBeNull();
  }
});

test('the rotation check counts changed answers of both networks as stored', async ({ page }) => {
  await openPage(page, `${TINY}#removed=3`);
  const [equivariant, plain, tiles] = await page.evaluate(() => {
    const { equivariant, plain } = window.__orbitLab.study();
    const changed = [equivariant!, plain!].map(({ curves, units }) => {
      const curve = curves.find(({ method, compensation }) => method === 'l2' && compensation === 'none')!;
      return curve.changed[units - Math.round((3 / equivariant!.units) * units)];
    });
    return [...changed, equivariant!.tiles];
  });
  expect(equivariant).toBe(0);
  expect(await textOf(page, 'rotation-sentence')).toContain(
    `the equivariant network changed its mind on 0 of ${tiles} tiles; the plain network on ${plain}`,
  );
});

test('undo, redo and reset bring the setting back, by button and by key', async ({ page }) => {
  await openPage(page);
  await slider(page).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.getByText('Variance', { exact: true }).click();
  const last = await setting(page);
  expect(last).toMatchObject({ removed: 2, method: 'variance' });

  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await setting(page)).toMatchObject({ removed: 2, method: 'l2' });
  await page.keyboard.press('Control+z');
  expect(await setting(page)).toMatchObject({ removed: 1 });
  await page.keyboard.press('Control+Shift+Z');
  await page.getByRole('button', { name: 'Redo' }).click();
  expect(await setting(page)).toEqual(last);
  await expect(page.getByRole('button', { name: 'Redo' })).toBeDisabled();

  await page.getByRole('button', { name: 'Reset' }).click();
  expect((await setting(page)).removed).toBe(0);
  await page.keyboard.press('Control+z');
  expect(await setting(page)).toEqual(last);
});

test('works by keyboard alone', async ({ page }) => {
  await openPage(page);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('role'));
  for (let i = 0; i < 15 && (await focused()) !== 'slider'; i++) await page.keyboard.press('Tab');
  expect(await focused()).toBe('slider');
  await page.keyboard.press('End');
  const units = await page.evaluate(() => window.__orbitLab.study().equivariant!.units);
  expect((await setting(page)).removed).toBe(units - 1);
  await expect(slider(page)).toHaveAttribute(
    'aria-valuetext',
    new RegExp(`^${units - 1} of ${units} neurons removed`),
  );

  const isMethod = () =>
    page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.name === 'method');
  for (let i = 0; i < 15 && !(await isMethod()); i++) await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  expect((await setting(page)).method).toBe('variance');
  await page.keyboard.press('Control+z');
  expect((await setting(page)).method).toBe('l2');
});

test('a link opens the same experiment', async ({ page }) => {
  await openPage(page, `${TINY}#method=variance&compensation=mean&removed=4&scope=output`);
  const wanted: Setting = { method: 'variance', compensation: 'mean', removed: 4, scope: 'output' };
  expect(await setting(page)).toEqual(wanted);
  await expect(page.getByRole('radio', { name: 'Variance' })).toBeChecked();
});

test('a second fine-tuning takes over from the first, which goes on where it was when it is wanted again', async ({
  page,
}) => {
  await openPage(page, `${TINY}#removed=7`);
  test.skip((await finetuning(page)) === null, 'this checkpoint loses too little to need fine-tuning');
  await page.getByText('Output layer', { exact: true }).click();
  await expect.poll(async () => (await finetuning(page))?.status).toBe('done');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await finetuning(page))?.status).toBe('done');
  const done = await page.evaluate(() => Object.keys(window.__orbitLab.experiment().finetunings));
  expect(done.sort()).toEqual(['l2 none 7 head', 'l2 none 7 output']);
});

test('killing the worker in the middle of a fine-tuning loses no epoch and no network', async ({ page }) => {
  await openPage(page, `${TINY}#removed=7&scope=output`);
  test.skip((await finetuning(page)) === null, 'this checkpoint loses too little to need fine-tuning');
  await expect.poll(async () => (await finetuning(page))?.status).toBe('done');
  await page.getByText('Head', { exact: true }).click();
  // The page itself kills the worker after the second epoch.
  await page.waitForFunction(() => {
    const tuned = window.__orbitLab.experiment().finetunings['l2 none 7 head'];
    if (!tuned || tuned.epochs.length < 2) return false;
    window.__orbitLab.terminateWorker();
    return true;
  });
  await expect(page.getByRole('status').filter({ hasText: 'started again' })).toContainText(
    'one fine-tuned network',
  );
  // The curves stay under the pointer meanwhile.
  await expect(slider(page)).toBeVisible();
  await expect.poll(async () => (await finetuning(page))?.status, { timeout: 60_000 }).toBe('done');
  expect((await finetuning(page))!.resumedFrom).toBeGreaterThanOrEqual(1);

  // The network fine-tuned before the crash is still handed out.
  await page.getByRole('button', { name: 'Undo' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save network' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.safetensors$/);
});

test('a missing network is told in a sentence, and Retry mends it', async ({ page }) => {
  await page.context().route('**/models/*.safetensors', (route) => route.abort());
  await page.goto(TINY);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('Could not load the network', { timeout: 30_000 });
  await expect(alert).toContainText('Nothing of yours was lost; try again.');
  await page.context().unroute('**/models/*.safetensors');
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(slider(page)).toBeVisible({ timeout: 60_000 });
  await expect(alert).toBeHidden();
});

test('an unknown pair is refused with the names there are', async ({ page }) => {
  await page.goto('?pair=nonsense');
  await expect(page.getByRole('alert')).toContainText(
    'There is no pair of networks "nonsense". Choose one of: ',
  );
});

test('fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openPage(page, `${TINY}#removed=6`);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

/**
 * The stage: all of it on one screen, tiles that flip and come back, nothing that jumps, ticks that stay fast; by mouse,
 * touch and keyboard; and details that stay open for who opened them.
 */
import type { Page } from '@playwright/test';
import { violations } from './axe';
import { expect, test } from './fixtures';
import { drag, facts, finetuning, letGo, moveTo, opened, percent, press, slider } from './lab';

test.use({ remembers: false });

const tiles = (page: Page) => page.getByRole('list', { name: /^Validation tiles/ }).getByRole('button');
const fates = (page: Page) =>
  tiles(page).evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.fate));
const details = (page: Page) => page.getByRole('button', { name: /^Details/ });
const count = (all: readonly unknown[], what: string) => all.filter((each) => each === what).length;

/** Sums up every layout shift from now on, whatever caused it. */
const watchShifts = (page: Page) =>
  page.evaluate(() => {
    const shifts: string[] = [];
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        sources: { node: Element | null }[];
      })[]) {
        sum += entry.value;
        shifts.push(
          `${entry.value.toFixed(4)} ${entry.sources.map(({ node }) => node?.parentElement?.className || node?.nodeName)}`,
        );
      }
    }).observe({ type: 'layout-shift' });
    Object.assign(window, { __shifts: () => ({ sum, shifts }) });
  });
const shifts = (page: Page) =>
  page.evaluate(() => (window as unknown as { __shifts(): { sum: number; shifts: string[] } }).__shifts());

test('on one screen tiles flip with the slider and come back as epochs go by, and nothing jumps', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.goto('#view=prune');
  await opened(page);
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  expect(whole).toBeLessThanOrEqual(720);
  await expect(tiles(page)).toHaveCount(12);
  expect(new Set(await fates(page))).toEqual(new Set(['same']));

  await watchShifts(page);
  await drag(page, 0.97);
  const during = await facts(page);
  const flipped = count(await fates(page), 'flipped');
  expect(flipped).toBeGreaterThan(0);
  expect(flipped).toBeLessThan(12);
  await expect(page.getByTestId('stage-accuracy')).toHaveText(
    percent(during.main.accuracy).replace(' ', '\u00a0'),
  );
  await expect(page.getByTestId('tally')).toContainText(`${flipped} changed`);
  await moveTo(page, 0.93);
  await letGo(page);
  await expect.poll(async () => (await finetuning(page))?.status, { timeout: 90_000 }).toBe('done');
  const after = await fates(page);
  expect(count(after, 'back')).toBeGreaterThan(0);
  const tuned = (await finetuning(page))!;
  if (tuned.status !== 'done') throw new Error('not done');
  await expect(page.getByTestId('stage-accuracy')).toHaveText(
    percent(tuned.result.accuracy).replace(' ', '\u00a0'),
  );
  // What each epoch answered is told with it, of the tiles on the strip.
  const shown = await page.evaluate(() => [...window.__orbitLab.study().main!.watched.tiles]);
  for (const epoch of tuned.epochs) expect(epoch.watched!.map(([tile]) => tile)).toEqual(shown);
  const { sum, shifts: which } = await shifts(page);
  expect(sum, which.join('\n')).toBeLessThanOrEqual(0.02);

  // Pressing one shows it turned, with what both networks say.
  await tiles(page).first().click();
  const turned = page.getByTestId('turned-tile');
  await expect(turned.getByRole('columnheader')).toHaveText(['0°', '90°', '180°', '270°']);
  await expect(turned.getByRole('rowheader', { name: 'plain' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(turned).toHaveCount(0);
  await expect(tiles(page).first()).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(tiles(page).nth(1)).toBeFocused();
  expect(await violations(page)).toEqual([]);
});

test('details are one step further, and stay open for who opened them', async ({ page }) => {
  await page.goto('#model=tiny');
  await opened(page);
  const method = page.getByRole('radio', { name: 'Method: Variance' });
  await expect(method).toHaveCount(0);
  await details(page).click();
  await expect(method).toBeVisible();
  // What opens the networks anew takes the details away for a while; whoever did it by the keyboard is still there.
  const seed = page.getByRole('textbox', { name: 'Seed' });
  await seed.fill('2');
  await seed.press('Enter');
  await expect(page).toHaveURL(/seed=2/);
  await opened(page);
  await expect(method).toBeVisible();
  await expect(seed).toBeFocused();
  await page.reload();
  await opened(page);
  await expect(method).toBeVisible();
  await details(page).click();
  await page.reload();
  await opened(page);
  await expect(method).toHaveCount(0);
});

test('on a phone: tiles in one row, the slider within reach of the thumb, all in a screen and a half', async ({
  browser,
  baseURL,
}) => {
  const viewport = { width: 390, height: 844 };
  const page = await browser.newPage({ baseURL, viewport, hasTouch: true, isMobile: true });
  await page.goto('#model=tiny');
  await opened(page);
  const tops = await tiles(page).evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top));
  expect(new Set(tops).size).toBe(1);
  const bars = (await page
    .getByRole('region', { name: 'Accuracy when the tiles are turned' })
    .boundingBox())!;
  expect(bars.y + bars.height).toBeLessThanOrEqual(1.5 * viewport.height);
  for (const scroll of [0, 200, 400]) {
    await page.evaluate((top) => scrollTo(0, top), scroll);
    const thumb = (await slider(page).boundingBox())!;
    expect(thumb.y).toBeGreaterThan(viewport.height / 2);
    expect(thumb.y + thumb.height).toBeLessThanOrEqual(viewport.height);
  }
  await page.evaluate(() => scrollTo(0, 0));
  await tiles(page).nth(1).tap();
  await expect(page.getByTestId('turned-tile')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.close();
});

/** Milliseconds that a tick takes with the picture laid out: median over moves past the cliff and back. */
const tick = (page: Page) =>
  page.evaluate(async () => {
    const thumb = document.querySelector<HTMLElement>('[role=slider][aria-label="Hidden neurons removed"]')!;
    const times: number[] = [];
    for (let i = 0; i < 60; i++) {
      const began = performance.now();
      const key = i < 30 ? 'ArrowLeft' : 'ArrowRight';
      thumb.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      await Promise.resolve();
      document.body.getBoundingClientRect();
      times.push(performance.now() - began);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return times.sort((a, b) => a - b)[times.length / 2];
  });

test('flipping tiles cost at most 4 ms a tick', async ({ page }) => {
  const times = { with: [] as number[], without: [] as number[] };
  for (let round = 0; round < 2; round++)
    for (const which of ['without', 'with'] as const) {
      await page.goto(which === 'with' ? '?#ratio=0' : '?hide=tiles#ratio=0');
      await opened(page);
      await slider(page).focus();
      await press(page, 'End');
      times[which].push(await tick(page));
    }
  const [without, withTiles] = [Math.min(...times.without), Math.min(...times.with)];
  console.log(`a tick: ${withTiles.toFixed(1)} ms with tiles, ${without.toFixed(1)} ms without`);
  expect(withTiles - without).toBeLessThanOrEqual(4);
});

test('the opening: a tile turns, two voices, the slider, the recovery; by keyboard; once', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('');
  // The picture does not wait for the networks.
  await expect(page.getByRole('heading', { name: /Two networks look at a tile/ })).toBeVisible();
  const on = page.getByRole('button', { name: 'Now prune them' });
  await expect(on).toBeEnabled({ timeout: 60_000 });
  await expect(
    page.getByText('the plain network changes its mind; the equivariant network does not'),
  ).toBeVisible();
  await expect(page.getByText(/^Found by looking: it is one of \d+ of \d+/)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await on.press('Enter');
  await expect(page.getByRole('heading', { name: /Now prune them/ })).toBeFocused();
  await slider(page).focus();
  await press(page, 'End');
  const recover = page.getByRole('button', { name: 'Let it recover' });
  await expect(recover).toBeEnabled();
  expect(await violations(page)).toEqual([]);
  // It waits to be asked for.
  expect(await finetuning(page)).toBeNull();
  await recover.press('Enter');
  await expect.poll(async () => (await finetuning(page))?.status, { timeout: 90_000 }).toBe('done');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'To the lab' }).press('Enter');
  // The same tile, the same setting.
  await expect(tiles(page)).toHaveCount(12);
  expect(await page.evaluate(() => [...window.__orbitLab.study().main!.watched.tiles])).toContain(377);
  expect((await facts(page)).setting.removed).toBeGreaterThan(0);
  const again = await page.context().newPage();
  await again.goto('');
  await opened(again);
  await again.close();
});

test('the opening is skipped for ever, and a link never shows it', async ({ page }) => {
  await page.goto('#view=prune&model=tiny');
  await opened(page);
  await page.goto('about:blank');
  await page.goto('');
  await page.getByRole('button', { name: 'Skip' }).click();
  await opened(page);
  await page.goto('about:blank');
  await page.goto('');
  await opened(page);
});

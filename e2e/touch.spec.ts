/** A finger on what is turned and dragged: sideways it moves it, up and down the page scrolls. Real touch events. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { finetuning, openLab, slider, TINY } from './lab';

test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

/** Puts a finger down in the middle of something, moves it in steps, and lifts it. */
async function swipe(page: Page, on: Locator, across: number, down: number): Promise<void> {
  await on.scrollIntoViewIfNeeded();
  const box = (await on.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const cdp = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', share: number) =>
    cdp.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x: x + share * across, y: y + share * down }],
    });
  await send('touchStart', 0);
  for (let i = 1; i <= 10; i++) await send('touchMove', i / 10);
  await send('touchEnd', 1);
  await page.waitForTimeout(300);
}

const removed = (page: Page) => page.evaluate(() => window.__orbitLab.experiment().settled.removed);
const scrolled = (page: Page) => page.evaluate(() => scrollY);

test('on the slider and the strip', async ({ page }) => {
  await openLab(page, TINY);
  const track = slider(page).locator('xpath=../..');
  const before = await scrolled(page);
  await swipe(page, track, 0, -200);
  expect(await removed(page)).toBe(0);
  expect(await scrolled(page)).toBeGreaterThan(before + 100);
  await swipe(page, track, 100, 10);
  expect(await removed(page)).toBeGreaterThan(0);
  await page.touchscreen.tap(...(await startOf(track)));
  await expect.poll(() => removed(page)).toBe(0);

  const strip = page.getByRole('slider', { name: 'Neuron to look at' });
  const looked = await strip.getAttribute('aria-valuenow');
  await swipe(page, strip, 0, -150);
  expect(await strip.getAttribute('aria-valuenow')).toBe(looked);
  await swipe(page, strip, -120, 0);
  expect(await strip.getAttribute('aria-valuenow')).not.toBe(looked);
});

async function startOf(track: Locator): Promise<[number, number]> {
  await track.scrollIntoViewIfNeeded();
  const { x, y, height } = (await track.boundingBox())!;
  return [x + 13, y + height / 2];
}

test('on the dial', async ({ page }) => {
  await page.goto(`${TINY}&view=rotate&rotate.nets=synthetic-tiny`);
  const dial = page.getByRole('slider', { name: 'Angle of the tile' });
  await expect(dial).toBeVisible();
  await expect(page.getByTestId('says')).toHaveCount(1, { timeout: 60_000 });
  await dial.scrollIntoViewIfNeeded();
  const before = await scrolled(page);
  await swipe(page, dial, 0, -200);
  await expect(dial).toHaveAttribute('aria-valuenow', '0');
  expect(await scrolled(page)).toBeGreaterThan(before + 100);
  await swipe(page, dial, 90, 60);
  await expect(dial).not.toHaveAttribute('aria-valuenow', '0');
});

test.describe(() => {
  test.use({ remembers: false });

  test('the opening, on one screen each: by taps and a swipe', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto('');
    const fits = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    const on = page.getByRole('button', { name: 'Now prune them' });
    await expect(on).toBeEnabled({ timeout: 60_000 });
    expect(await fits()).toBeLessThanOrEqual(0);
    await tap(page, page.getByRole('button', { name: /^The tile, turned by 90°/ }));
    await expect(page.getByRole('button', { name: /^The tile, upright/ })).toBeVisible();
    await tap(page, on);
    await expect(page.getByRole('heading', { name: /Now prune them/ })).toBeVisible();
    expect(await fits()).toBeLessThanOrEqual(0);
    await swipe(page, slider(page), 290, 5);
    const recover = page.getByRole('button', { name: 'Let it recover' });
    await expect(recover).toBeEnabled();
    await tap(page, recover);
    await expect.poll(async () => (await finetuning(page))?.status, { timeout: 90_000 }).toBe('done');
    expect(await fits()).toBeLessThanOrEqual(0);
    await tap(page, page.getByRole('button', { name: 'To the lab' }));
    await expect(page.getByTestId('tally')).toBeVisible();
  });
});

/** A finger that is put down and lifted again. */
async function tap(page: Page, on: Locator): Promise<void> {
  await swipe(page, on, 0, 0);
}

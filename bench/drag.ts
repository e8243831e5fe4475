/**
 * What the page's main thread does while the slider is dragged with the mouse for four seconds, there and back, and
 * the time one tick of the slider takes.
 */
import type { Page } from 'playwright';
import { columns } from '../cli/node/table';
import type { Stage } from './browser';
import { median, type Say } from './format';
import { motionRows, traced } from './motion';
import { allTiles, liveSlider } from './visit';

const SECONDS = 4;
const TICKS = 60;

export async function drag({ browser, url }: Stage, say: Say): Promise<void> {
  const page = await browser.newPage();
  await page.goto(`${url}#view=prune`);
  await liveSlider(page);
  await allTiles(page);
  say(await dragRows(page, 'default pair, 240 validation tiles'));
  await page.close();
}

/** Rows of figures of a drag on a page whose slider is alive. */
export async function dragRows(page: Page, title: string): Promise<string[]> {
  const ticks = await tickMilliseconds(page);
  const motion = await traced(page, () => dragThereAndBack(page));
  return columns([
    [`a drag of ${SECONDS} s (${title}; headless Chromium, no GPU)`, ''],
    ...motionRows(motion),
    [`slider tick, script and React, median of ${TICKS}, ms`, median(ticks).toFixed(2)],
    ['slider tick, slowest, ms', Math.max(...ticks).toFixed(2)],
  ]);
}

/** From where the thumb stands to the end of the track and back to its beginning, at the rate of a mouse. */
async function dragThereAndBack(page: Page): Promise<void> {
  const thumb = page.locator('[role=slider]').first();
  const at = (await thumb.boundingBox())!;
  const track = (await thumb.locator('xpath=../..').boundingBox())!;
  const y = at.y + at.height / 2;
  await page.mouse.move(at.x + at.width / 2, y);
  await page.mouse.down();
  const began = performance.now();
  for (;;) {
    const share = (performance.now() - began) / (1000 * SECONDS);
    if (share >= 1) break;
    await page.mouse.move(track.x + track.width * (1 - Math.abs(1 - 2 * share)), y);
    await new Promise((resolve) => setTimeout(resolve, 8));
  }
  // Back where nothing is removed, so that no fine-tuning starts.
  await page.mouse.move(track.x - 20, y);
  await page.mouse.up();
}

/** React renders a key press in the microtasks after it, so a tick ends when those are done. */
async function tickMilliseconds(page: Page): Promise<number[]> {
  return page.evaluate(async (ticks) => {
    const slider = document.querySelector<HTMLElement>('[role=slider]')!;
    slider.focus();
    const times: number[] = [];
    for (let i = 0; i < ticks; i++) {
      const began = performance.now();
      const key = i < ticks / 2 ? 'ArrowRight' : 'ArrowLeft';
      slider.dispatchEvent(new KeyboardEvent('keydown', { key, code: key, bubbles: true }));
      for (let turn = 0; turn < 3; turn++) await Promise.resolve();
      times.push(performance.now() - began);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return times;
  }, TICKS);
}

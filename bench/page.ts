/** The page on the built site: cold load to a live slider, and the script time of one slider tick. */
import type { Browser, Page } from 'playwright';
import { columns } from '../cli/work';

const TICKS = 60;

/** Rows of figures; three cold loads, each in a fresh profile. */
export async function measurePage(browser: Browser, url: string): Promise<string[]> {
  const live: number[] = [];
  const ticks: number[] = [];
  for (let visit = 0; visit < 3; visit++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    live.push(await millisecondsToLiveSlider(page, url));
    ticks.push(...(await tickMilliseconds(page)));
    await context.close();
  }
  ticks.sort((a, b) => a - b);
  return columns([
    ['page (Chromium, WASM, default 32×32 pair)', 'milliseconds'],
    ['cold load to live slider, median of 3 fresh profiles', live.sort((a, b) => a - b)[1].toFixed(0)],
    [
      `slider tick, script and React, median of ${ticks.length}`,
      ticks[Math.floor(ticks.length / 2)].toFixed(2),
    ],
    ['slider tick, slowest', ticks.at(-1)!.toFixed(2)],
  ]);
}

async function millisecondsToLiveSlider(page: Page, url: string): Promise<number> {
  const began = performance.now();
  await page.goto(url);
  await page.locator('[role=slider]:not([aria-disabled=true])').first().waitFor();
  return performance.now() - began;
}

/** React renders a key press in the microtasks after it, so a tick ends when those are done. */
async function tickMilliseconds(page: Page): Promise<number[]> {
  return page.evaluate(async (ticks) => {
    const slider = document.querySelector<HTMLElement>('[role=slider]')!;
    slider.focus();
    const times: number[] = [];
    for (let i = 0; i < ticks; i++) {
      const began = performance.now();
      slider.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ArrowRight', code: 'ArrowRight', bubbles: true }),
      );
      for (let turn = 0; turn < 3; turn++) await Promise.resolve();
      times.push(performance.now() - began);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return times;
  }, TICKS);
}

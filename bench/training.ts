/**
 * What the page's main thread does in a minute of training: in the Train and Pipeline views where there is their
 * button, and with the fine-tuning of collapsed networks in the Prune view.
 */
import type { Page } from 'playwright';
import { columns } from '../cli/node/table';
import type { Stage } from './browser';
import type { Say } from './format';
import { type Motion, motionRows, traced } from './motion';
import { allTiles, liveSlider } from './visit';

const SECONDS = Number(process.env.LAB_BENCH_SECONDS ?? 60);
const rest = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

export async function training({ browser, url }: Stage, say: Say): Promise<void> {
  for (const [title, train] of [
    ['the Train view', inView('train', /^Train\b/)],
    ['the Pipeline view', inView('pipeline', /^Run the pipeline/)],
    ['fine-tuning in the Prune view', fineTuning],
  ] as const) {
    const page = await browser.newPage();
    const motion = await train(page, url);
    say(
      motion
        ? columns([[`${SECONDS} s of ${title} (headless Chromium, no GPU)`, ''], ...motionRows(motion)])
        : [`skipped: ${title} (no such button there)`],
    );
    await page.close();
  }
}

function inView(view: string, name: RegExp) {
  return async (page: Page, url: string): Promise<Motion | null> => {
    await page.goto(`${url}#view=${view}`);
    const button = page.getByRole('main').getByRole('button', { name });
    const isThere = await button
      .first()
      .waitFor({ timeout: 60_000 })
      .then(
        () => true,
        () => false,
      );
    if (!isThere) return null;
    return traced(page, async () => {
      await button.first().click();
      await rest(SECONDS);
    });
  };
}

/** One fine-tuning after the other, each of one neuron less. */
async function fineTuning(page: Page, url: string): Promise<Motion> {
  await page.goto(`${url}#view=prune`);
  await liveSlider(page);
  await allTiles(page);
  await page.locator('[role=slider]').first().focus();
  return traced(page, async () => {
    await page.keyboard.press('End');
    const end = performance.now() + 1000 * SECONDS;
    while (performance.now() < end) {
      await rest(Math.min(3, (end - performance.now()) / 1000));
      const status = page.getByTestId('finetune-status');
      const isRunning = await status.getAttribute('data-status').catch(() => null);
      if (isRunning !== 'running' && isRunning !== 'queued') await page.keyboard.press('ArrowLeft');
    }
  });
}

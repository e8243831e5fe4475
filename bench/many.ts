/** The slider over 5,000 validation tiles: how long they take to open, and whether a tick still fits a frame. */
import { columns } from '../cli/node/table';
import type { Stage } from './browser';
import { dragRows } from './drag';
import type { Say } from './format';
import { motionRows, traced } from './motion';
import { allTiles, liveSlider } from './visit';

const MINUTES = 20;

export async function many({ browser, url }: Stage, say: Say): Promise<void> {
  const page = await browser.newPage();
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(0);
  await page.goto(`${url}#model=synthetic-32-many`);
  await liveSlider(page, 60_000 * MINUTES);
  const live = seconds();
  await page.waitForFunction(
    () => window.__orbitLab.lab().progress?.what.startsWith('pruning') && window.__orbitLab.study().peer,
    undefined,
    { timeout: 60_000 * MINUTES },
  );
  const arrival = await traced(page, () => allTiles(page, 60_000 * MINUTES));
  const heap = await page.evaluate(
    () => (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize,
  );
  say(
    columns([
      ['5,000 validation tiles (#model=synthetic-32-many)', ''],
      ['seconds to a live slider', live],
      ['seconds to all tiles', seconds()],
      ['heap of the page, MB', heap === undefined ? 'unknown' : (heap / 1e6).toFixed(0)],
      ['from the first curves of both networks to all tiles:', ''],
      ...motionRows(arrival),
    ]),
  );
  say(await dragRows(page, '5,000 validation tiles'));
  await page.close();
}

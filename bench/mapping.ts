/**
 * What the page does while a scene of 2048×2048 pixels is read, cut and mapped on the Rotate view, from the moment it is
 * given to the last map: how long, how much memory, and what its main thread does meanwhile. Needs `../shared/data`.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright';
import { columns } from '../cli/node/table';
import type { Stage } from './browser';
import type { Say } from './format';
import { motionRows, traced } from './motion';
import { mebibytes, SCENE, scenePath } from './scenes';

/** The pair of small networks, and the pair that the page takes by itself. */
const PAIRS = [['eurosat-c4-twin-small', 'eurosat-base-small'], null];
/** Milliseconds between two readings of the memory. */
const EVERY = 500;

export async function mapping({ browser, url }: Stage, say: Say): Promise<void> {
  const file = scenePath(SCENE);
  if (!existsSync(file)) {
    say(['mapping: left out, ../shared/data is absent']);
    return;
  }
  for (const nets of PAIRS) {
    const page = await browser.newPage();
    await page.goto(`${url}#view=rotate${nets ? `&rotate.nets=${nets.join()}` : ''}`);
    await page.getByTestId('says').nth(1).waitFor({ timeout: 120_000 });
    await page.getByText('Drop or paste').waitFor();
    const memory = await watchMemory(browser, page);
    let milliseconds = 0;
    const motion = await traced(page, async () => {
      const began = performance.now();
      await give(page, file);
      await mapped(page);
      milliseconds = performance.now() - began;
    });
    const { heap, process } = await memory.end();
    const minds = await page.getByTestId('mind').allTextContents();
    say([
      ...columns([
        [`${SCENE} by ${nets?.join(' and ') ?? 'the page’s own choice'}`, ''],
        ['given → eight maps, s', (milliseconds / 1000).toFixed(1)],
        ['script memory of the page (without workers), peak, MiB', mebibytes(heap)],
        ['resident memory of its process (workers too), peak, MiB', process ? mebibytes(process) : 'unknown'],
        ...motionRows(motion),
      ]),
      ...minds,
    ]);
    await page.close();
  }
}

async function give(page: Page, file: string): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose pictures' }).click();
  await (await choosing).setFiles(file);
}

/** Waits until every network has mapped all four turns. */
async function mapped(page: Page): Promise<void> {
  const done = page.getByTestId('mind').filter({ hasText: /^(The same map|Changed its mind)/ });
  await done.nth(1).waitFor({ timeout: 900_000 });
}

/** Reads the page's memory until it is told to end: the most there was, in bytes; 0 where the machine does not say. */
async function watchMemory(browser: Browser, page: Page) {
  const metrics = await page.context().newCDPSession(page);
  await metrics.send('Performance.enable');
  const pids = await renderers(browser);
  let [heap, process] = [0, 0];
  const read = async () => {
    const found = await metrics.send('Performance.getMetrics');
    heap = Math.max(heap, found.metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0);
    for (const pid of pids) process = Math.max(process, await residentBytes(pid));
  };
  let ended = false;
  const reading = (async () => {
    while (!ended) {
      await read();
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  })();
  return {
    async end() {
      ended = true;
      await reading;
      return { heap, process };
    },
  };
}

/** Only one page is open: the largest of these is its process. */
async function renderers(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** Of a process, as Linux tells it; 0 elsewhere. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
}

/**
 * As many tiles as EuroSAT has, in the page: read from a zip and kept, a c4-twin trained on them and evaluated on
 * them. How fast each goes, what the page says of it meanwhile, its memory, its longest task.
 * `LAB_BENCH_TILES` takes fewer, `LAB_BENCH_SECONDS` how long training is looked at.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright';
import { columns } from '../cli/node/table';
import { findChromium, quiet } from '../scripts/chromium.mjs';
import { hasTiles, writeBigZip } from './bigZip';
import type { Stage } from './browser';
import type { Say } from './format';

const TILES = Number(process.env.LAB_BENCH_TILES ?? 27_000);
const SECONDS = Number(process.env.LAB_BENCH_SECONDS ?? 60);
const HOUR = 3_600_000;
/** What a training's epoch is of: three tiles in five. */
const SHARE = 0.6;
/** Few tiles to train on and a fifth to look at, for the time that evaluation takes. */
const EVALUATION = {
  ...{ version: 2, name: 'evaluation', arch: { id: 'c4-twin' }, seed: 1 },
  split: { seed: 1, train: 0.01, val: 0.2, test: 0.79 },
  stages: [
    { kind: 'train', settings: { epochs: 1, batch: 32 } },
    { kind: 'check', part: 'val' },
  ],
};

export async function realSize({ url }: Stage, say: Say): Promise<void> {
  if (!hasTiles()) {
    say(['real-size: left out, ../shared/data is absent']);
    return;
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'orbit-lab-'));
  // With a profile on disk: a private window would hold all that it keeps in memory.
  const context = await chromium.launchPersistentContext(path.join(folder, 'profile'), {
    executablePath: findChromium(),
    args: quiet,
  });
  try {
    const zip = path.join(folder, 'EuroSAT.zip');
    const bytes = await writeBigZip(zip, TILES);
    await context.addInitScript(`{
      const seen = (window.__longTasks = []);
      new PerformanceObserver((list) => seen.push(...list.getEntries().map((each) => each.duration)))
        .observe({ type: 'longtask' });
    }`);
    const page = context.pages()[0] ?? (await context.newPage());
    const watched = new Watch(page, context);
    say([`${TILES} tiles of 64×64 in a zip of ${(bytes / 1e6).toFixed(0)} MB`]);
    await page.goto(`${url}#view=data`);
    await restingPage(page);
    say(await watched.rows('read, decoded, kept', () => importZip(page, zip)));
    await openTraining(page, url);
    await restingPage(page);
    say(await watched.rows(`c4-twin trained for ${SECONDS} s`, () => train(page)));
    say(await watched.rows('evaluated', () => evaluate(page)));
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns what there is to say of it. */
async function importZip(page: Page, zip: string): Promise<string[]> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  const began = performance.now();
  await (await choosing).setFiles(zip);
  const said = await lastSaid(page, '[data-testid=reading]', async () => {
    await page.waitForFunction(
      (count) => {
        const { rows, running, trouble } = window.__orbitLab.datasets();
        if (trouble) throw new Error(trouble);
        return !running && rows?.some((row) => row.count === count);
      },
      TILES,
      { timeout: HOUR },
    );
  });
  const seconds = (performance.now() - began) / 1000;
  return [`read at ${(TILES / seconds).toFixed(0)} tiles/s; the page said “${said}”`];
}

async function openTraining(page: Page, url: string): Promise<void> {
  const data = await page.evaluate((count) => {
    return window.__orbitLab.datasets().rows!.find((row) => row.count === count)!.id;
  }, TILES);
  await page.goto(
    `${url}#view=train&train.arch=c4-twin&train.epochs=1&train.data=${encodeURIComponent(data)}`,
  );
  await page.reload();
}

/** What loading the page costs is measured elsewhere (visit.ts). */
async function restingPage(page: Page): Promise<void> {
  await page.waitForFunction(() => window.__orbitLab?.lab().status === 'ready', undefined, { timeout: HOUR });
  await page.waitForTimeout(3000);
}

async function train(page: Page): Promise<string[]> {
  await page
    .getByRole('main')
    .getByRole('button', { name: /^Train\b/ })
    .first()
    .click();
  const look = () => page.evaluate(() => window.__orbitLab.training().live);
  await page.waitForFunction(() => (window.__orbitLab.training().live?.batch ?? 0) > 4, undefined, {
    timeout: HOUR,
  });
  const [from, began] = [await look(), performance.now()];
  const said = await lastSaid(page, '[data-testid=run-status] ~ dl', () =>
    page.waitForTimeout(1000 * SECONDS),
  );
  const to = await look();
  const seconds = (performance.now() - began) / 1000;
  const rate = ((to!.batch - from!.batch) * to!.batchSize) / seconds;
  const epoch = (SHARE * TILES) / rate;
  await page.getByRole('main').getByRole('button', { name: /^Stop/ }).first().click();
  await page.waitForFunction(() => window.__orbitLab.training().live === null, undefined, { timeout: HOUR });
  const engine = to!.backend?.adapter ?? 'unknown';
  return [
    `c4-twin trains at ${rate.toFixed(1)} tiles/s on ${engine}: an epoch over ${SHARE * TILES} tiles takes ${(epoch / 60).toFixed(1)} minutes; the page said “${said}”`,
  ];
}

/** In the worker of the Prune view: validation in an epoch, and the check at four quarter turns. */
async function evaluate(page: Page): Promise<string[]> {
  const marks = await page.evaluate(
    async ({ recipe, count }) => {
      const marks: [string, number][] = [['began', performance.now()]];
      const data = window.__orbitLab.datasets().rows!.find((row) => row.count === count)!.id;
      await window.__orbitLab.run(
        `evaluation ${Date.now()}`,
        recipe as never,
        // A method, because tsx names functions by a helper that the page does not have.
        (event) =>
          void marks.push([`${event.type} ${'stage' in event ? event.stage : ''}`, performance.now()]),
        data,
      );
      marks.push(['ended', performance.now()]);
      return marks;
    },
    { recipe: EVALUATION, count: TILES },
  );
  const checking = marks.find(([what]) => what === 'stage-started check');
  const [, ended] = marks.at(-1)!;
  const seconds = (ended - (checking?.[1] ?? Number.NaN)) / 1000;
  const tiles = 4 * 0.2 * TILES;
  return [
    `checked at four turns: ${tiles} tiles in ${seconds.toFixed(1)} s, ${(tiles / seconds).toFixed(0)} tiles/s`,
  ];
}

/** What the page said last of the time left, in a place, while `work` went on. */
async function lastSaid(page: Page, place: string, work: () => Promise<unknown>): Promise<string> {
  let said = 'nothing';
  let ended = false;
  const listening = (async () => {
    while (!ended) {
      const text = await page
        .locator(place)
        .first()
        .textContent({ timeout: 1000 })
        .catch(() => null);
      if (text && /left/i.test(text)) said = text;
      await page.waitForTimeout(1000);
    }
  })();
  await work();
  ended = true;
  await listening;
  return said;
}

/** Time, memory and longest task of pieces of work. */
class Watch {
  constructor(
    private readonly page: Page,
    private readonly context: BrowserContext,
  ) {}

  async rows(what: string, work: () => Promise<string[]>): Promise<string[]> {
    // Linux counts the most from here.
    for (const pid of await this.renderers()) await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => {});
    await this.page.evaluate(() => window.__longTasks?.splice(0));
    const began = performance.now();
    const notes = await work();
    const seconds = (performance.now() - began) / 1000;
    const peak = Math.max(...(await Promise.all((await this.renderers()).map(peakBytes))));
    const tasks = await this.page.evaluate(() => window.__longTasks ?? []);
    const longest =
      tasks.length > 0 ? `${Math.max(...tasks).toFixed(0)} (${tasks.length} over 50)` : 'under 50';
    return [
      ...columns([
        [what, ''],
        ['  seconds', seconds.toFixed(1)],
        [
          '  resident memory of the page’s process (workers too), peak, MiB',
          peak > 0 ? (peak / 2 ** 20).toFixed(0) : 'unknown',
        ],
        ['  longest task of the main thread, ms', longest],
      ]),
      ...notes.map((note) => `  ${note}`),
    ];
  }

  /** The page's process holds its workers too. */
  private async renderers(): Promise<number[]> {
    const session = await this.context.browser()!.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  }
}

/** The most of a process that was resident at once, as Linux tells it; 0 elsewhere. */
async function peakBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
}

declare global {
  interface Window {
    __longTasks?: number[];
  }
}

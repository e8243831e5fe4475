/**
 * A first and a second visit to the built page: what is transferred before the first paint, how many requests, first
 * paint, and the time from a cold load to a live slider; also the processor time that all of the browser takes until then,
 * for on a busy machine a visit waits for the others' work too. With another build to hold it against, the visits alternate.
 */
import type { Browser, CDPSession, Page, Request } from 'playwright';
import { columns } from '../cli/node/table';
import type { Stage } from './browser';
import { kilobytes, median, type Say } from './format';

const VISITS = Number(process.env.LAB_BENCH_VISITS ?? 3);

/** How long a visit lasts when all is there, in milliseconds. */
const LOOKING = 1500;
/** A new window: Chromium draws its own parts, which are pages too. That is no part of a visit. */
const OPENING = 2000;

interface Visit {
  /** Milliseconds from the start of the navigation. */
  readonly paint: number;
  readonly live: number;
  readonly ready: number;
  /** Processor time of the browser until the slider is live, in milliseconds. */
  readonly worked: number;
  /** Fetched to the end before the first paint. */
  readonly early: readonly Loaded[];
  readonly requests: number;
  /** Requests to other origins, which must be none. */
  readonly foreign: readonly string[];
}

interface Loaded {
  readonly path: string;
  /** As they came over the wire. */
  readonly bytes: number;
  readonly unpacked: number;
}

export async function visit({ browser, url, against }: Stage, say: Say): Promise<void> {
  const sites = against ? [url, against] : [url];
  const first = sites.map((): Visit[] => []);
  const second = sites.map((): Visit[] => []);
  // The first round warms up, and is not counted.
  for (let round = 0; round <= VISITS; round++) {
    // Each goes first in turn.
    const turn = [...sites.entries()];
    for (const [i, site] of round % 2 ? turn.reverse() : turn) {
      // A service worker fetches all the other files as soon as it can: that is no part of these visits.
      const context = await browser.newContext({ serviceWorkers: 'block' });
      const visits = [await visitOnce(context, site), await visitOnce(context, site)];
      await context.close();
      if (round === 0) continue;
      first[i].push(visits[0]);
      second[i].push(visits[1]);
    }
  }
  const cells = (figure: (site: number) => string) => sites.map((_, i) => figure(i));
  const middle = (visits: Visit[][], of: keyof Visit) =>
    cells((i) => {
      const values = visits[i].map((each) => each[of] as number);
      return `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)})`;
    });
  const bytes = (of: (loaded: Loaded) => number, end = '') =>
    cells((i) =>
      kilobytes(
        first[i][0].early.filter(({ path }) => path.endsWith(end)).reduce((sum, l) => sum + of(l), 0),
      ),
    );
  const served = (loaded: Loaded) => loaded.bytes;
  const unpacked = (loaded: Loaded) => loaded.unpacked;
  say(
    columns([
      [
        `first visit (Chromium ${browser.version()}, WASM, default pair)`,
        'this build',
        ...(against ? ['the other'] : []),
      ],
      ['before first paint, kB as served (gzip)', ...bytes(served)],
      ['  of that scripts', ...bytes(served, '.js')],
      ['  the same files unpacked, kB', ...bytes(unpacked)],
      ['  of that scripts', ...bytes(unpacked, '.js')],
      ['requests until all tiles are done', ...cells((i) => `${first[i][0].requests}`)],
      ['requests to other origins', ...cells((i) => `${first[i].flatMap(({ foreign }) => foreign).length}`)],
      [`milliseconds, median of ${VISITS} (fastest): first paint`, ...middle(first, 'paint')],
      ['  cold load to live slider', ...middle(first, 'live')],
      ['    processor time until then', ...middle(first, 'worked')],
      ['  to all tiles', ...middle(first, 'ready')],
      ['second visit, same profile: first paint', ...middle(second, 'paint')],
      ['  to live slider', ...middle(second, 'live')],
      ['    processor time until then', ...middle(second, 'worked')],
      ['  to all tiles', ...middle(second, 'ready')],
      ...(against
        ? [
            ['ratio to the other: first visit, live', ratio(first, 'live'), ''],
            ['  processor time', ratio(first, 'worked'), ''],
            ['  second visit, live', ratio(second, 'live'), ''],
            ['  processor time', ratio(second, 'worked'), ''],
          ]
        : []),
    ]),
  );
  say(columns([['before first paint', 'kB'], ...first[0][0].early.map((l) => [l.path, kilobytes(l.bytes)])]));
}

const ratio = ([ours, others]: Visit[][], of: 'live' | 'worked'): string =>
  (median(ours.map((v) => v[of])) / median(others.map((v) => v[of]))).toFixed(2);

async function visitOnce(context: Awaited<ReturnType<Browser['newContext']>>, url: string): Promise<Visit> {
  const page = await context.newPage();
  const requests: Request[] = [];
  // The context sees the requests of workers too.
  context.on('request', (request) => requests.push(request));
  await page.waitForTimeout(OPENING);
  const system = await context.browser()!.newBrowserCDPSession();
  const before = await processorTime(system);
  const began = performance.now();
  await page.goto(`${url}#view=prune`, { waitUntil: 'commit' });
  await liveSlider(page);
  const live = performance.now() - began;
  const worked = (await processorTime(system)) - before;
  await system.detach();
  await allTiles(page);
  const ready = performance.now() - began;
  const painted = await page.evaluate(() => {
    const [entry] = performance.getEntriesByName('first-contentful-paint');
    return { at: entry.startTime, origin: performance.timeOrigin };
  });
  const early: Loaded[] = [];
  for (const request of requests) {
    const { startTime, responseEnd } = request.timing();
    if (responseEnd < 0 || startTime + responseEnd > painted.origin + painted.at) continue;
    const { responseBodySize, responseHeadersSize } = await request.sizes();
    const { pathname } = new URL(request.url());
    early.push({
      path: pathname === '/' ? '/index.html' : pathname,
      bytes: responseBodySize + responseHeadersSize,
      unpacked: (await (await request.response())!.body()).length,
    });
  }
  const { origin } = new URL(url);
  const foreign = requests.map((request) => request.url()).filter((each) => !isLocal(each, origin));
  // Whoever comes back has looked at the page for a moment; it keeps what it computed when it is done.
  await page.waitForTimeout(LOOKING);
  await page.close();
  return { paint: painted.at, live, ready, worked, early, requests: requests.length, foreign };
}

/** Of all processes of the browser so far, in milliseconds. */
async function processorTime(system: CDPSession): Promise<number> {
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  return 1000 * processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

const isLocal = (url: string, origin: string): boolean =>
  url.startsWith(origin) || url.startsWith('data:') || url.startsWith('blob:');

/** Waits until the slider can be moved. */
export async function liveSlider(page: Page, timeout = 60_000): Promise<void> {
  await page.locator('[role=slider]:not([aria-disabled=true])').first().waitFor({ timeout });
}

/** Waits until the curves are measured on every tile. */
export async function allTiles(page: Page, timeout = 120_000): Promise<void> {
  await page.waitForFunction(() => window.__orbitLab.lab().status === 'ready', undefined, { timeout });
}

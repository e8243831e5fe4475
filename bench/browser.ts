/** What the parts of the bench share that need a browser: a Chromium, and the built page served. */
import path from 'node:path';
import { type Browser, chromium } from 'playwright';
import { preview } from 'vite';
import { findChromium, quiet, softwareGpu } from '../scripts/chromium.mjs';
import { ensureBuilt } from '../scripts/setup.mjs';
import type { Say } from './format';

/** The first of two ports the bench serves on. */
export const PORT = Number(process.env.LAB_BENCH_PORT ?? 4192);

export interface Stage {
  readonly browser: Browser;
  /** A browser with WebGPU and WebGL emulated in software, which is slower at everything; started when asked for. */
  readonly withGpu: () => Promise<Browser>;
  /** Where the page for tests is served, into which can be looked; built where it is stale. */
  readonly url: string;
  /** Where another build for tests is served, to be held against this one: the folder that LAB_BENCH_AGAINST names. */
  readonly against: string | null;
}

/** A part that gets a browser and the page; says so where there is no Chromium. */
export function browserPart(part: (stage: Stage, say: Say) => Promise<void>): (say: Say) => Promise<void> {
  return async (say) => {
    const executablePath = findChromium();
    if (!executablePath) {
      say(['skipped: a part that needs a browser (no Chromium; name one in LAB_CHROMIUM)']);
      return;
    }
    const launched: Browser[] = [];
    const launch = async (args: readonly string[]) => {
      const browser = await chromium.launch({ executablePath, args: [...args] });
      launched.push(browser);
      return browser;
    };
    // Each as its own settings serve it: headers decide whether there are threads, and older engines stop under them.
    const serve = (dist: string, port: number) =>
      preview({
        root: path.dirname(path.resolve(dist)),
        preview: { port },
        build: { outDir: path.basename(dist) },
        logLevel: 'silent',
      });
    const other = process.env.LAB_BENCH_AGAINST;
    ensureBuilt('testing');
    const servers = [await serve('dist-testing', PORT)];
    if (other) servers.push(await serve(other, PORT + 2));
    const [url, against = null] = servers.map((server) => server.resolvedUrls!.local[0]);
    try {
      await part({ browser: await launch(quiet), withGpu: () => launch(softwareGpu), url, against }, say);
    } finally {
      for (const browser of launched) await browser.close();
      for (const server of servers) await server.close();
    }
  };
}

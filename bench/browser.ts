/** The part of the bench that needs a browser: backends side by side, cold load, and what a slider tick costs. */
import { type Browser, chromium } from 'playwright';
import { createServer, preview } from 'vite';
import { columns } from '../cli/work';
import { findChromium, quiet, softwareGpu } from '../scripts/chromium.mjs';
import { measurePage } from './page';
import type { Measured } from './peer';

const rate = (value: number | null): string =>
  value === null ? 'cannot' : value >= 10 ? value.toFixed(0) : value.toFixed(1);

/** Prints the browser's figures; says so where there is no Chromium. */
export async function benchBrowser(say: (lines: readonly string[]) => void): Promise<void> {
  const executablePath = findChromium();
  if (!executablePath) {
    say(['skipped: the browser part (no Chromium; name one in LAB_CHROMIUM)']);
    return;
  }
  const browser = await chromium.launch({ executablePath, args: [...softwareGpu] });
  try {
    say([`Chromium ${browser.version()}, WebGPU and WebGL emulated in software`]);
    await peers(browser, say);
  } finally {
    await browser.close();
  }
  const plain = await chromium.launch({ executablePath, args: [...quiet] });
  const server = await preview({ preview: { port: 4193 }, logLevel: 'silent' });
  try {
    say(await measurePage(plain, server.resolvedUrls!.local[0]));
  } finally {
    await plain.close();
    await server.close();
  }
}

/** c4-small on each backend: ours, and tfjs's layers API with the same channels. */
async function peers(browser: Browser, say: (lines: readonly string[]) => void): Promise<void> {
  const server = await createServer({ logLevel: 'silent', server: { port: 4192 } });
  await server.listen();
  try {
    const rows: string[][] = [
      [
        'c4-small (32×32), tiles per second',
        'ours: training',
        'inference',
        'layers API: training',
        'inference',
      ],
    ];
    for (const [backend, tiles, batch] of [
      ['wasm', 128, 32],
      ['webgl', 32, 16],
      ['webgpu', 32, 16],
    ] as const) {
      const page = await browser.newPage();
      await page.goto(`${server.resolvedUrls!.local[0]}bench/peer.html`);
      await page.waitForFunction(() => 'measure' in window);
      const measured: Measured | string = await page
        .evaluate(([name, n, b]) => window.measure(name, n, b), [backend, tiles, batch] as const)
        .catch((error: Error) => error.message.split('\n')[0]);
      rows.push(peerRow(backend, measured));
      await page.close();
    }
    say(columns(rows));
  } finally {
    await server.close();
  }
}

function peerRow(backend: string, measured: Measured | string): string[] {
  if (typeof measured === 'string') return [`${backend}: ${measured}`, '–', '–', '–', '–'];
  const { adapter, ours, layers } = measured;
  const peer = layers ?? { training: null, inference: Number.NaN };
  return [
    `${backend} (${adapter})`,
    rate(ours.training),
    rate(ours.inference),
    rate(peer.training),
    rate(peer.inference),
  ];
}

/** c4-small in Chromium on each backend: ours, and tfjs's layers API with the same channels. */
import path from 'node:path';
import { createServer } from 'vite';
import { columns } from '../cli/node/table';
import { PORT, type Stage } from './browser';
import { rate, type Say } from './format';
import type { Measured } from './peer';

const WHOLE_TFJS = path.resolve('node_modules/@tensorflow/tfjs/dist/index.js');

export async function backends({ withGpu }: Stage, say: Say): Promise<void> {
  const browser = await withGpu();
  const server = await createServer({
    logLevel: 'silent',
    server: { port: PORT + 1 },
    // The page itself leaves the layers API out.
    resolve: { alias: [{ find: /^@tensorflow\/tfjs$/, replacement: WHOLE_TFJS }] },
  });
  await server.listen();
  try {
    const rows: string[][] = [
      [
        `c4-small (32×32), tiles per second; Chromium ${browser.version()}, GPU emulated in software`,
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
      rows.push(rowOf(backend, measured));
      await page.close();
    }
    say(columns(rows));
  } finally {
    await server.close();
  }
}

function rowOf(backend: string, measured: Measured | string): string[] {
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

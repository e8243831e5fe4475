/**
 * `npm run bench -- gpu`: the lab on WebGPU, in Node by Dawn and in a page of Chromium, on whatever adapter each finds.
 * `npm run bench -- gpu --pack FOLDER`: makes a folder that does the first on a machine without a network.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { findChromium, quiet, softwareGpu } from '../../scripts/chromium.mjs';
import { PORT } from '../browser';
import type { Say } from '../format';
import { useDawn } from './dawn';
import { fetchDawn } from './fetched';
import { pack } from './pack';
import { runGpu } from './run';

export const gpu =
  (folder: string | undefined) =>
  async (say: Say): Promise<void> => {
    if (folder) return pack(folder, say);
    await inNode(say).catch((error: Error) => say([`in Node: ${error.message}`]));
    await inPage(say).catch((error: Error) => say([`in a page: ${error.message.split('\n')[0]}`]));
  };

async function inNode(say: Say): Promise<void> {
  await useDawn(await import(pathToFileURL(path.join(fetchDawn(), 'index.js')).href));
  await runGpu(`Node ${process.version}`, process.env, say);
}

/** A real adapter if Chromium has one. */
const realGpu = [
  ...quiet,
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-angle=vulkan',
  '--ignore-gpu-blocklist',
];

async function inPage(say: Say): Promise<void> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('skipped, no Chromium (name one in LAB_CHROMIUM)');
  const server = await createServer({
    logLevel: 'silent',
    server: { port: PORT + 3 },
    resolve: {
      // The page itself leaves the layers API out.
      alias: [
        {
          find: /^@tensorflow\/tfjs$/,
          replacement: path.resolve('node_modules/@tensorflow/tfjs/dist/index.js'),
        },
      ],
    },
  });
  await server.listen();
  try {
    for (const args of [realGpu, softwareGpu]) {
      const browser = await chromium.launch({ executablePath, args });
      try {
        const page = await browser.newPage();
        await page.goto(`${server.resolvedUrls!.local[0]}bench/gpu/page.html?ask`);
        const hasAdapter = await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter()));
        if (!hasAdapter) continue;
        await page.waitForFunction(() => 'measureGpu' in window);
        const { NETS, TILES, BATCH, MATMUL, PEERS } = process.env;
        const told = Object.fromEntries(
          Object.entries({ NETS, TILES, BATCH, MATMUL, PEERS }).filter(([, word]) => word !== undefined),
        );
        say([
          `Chromium ${browser.version()}`,
          await page.evaluate((words) => window.measureGpu(words), told),
        ]);
        return;
      } finally {
        await browser.close();
      }
    }
    throw new Error('skipped, Chromium has no WebGPU adapter');
  } finally {
    await server.close();
  }
}

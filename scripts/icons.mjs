/** `node scripts/icons.mjs`: the pictures that a home screen wants, drawn from public/icon.svg. Run when that changes. */
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright';
import { findChromium } from './chromium.mjs';

/** Side in pixels, share of it that the drawing takes, and what lies under it. A launcher may cut a fifth off a masked one. */
const ICONS = [
  { name: 'icon-192', side: 192, share: 1, ground: 'transparent' },
  { name: 'icon-512', side: 512, share: 1, ground: 'transparent' },
  { name: 'icon-masked', side: 512, share: 0.66, ground: '#fff' },
  { name: 'icon-touch', side: 180, share: 0.8, ground: '#fff' },
];

const svg = await readFile('public/icon.svg', 'utf8');
const browser = await chromium.launch({ executablePath: findChromium() });
for (const { name, side, share, ground } of ICONS) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  await page.setContent(
    `<style>html{background:${ground}}body{margin:0;height:100vh;display:grid;place-content:center}svg{width:${side * share}px}</style>${svg}`,
  );
  await page.screenshot({ path: `public/${name}.png`, omitBackground: true });
  await page.close();
}
await browser.close();

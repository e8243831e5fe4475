/**
 * What a page goes through: left and loaded anew at 0 to 2,000 ms after each thing that begins work, twenty times each
 * (LAB_BENCH_TRIES), and its storage deleted in each view. Counts what vanished, and what was said wrongly. Takes a quarter
 * of an hour: LAB_BENCH_ONLY=Train,Map,deletions runs these alone.
 */
import { crc32, deflateSync } from 'node:zlib';
import type { Browser, Page } from 'playwright';
import { columns } from '../cli/node/table';
import { packDataset } from '../src/lab/data/readers/packed';
import { syntheticDataset } from '../src/lab/data/synthetic';
import type { Stage } from './browser';
import type { Say } from './format';

const TRIES = Number(process.env.LAB_BENCH_TRIES ?? 20);
const ONLY = process.env.LAB_BENCH_ONLY?.split(',');
const isAsked = (name: string): boolean => !ONLY || ONLY.includes(name);
/** The longest wait before the page is left, in milliseconds. */
const LONGEST = 2000;
/** How long a page may take to say what became of it, in milliseconds. */
const PATIENCE = 60_000;

interface Act {
  readonly name: string;
  /** Opens the page, and comes back when the thing that begins work can be pressed. */
  open(page: Page, url: string): Promise<void>;
  begin(page: Page): Promise<void>;
  /** Whether what was begun is there, or it is said what became of it. */
  isThere(page: Page): Promise<boolean>;
}

const TINY = 'arch=tiny&$.size=8&$.epochs=30&$.rate=0.01&$.seed=3';
const formOf = (view: string, prefix: string, own: string) =>
  `?backend=wasm#view=${view}&${own
    .split('&')
    .map((field) => field.replace(/^(\$\.)?/, `${prefix}.`))
    .join('&')}`;
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const enabled = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true, disabled: false }).waitFor({ timeout: PATIENCE });

/** Whether a run is there that this act has begun. */
const hasRun = (page: Page, kind: string) =>
  page.evaluate((wanted) => {
    const training = (
      window as unknown as { __orbitLab: { training(): { rows: { kind: string }[] | null } } }
    ).__orbitLab.training();
    return training.rows?.some((row) => row.kind === wanted) ?? false;
  }, kind);
const says = async (page: Page, words: RegExp) => (await page.getByText(words).count()) > 0;

function acts(tiles: Buffer, scene: Buffer): Act[] {
  return [
    {
      name: 'Train',
      async open(page, url) {
        await page.goto(url + formOf('train', 'train', TINY));
        await enabled(page, 'Train');
      },
      begin: (page) => press(page, 'Train'),
      isThere: (page) => hasRun(page, 'training'),
    },
    {
      name: 'Run the pipeline',
      async open(page, url) {
        await page.goto(url + formOf('pipeline', 'pipe', TINY.replace('$.size=8&', '')));
        await enabled(page, 'Run the pipeline');
      },
      begin: (page) => press(page, 'Run the pipeline'),
      isThere: (page) => hasRun(page, 'pipeline'),
    },
    {
      name: 'Fine-tune',
      async open(page, url) {
        await page.goto(`${url}?backend=wasm#view=fields&model=tiny&fields.ratio=0.5`);
        await page
          .getByRole('button', { name: /^Fine-tune/, disabled: false })
          .waitFor({ timeout: PATIENCE });
      },
      begin: (page) => page.getByRole('button', { name: /^Fine-tune/ }).click(),
      // It goes on by itself, or it was so short that its measurement is there.
      isThere: async (page) =>
        (await page.getByRole('button', { name: 'Stop', exact: true }).count()) > 0 ||
        (await says(page, /fine-tuned|Go on|after fine-tuning/i)),
    },
    {
      name: 'Import',
      async open(page, url) {
        await page.goto(`${url}#view=data`);
        await page.getByTestId('drop-zone').waitFor({ timeout: PATIENCE });
      },
      begin: (page) =>
        page
          .locator('input[type=file]')
          .first()
          .setInputFiles({ name: 'tiles.orbit', mimeType: 'application/octet-stream', buffer: tiles }),
      isThere: async (page) =>
        (await says(page, /was cut off when the page was left/)) ||
        (await page.getByRole('button', { name: /^tiles/ }).count()) > 0,
    },
    {
      name: 'Map',
      async open(page, url) {
        await page.goto(`${url}?backend=wasm#view=rotate&model=tiny`);
        await page
          .getByRole('button', { name: /Choose/ })
          .first()
          .waitFor({ timeout: PATIENCE });
        await page.waitForTimeout(500);
      },
      begin: (page) =>
        page
          .locator('input[type=file]')
          .first()
          .setInputFiles({ name: 'scene.png', mimeType: 'image/png', buffer: scene }),
      isThere: (page) => says(page, /(was cut off|was open here) when the page was left/),
    },
  ];
}

export async function faults({ browser, url }: Stage, say: Say): Promise<void> {
  const tiles = Buffer.from(packDataset({ ...syntheticDataset(), name: 'tiles', title: 'tiles' }));
  const scene = pngOf(900, 700, (x, y, channel) => (x * 7 + y * 3 + channel * 71) % 256);
  for (const act of acts(tiles, scene).filter(({ name }) => isAsked(name))) {
    let there = 0;
    const vanished: number[] = [];
    for (let i = 0; i < TRIES; i++) {
      const wait = Math.round((LONGEST * i) / Math.max(1, TRIES - 1));
      if (await survives(browser, url, act, wait)) there++;
      else vanished.push(wait);
    }
    const when = vanished.length > 0 ? `; vanished when left after ${vanished.join(', ')} ms` : '';
    say([`Loaded anew after ${act.name}: there, or told, ${there} of ${TRIES} times${when}`]);
  }
  if (!isAsked('deletions')) return;
  say([
    'Storage deleted under the page:',
    ...columns([['view', 'that it was deleted', '“nothing was lost”'], ...(await deletions(browser, url))]),
  ]);
}

async function survives(browser: Browser, url: string, act: Act, wait: number): Promise<boolean> {
  // Each try has a browser of its own that keeps nothing yet.
  const context = await browser.newContext({ serviceWorkers: 'block' });
  try {
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    await act.open(page, url);
    await act.begin(page);
    await page.waitForTimeout(wait);
    await page.reload();
    const until = Date.now() + PATIENCE;
    while (Date.now() < until) {
      if (await act.isThere(page).catch(() => false)) return true;
      await page.waitForTimeout(200);
    }
    return false;
  } finally {
    await context.close();
  }
}

/** A picture of three colours. */
function pngOf(width: number, height: number, at: (x: number, y: number, channel: number) => number): Buffer {
  const lines = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++)
        lines[y * (1 + 3 * width) + 1 + 3 * x + channel] = at(x, y, channel);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    magic,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const VIEWS = ['prune', 'rotate', 'fields', 'train', 'pipeline', 'adapt', 'data', 'paper', 'learn'];

/** Deletes the storage in each view, with a run in it, and looks at what is said. */
async function deletions(browser: Browser, url: string): Promise<(string | number)[][]> {
  const rows: (string | number)[][] = [];
  for (const view of VIEWS) {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.goto(url + formOf('train', 'train', TINY.replace('epochs=30', 'epochs=1')));
    await enabled(page, 'Train');
    await press(page, 'Train');
    await page.getByTestId('run-check').waitFor({ timeout: PATIENCE });
    await page.goto(`${url}#model=tiny&view=${view}`);
    await page.waitForTimeout(3000);
    await page.evaluate(
      () => new Promise((resolve) => (indexedDB.deleteDatabase('orbit-lab').onsuccess = resolve)),
    );
    await page.waitForTimeout(1500);
    const told = await says(page, /deleted meanwhile, and with it 1\srun/);
    const wrong = await says(page, /[Nn]othing of yours was lost/);
    rows.push([view, told ? 'told' : 'NOT TOLD', wrong ? 'SAID' : 'not said']);
    await context.close();
  }
  return rows;
}

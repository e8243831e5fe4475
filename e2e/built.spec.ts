/**
 * The page as people open it, not the one for tests: it has no hooks and is the same otherwise; and its policy stops what it
 * forbids, in the page and in each worker, on a static host too. In three engines: engines/policy.spec.ts.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { type TestServer, testServer, whole } from '../src/lab/data/testing/server';
import { slider, TINY } from './lab';
import { stoppedIn, tryForbidden } from './policy';
import { type Host, type Site, serveSite } from './site';

const test = base.extend<{ site: Site }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are needed from here.
  site: async ({}, use) => {
    const site = await serveSite('start', 'dist');
    await use(site);
    await site.remove();
  },
});

const HOOK = '__orbitLab';
/** The channel by which jobs are held: in the page's script and in the worker's. */
const HOLDS = 'orbit-lab-holds';

/** The names of the built files that say a word. */
async function filesWith(folder: string, word: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const { parentPath, name } of files.filter((each) => each.isFile()))
    if ((await readFile(path.join(parentPath, name))).includes(word)) found.push(name);
  return found;
}

/** What is in each built script and style sheet, without the hashes in the names of others: they change with these. */
async function nameless(folder: string): Promise<Set<string>> {
  const files = (await readdir(`${folder}/assets`)).filter((name) => /\.(js|css)$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(`${folder}/assets/${name}`, 'utf8')));
  return new Set(texts.map((text) => text.replace(/-[\w-]{8}(?=\.(js|css|wasm|woff2)\b)/g, '')));
}

test('the page has no hooks; the one for tests differs in the two scripts that have them alone', async ({
  page,
  site,
}) => {
  expect(await filesWith('dist', HOOK)).toEqual([]);
  expect(await filesWith('dist', HOLDS)).toEqual([]);
  expect(await filesWith('dist-testing', HOOK)).toHaveLength(1);
  expect(await filesWith('dist-testing', HOLDS)).toHaveLength(2);
  const [own, tested] = [await nameless('dist'), await nameless('dist-testing')];
  expect(own.size).toBe(tested.size);
  expect([...own].filter((text) => !tested.has(text))).toHaveLength(2);

  await page.goto(site.url + TINY);
  await expect(slider(page)).toBeEnabled({ timeout: 60_000 });
  expect(await page.evaluate((name) => name in window, HOOK)).toBe(false);
});

/** Each realm of the page that answers; threads of the kernels sleep between jobs. */
async function realms(page: Page, ask: string) {
  const asleep = new Promise<null>((resolve) => setTimeout(resolve, 3000, null));
  const ours = page.evaluate(tryForbidden, ask);
  const answers = [ours, ...page.workers().map((worker) => worker.evaluate(tryForbidden, ask))];
  return (await Promise.all(answers.map((each) => Promise.race([each, asleep])))).filter(
    (each) => each !== null,
  );
}

/** A server that lets anybody read what it has. */
async function stranger(): Promise<TestServer> {
  const server = await testServer();
  server.handler = whole(new Uint8Array(9), { 'Access-Control-Allow-Origin': '*' });
  return server;
}

for (const host of ['static', 'start'] satisfies Host[])
  test.describe(host, () => {
    test.use({ serviceWorkers: 'allow' });
    test('what the policy forbids is stopped, on the first visit and on the second', async ({ page }) => {
      const [site, other] = [await serveSite(host, 'dist'), await stranger()];
      await page.goto(site.url + TINY);
      for (const visit of [1, 2]) {
        await expect(slider(page)).toBeEnabled({ timeout: 60_000 });
        const all = await realms(page, other.base);
        expect(all.length, `visit ${visit}`).toBeGreaterThanOrEqual(2);
        for (const realm of all) expect(realm).toEqual(stoppedIn);
        await page.evaluate(async () => void (await navigator.serviceWorker.ready));
        await page.reload();
      }
      expect(other.asked).toEqual([]);
      const { headers } = await page.evaluate(async (url) => {
        const response = await fetch(url);
        return { headers: Object.fromEntries(response.headers) };
      }, `${site.url}index.html`);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('SAMEORIGIN');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'self'");

      // In another's frame: the header stops it, or the page itself, which says where it is.
      other.handler = (_, response) =>
        response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<iframe src="${site.url}"></iframe>`);
      await page.goto(other.base);
      const frame = page.frames().at(-1)!;
      const stops = () => frame.url().startsWith('chrome-error:');
      const says = () => frame.getByRole('link', { name: 'Open it by itself' }).isVisible();
      // On a static host the service worker sends the header, in browsers that let it reach into another's frames.
      await expect.poll(async () => stops() || (host === 'static' && says()), { timeout: 60_000 }).toBe(true);
      await expect(frame.getByRole('slider')).toHaveCount(0);
      await site.remove();
      await other.close();
    });
  });

/** The page as people open it, not the one for tests: it has no hooks and is the same otherwise. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test as base, expect } from '@playwright/test';
import { slider, TINY } from './lab';
import { type Site, serveSite } from './site';

const test = base.extend<{ site: Site }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are needed from here.
  site: async ({}, use) => {
    const site = await serveSite('start', 'dist');
    await use(site);
    await site.remove();
  },
});

const HOOK = '__orbitLab';

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

test('the page has no hooks; the one for tests differs in one script alone', async ({ page, site }) => {
  expect(await filesWith('dist', HOOK)).toEqual([]);
  expect(await filesWith('dist-testing', HOOK)).toHaveLength(1);
  const [own, tested] = [await nameless('dist'), await nameless('dist-testing')];
  expect(own.size).toBe(tested.size);
  expect([...own].filter((text) => !tested.has(text))).toHaveLength(1);

  await page.goto(site.url + TINY);
  await expect(slider(page)).toBeEnabled({ timeout: 60_000 });
  expect(await page.evaluate((name) => name in window, HOOK)).toBe(false);
});

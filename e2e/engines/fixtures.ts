/** `test` with a browser of the project's engine, started once, and a tab in it on a site of its own. */
import { test as base, expect } from '@playwright/test';
import { type Site, serveSite } from '../site';
import { chromium } from './chromium';
import type { Browser, Engine, Tab } from './engine';
import { firefox } from './firefox';
import { webkit } from './webkit';

export { expect };

/** Project → engine. */
export const ENGINES: Readonly<Record<string, Engine>> = { chromium, firefox, webkit };

interface PerTest {
  /** Skips the test where its engine is missing. */
  readonly installed: undefined;
  readonly tab: Tab;
}
interface PerWorker {
  /** The project's. */
  readonly engine: string;
  readonly site: Site;
  readonly driven: Browser;
}

export const test = base.extend<PerTest, PerWorker>({
  engine: ['', { scope: 'worker', option: true }],
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are needed from here.
    async ({}, use) => {
      const site = await serveSite('start');
      await use(site);
      await site.remove();
    },
    { scope: 'worker' },
  ],
  driven: [
    async ({ engine }, use) => {
      const driven = await ENGINES[engine].start();
      await use(driven);
      await driven.close();
    },
    { scope: 'worker' },
  ],
  installed: [
    async ({ engine }, use, testInfo) => {
      const { missing } = ENGINES[engine];
      testInfo.skip(missing !== null, missing ?? '');
      await use(undefined);
    },
    { auto: true },
  ],
  tab: async ({ driven }, use) => {
    const before = driven.troubles?.length ?? 0;
    const tab = await driven.open();
    await use(tab);
    await tab.close();
    expect(driven.troubles?.slice(before) ?? []).toEqual([]);
  },
});

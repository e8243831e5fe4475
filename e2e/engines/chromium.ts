/** Chromium, by Playwright. */
import { chromium as playwright } from '@playwright/test';
import { findChromium, quiet } from '../../scripts/chromium.mjs';
import { type Browser, type Engine, inPage, type Tab } from './engine';

const executablePath = findChromium();

export const chromium: Engine = {
  missing: executablePath ? null : 'Chromium is not installed: apt-get install chromium',
  workerThreads: 'DedicatedWorker',
  async start() {
    const server = await playwright.launchServer({ executablePath, args: quiet });
    const browser = await playwright.connect(server.wsEndpoint());
    const context = await browser.newContext();
    const troubles: string[] = [];
    context.on('weberror', (error) => troubles.push(`uncaught: ${error.error().message}`));
    context.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    return {
      pid: server.process().pid,
      troubles,
      open: async () => tabOf(await context.newPage()),
      close: () => server.close(),
    } satisfies Browser;
  },
};

function tabOf(page: import('@playwright/test').Page): Tab {
  return {
    go: async (address) => void (await page.goto(address)),
    reload: async () => void (await page.reload()),
    async evaluate(f, ...args) {
      return JSON.parse(await page.evaluate(`(${inPage(f)})(${JSON.stringify(JSON.stringify(args))})`));
    },
    async perform(gestures) {
      for (const each of gestures) {
        if ('to' in each) await page.mouse.move(each.to.x, each.to.y);
        else if ('pointer' in each) await page.mouse[each.pointer]();
        else await page.keyboard.press(each.key);
      }
    },
    close: () => page.close(),
  };
}

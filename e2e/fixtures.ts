/**
 * `test` with a page that fails its test on a console error, an uncaught error, or a request to another origin. Unless a walk says
 * otherwise (`remembers`), it was here before and has the details behind the stage open.
 */
import { test as base, expect } from '@playwright/test';
import { withDetails } from './lab';

export { expect };

export const test = base.extend<{ remembers: boolean }>({
  remembers: [true, { option: true }],
  page: async ({ page, baseURL, remembers }, use) => {
    if (remembers) await withDetails(page);
    const origin = new URL(baseURL!).origin;
    const troubles: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(`console error: ${message.text()}`);
    });
    page.on('pageerror', (error) => troubles.push(`uncaught error: ${error.message}`));
    // The context sees the requests of workers too.
    page.context().on('request', (request) => {
      const url = new URL(request.url());
      const isLocal = url.origin === origin || url.protocol === 'data:' || url.protocol === 'blob:';
      if (!isLocal) troubles.push(`request to another origin: ${url.href}`);
    });
    await use(page);
    expect(troubles).toEqual([]);
  },
});

/** `test` with a page that fails its test on a console error, an uncaught error, or a request to another origin. */
import { test as base, expect } from '@playwright/test';

export { expect };

export const test = base.extend({
  page: async ({ page, baseURL }, use) => {
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

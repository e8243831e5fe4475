/**
 * The page's policy in three engines, on a static host that sends no header: the page lives under it, and it stops what it
 * forbids, workers included. The page is the one that people open.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { testServer, whole } from '../../src/lab/data/testing/server';
import { askWorker, stoppedIn, stoppedInPage, tryForbidden, tryInPage } from '../policy';
import { serveSite } from '../site';
import { expect, test } from './fixtures';
import { dragTo, TINY } from './lab';

test('what the policy forbids is stopped, in the page and in a worker; a stranger is never asked', async ({
  driven,
}) => {
  const [site, stranger] = [await serveSite('static', 'dist'), await testServer()];
  stranger.handler = whole(new Uint8Array(9), { 'Access-Control-Allow-Origin': '*' });
  // A file of the host's own, as the page's workers are.
  const probe = `(${tryForbidden})(${JSON.stringify(stranger.base)}).then((outcome) => postMessage(outcome));`;
  await writeFile(path.join(site.folder, 'assets', 'probe.js'), probe);
  const tab = await driven.open();
  try {
    await tab.go(site.url + TINY);
    const isLive = () => {
      const slider = document.querySelector('[role=slider]');
      return slider !== null && slider.getAttribute('aria-disabled') !== 'true';
    };
    await expect.poll(() => tab.evaluate(isLive)).toBe(true);
    await dragTo(tab, 0.5);
    expect(driven.troubles ?? []).toEqual([]);

    expect(await tab.evaluate(tryForbidden, stranger.base)).toEqual(stoppedIn);
    expect(await tab.evaluate(tryInPage, stranger.base)).toEqual(stoppedInPage);
    expect(await tab.evaluate(askWorker, `${site.url}assets/probe.js`)).toEqual(stoppedIn);
    expect(stranger.asked).toEqual([]);
  } finally {
    await tab.close();
    await site.remove();
    await stranger.close();
  }
});

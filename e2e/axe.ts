/** axe on the page, for the walks that have it look. */
import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { animationsEnded } from './lab';

/** What axe finds on the page as it stands, one line for each element; empty where all is well. */
export async function violations(page: Page): Promise<string[]> {
  await animationsEnded(page);
  // Not by a function made of text in the page, which its policy forbids.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  });
}

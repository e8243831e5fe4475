/** Pictures of the lessons, on request (`npm run screenshots`): those that docs/in-class.md shows, and the others among the results. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { bet, lessonPanel, openLab } from './lab';

const results = 'test-results/screenshots';
const shown = process.env.LAB_SCREENSHOTS;

/** The lessons at the steps that show most, with what is done there. */
const LESSONS: readonly (readonly [id: string, step: number, reach: (page: Page) => Promise<void>])[] = [
  ['equivariance', 1, tryIt],
  ['mind', 1, (page) => expect(lessonBoard(page)).toContainText('In truth')],
  ['collapse', 1, (page) => bet(page, 0.7)],
  ['dead', 4, answerFirst],
  ['broken', 2, tryIt],
  ['broken', 4, tearOff],
  ['broken', 5, answerFirst],
  ['fast', 3, tryIt],
  ['integers', 2, answerFirst],
  ['upright', 2, answerFirst],
];

/** Of these the pictures at 1280 × 720 by day are kept beside the README's. */
const LESSON_SCREENS = {
  desktop: { width: 1280, height: 720 },
  phone: { width: 390, height: 844 },
  projector: { width: 1920, height: 1080 },
} as const;

for (const screen of Object.keys(LESSON_SCREENS) as (keyof typeof LESSON_SCREENS)[]) {
  for (const scheme of ['light', 'dark'] as const) {
    if (!shown) continue;
    test(`pictures of the lessons: ${screen}, ${scheme}`, async ({ page }) => {
      test.slow();
      const { width, height } = LESSON_SCREENS[screen];
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height });
      for (const [id, step, reach] of LESSONS) {
        // By its own query each begins with a page of its own.
        await openLab(page, `?picture=${id}-${step}#lesson=${id}&step=${step}`);
        await reach(page);
        await page.evaluate(() => document.fonts.ready);
        const isShown = screen === 'desktop' && scheme === 'light';
        const name = isShown ? `${id}-${step}` : `${id}-${step}-${screen}-${scheme}`;
        const file = path.join(isShown ? shown : results, 'lessons', `${name}.png`);
        await page.screenshot({ path: file });
        expect((await stat(file)).size).toBeGreaterThan(5_000);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    });
  }
}

const lessonBoard = (page: Page) => page.getByRole('region', { name: /^In the lesson/ });

async function tryIt(page: Page): Promise<void> {
  const done = lessonPanel(page).getByTestId('lesson-said').getByText('Done.');
  if ((await done.count()) === 0)
    await lessonPanel(page)
      .getByRole('button', { name: /for me$|^Prune it|^Race/ })
      .click();
  await expect(done).toBeVisible({ timeout: 90_000 });
}

async function answerFirst(page: Page): Promise<void> {
  await lessonPanel(page).getByRole('radio').first().check();
  await lessonPanel(page).getByRole('button', { name: 'Answer', exact: true }).click();
  await expect(lessonPanel(page).getByTestId('lesson-answer')).toBeVisible({ timeout: 90_000 });
}

async function tearOff(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Tear off a petal' }).click({ timeout: 90_000 });
  await expect(page.getByTestId('orbit-error')).toHaveAttribute('data-broken', 'true', { timeout: 90_000 });
}

/** Every lesson from its first step to its score: tried, bet and answered by mouse, by touch, by keyboard. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { openLab, lessonPanel as panel, TINY } from './lab';

const IDS = ['equivariance', 'mind', 'collapse', 'dead', 'broken', 'fast', 'integers', 'upright'];
const SLOW = { timeout: 120_000 };

const score = (page: Page) => page.getByTestId('score');

type Press = (what: Locator) => Promise<unknown>;

const WAYS: Readonly<Record<string, Press>> = {
  mouse: (what) => what.click(),
  touch: (what) => what.tap(),
  keyboard: async (what) => {
    await what.focus();
    await what.press((await what.getAttribute('type')) === 'radio' ? 'Space' : 'Enter');
  },
};

for (const [way, press] of Object.entries(WAYS)) {
  test.describe(way, () => {
    test.use({ hasTouch: way === 'touch' });

    // Each of their parts is walked in learn.spec.ts.
    test('every lesson is walked to its score', { tag: '@thorough' }, async ({ page }) => {
      test.slow();
      await openLab(page, TINY);
      await page.getByRole('link', { name: 'Learn', exact: true }).click();
      await expect(page.getByRole('main').locator('ol > li')).toHaveCount(IDS.length);
      for (const id of IDS) {
        await page.goto(`${new URL(page.url()).search}${TINY}&lesson=${id}&step=1`);
        await expect(panel(page)).toBeVisible(SLOW);
        await toTheScore(page, press);
        await expect(score(page), id).not.toContainText('not answered');
        await press(panel(page).getByRole('button', { name: 'All lessons' }));
        await expect(panel(page)).toHaveCount(0);
      }
    });
  });
}

async function toTheScore(page: Page, press: Press): Promise<void> {
  const on = panel(page).getByRole('button', { name: /^(Next|Finish)$/ });
  for (let step = 0; step < 12 && (await on.count()) > 0; step++) {
    await doTheStep(page, press);
    const heading = await panel(page).getByRole('heading').first().innerText();
    await press(on);
    await expect(panel(page).getByRole('heading').first()).not.toHaveText(heading);
  }
  await expect(score(page)).toBeVisible();
}

/** What a step asks for: a curve, an answer, or something to try. */
async function doTheStep(page: Page, press: Press): Promise<void> {
  const bet = panel(page).getByRole('button', { name: 'That is my bet' });
  const answer = panel(page).getByRole('button', { name: 'Answer', exact: true });
  const attempt = panel(page).getByRole('button', { name: /for me$|^(Prune it|Race|Round it|Train|Turn) / });
  if ((await bet.count()) > 0) {
    // A curve has handles for every way.
    await page
      .getByRole('slider', { name: /^Accuracy with/ })
      .last()
      .press('End');
    await press(bet);
  } else if ((await answer.count()) > 0) {
    await press(panel(page).getByRole('radio').first());
    await press(answer);
  } else {
    if ((await attempt.count()) > 0) {
      await press(attempt.first());
      await expect(panel(page).getByTestId('lesson-said')).toContainText('Done.', SLOW);
    }
    return;
  }
  await expect(panel(page).getByTestId('lesson-answer')).toBeVisible(SLOW);
}

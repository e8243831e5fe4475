/**
 * Pictures of the page: each view on a desktop, a phone and a projector, light and dark. `npm run screenshots` writes
 * those that the README shows to docs/images; the others, and all of them in a test run, go to the results, so that
 * the tree stays clean.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { finetuning, openLab, press, slider } from './lab';

const results = 'test-results/screenshots';
const shown = process.env.LAB_SCREENSHOTS ?? results;

/** How each view is reached, after the lab is open. Adding a view is adding a line. */
const VIEWS: Record<string, (page: Page) => Promise<void>> = {
  prune: collapseAndRecover,
  rotate: turnATile,
  fields: pruneFields,
  train: trainARun,
  pipeline: runAPipeline,
  adapt: (page) => openView(page, 'Adapt'),
  data: (page) => openView(page, 'Data'),
  paper: (page) => openView(page, 'Paper'),
  learn: (page) => openView(page, 'Learn'),
  // Stays open, so it comes last.
  lesson: answerAQuestion,
};

const SCREENS = {
  desktop: { width: 1280, height: 800, search: '' },
  phone: { width: 390, height: 844, search: '' },
  projector: { width: 1920, height: 1080, search: '?size=projector' },
} as const;
type Screen = keyof typeof SCREENS;

/** What the README shows; names of the files. */
const SHOWN = [
  'prune',
  'prune-dark',
  'prune-phone',
  'prune-projector',
  'rotate',
  'fields',
  'train',
  'lesson',
];

/** A thorough test run makes those of one screen, so that all can be made on request (other widths: access.spec.ts). */
const all = process.env.LAB_SCREENSHOTS !== undefined;

/** The runs on the pictures of Train and Pipeline: some worth looking at where the picture is to be shown. */
const run = all
  ? '#train.arch=c4-small&train.epochs=6'
  : '#train.arch=tiny&train.epochs=3&pipe.arch=tiny&pipe.epochs=2';

for (const screen of Object.keys(SCREENS) as Screen[]) {
  for (const scheme of ['light', 'dark'] as const) {
    if (!all && (screen !== 'projector' || scheme !== 'dark')) continue;
    test(`pictures: ${screen}, ${scheme}`, { tag: all ? [] : '@thorough' }, async ({ page }) => {
      if (all) test.slow();
      const { width, height, search } = SCREENS[screen];
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height });
      await openLab(page, search + run);
      for (const [view, reach] of Object.entries(VIEWS)) {
        await reach(page);
        await page.evaluate(() => document.fonts.ready);
        const parts = [view, screen === 'desktop' ? '' : screen, scheme === 'light' ? '' : scheme];
        const name = parts.filter(Boolean).join('-');
        const file = path.join(SHOWN.includes(name) ? shown : results, `${name}.png`);
        await page.screenshot({ path: file, fullPage: screen !== 'projector' && view !== 'lesson' });
        expect((await stat(file)).size).toBeGreaterThan(5_000);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    });
  }
}

/** The lessons at the steps that show most, with what is done there. */
const LESSONS: readonly (readonly [id: string, step: number, reach: (page: Page) => Promise<void>])[] = [
  ['equivariance', 1, tryIt],
  ['mind', 1, (page) => expect(lessonBoard(page)).toContainText('In truth')],
  ['collapse', 1, bet],
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
} as const;

for (const screen of Object.keys(LESSON_SCREENS) as (keyof typeof LESSON_SCREENS)[]) {
  for (const scheme of ['light', 'dark'] as const) {
    if (!all) continue;
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

const lessonPanel = (page: Page) => page.getByRole('complementary', { name: /^Lesson/ });
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

/** A straight line down, where a hand would draw one. */
async function bet(page: Page): Promise<void> {
  const plot = (await page.getByTestId('sketch').boundingBox())!;
  await page.mouse.move(plot.x + 2, plot.y + 0.1 * plot.height);
  await page.mouse.down();
  await page.mouse.move(plot.x + plot.width - 2, plot.y + 0.7 * plot.height, { steps: 20 });
  await page.mouse.up();
  await lessonPanel(page).getByRole('button', { name: 'That is my bet' }).click();
}

async function tearOff(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Tear off a petal' }).click({ timeout: 90_000 });
  await expect(page.getByTestId('orbit-error')).toHaveAttribute('data-broken', 'true', { timeout: 90_000 });
}

async function collapseAndRecover(page: Page): Promise<void> {
  const { units } = await page.evaluate(() => window.__orbitLab.study().main!);
  await slider(page).focus();
  await press(page, 'End');
  for (let i = 0; i < Math.round(0.08 * units); i++) await press(page, 'ArrowLeft');
  await page.waitForTimeout(600);
  if (await finetuning(page))
    await expect.poll(async () => (await finetuning(page))?.status, { timeout: 90_000 }).toBe('done');
}

async function turnATile(page: Page): Promise<void> {
  await openView(page, 'Rotate');
  await page.getByRole('button', { name: '90°', exact: true }).click();
  await expect(page.getByTestId('steady').last()).toContainText('of all 24 angles', { timeout: 120_000 });
}

async function pruneFields(page: Page): Promise<void> {
  await openView(page, 'Fields');
  const measured = page.locator('[data-testid=fields-measured][data-known=true]');
  await expect(measured).toBeVisible({ timeout: 120_000 });
}

async function trainARun(page: Page): Promise<void> {
  await openView(page, 'Train');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByTestId('run-check')).toBeVisible({ timeout: 300_000 });
}

async function runAPipeline(page: Page): Promise<void> {
  await openView(page, 'Pipeline');
  await page.getByRole('button', { name: 'Run the pipeline', exact: true }).click();
  const check = page.getByTestId('stage').last();
  await expect(check).toHaveAttribute('data-state', 'done', { timeout: 600_000 });
}

async function answerAQuestion(page: Page): Promise<void> {
  // Of networks that nothing was removed from.
  await openView(page, 'Prune');
  await slider(page).focus();
  await press(page, 'Home');
  await openView(page, 'Learn');
  const entry = page.getByRole('listitem', { name: 'What is equivariance?' });
  await entry.getByRole('button', { name: 'Start' }).click();
  const panel = page.getByRole('complementary', { name: /^Lesson/ });
  for (const title of ['Why it need not change its mind', 'How it does that', 'Now all of them']) {
    await panel.getByRole('button', { name: 'Next' }).click();
    await expect(panel.getByRole('heading', { name: title })).toBeFocused();
  }
  await panel.getByRole('radio').first().check();
  await panel.getByRole('button', { name: 'Answer', exact: true }).click();
  await expect(panel.getByTestId('lesson-answer')).toBeVisible();
}

async function openView(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();
  await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
}

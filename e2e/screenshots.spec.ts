/**
 * Pictures of the page: the first screens, and each view, on a desktop, a phone and a projector, light and dark. `npm run
 * screenshots` writes those that the README shows to docs/images; the others, and all of them in a test run, go to the
 * results, so that the tree stays clean.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { animationsEnded, drag, finetuning, opened, openLab, press, slider } from './lab';

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

/** What is seen first, in its order, by who was never here; then what else is made to be seen whole. */
const FIRST: Record<string, (page: Page) => Promise<unknown>> = {
  'opening-turn': (page) =>
    expect(
      page.getByText('the plain network changes its mind; the equivariant network does not'),
    ).toBeVisible({ timeout: 90_000 }),
  'opening-prune': storyPruned,
  'opening-recover': storyRecovered,
  'stage-recovered': toTheStage,
  stage: stageAtRest,
  'stage-collapsed': stageCollapsed,
  orbit: (page) => turnAndTear(page, false),
  'orbit-torn': (page) => turnAndTear(page, true),
  present: (page) => present(page, 'equivariance', 2),
  'present-question': (page) => present(page, 'collapse', 3),
};

const SCREENS = {
  desktop: { width: 1280, height: 720, search: '' },
  phone: { width: 390, height: 844, search: '' },
  projector: { width: 1920, height: 1080, search: '?size=projector' },
} as const;
type Screen = keyof typeof SCREENS;

/** What the README shows; names of the files. */
const SHOWN = [
  'opening-turn',
  'stage-recovered',
  'orbit-torn',
  'prune',
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
        await take(page, [view, screen, scheme], screen !== 'projector' && view !== 'lesson');
      }
    });

    test.describe(() => {
      test.use({ remembers: false });

      test(`pictures of the first screens: ${screen}, ${scheme}`, {
        tag: all ? [] : '@thorough',
      }, async ({ page }) => {
        const { width, height } = SCREENS[screen];
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height });
        // The bare address alone has an opening.
        await page.goto('');
        for (const [name, reach] of Object.entries(FIRST)) {
          await reach(page);
          await take(page, [name, screen, scheme], false);
        }
      });
    });
  }
}

/** A picture of the window, or of the whole page, by what it shows. */
async function take(page: Page, [what, screen, scheme]: [string, Screen, string], whole: boolean) {
  await page.evaluate(() => document.fonts.ready);
  await animationsEnded(page);
  const parts = [what, screen === 'desktop' ? '' : screen, scheme === 'light' ? '' : scheme];
  const name = parts.filter(Boolean).join('-');
  const file = path.join(SHOWN.includes(name) ? shown : results, `${name}.png`);
  await page.screenshot({ path: file, fullPage: whole });
  expect((await stat(file)).size).toBeGreaterThan(5_000);
  const { width } = SCREENS[screen];
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
}

/** Past the cliff, in the opening. */
async function storyPruned(page: Page): Promise<void> {
  const on = page.getByRole('button', { name: 'Now prune them' });
  await expect(on).toBeEnabled();
  await on.click();
  await pastTheCliff(page);
}

async function pastTheCliff(page: Page): Promise<void> {
  const { units } = await page.evaluate(() => window.__orbitLab.study().main!);
  await slider(page).focus();
  await press(page, 'End');
  for (let i = 0; i < Math.round(0.07 * units); i++) await press(page, 'ArrowLeft');
}

async function storyRecovered(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Let it recover' }).click();
  await expect.poll(async () => (await finetuning(page))?.status, { timeout: 90_000 }).toBe('done');
}

async function toTheStage(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'To the lab' }).click();
  await opened(page);
  await expect(page.getByTestId('tally')).toBeVisible();
  await expect(page.getByRole('img', { name: /^Validation accuracy against/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Accuracy when the tiles are turned' })).toBeVisible();
}

async function stageAtRest(page: Page): Promise<void> {
  await opened(page);
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.evaluate(() => scrollTo(0, 0));
}

/** With the button still down: nothing recovers yet. */
async function stageCollapsed(page: Page): Promise<void> {
  await page.evaluate(() => scrollTo(0, 0));
  await drag(page, 0.95);
}

async function turnAndTear(page: Page, torn: boolean): Promise<void> {
  await page.mouse.up();
  if (!torn) await openView(page, 'Rotate');
  const card = page.getByRole('region', { name: 'The orbit of one filter' });
  await expect(card.getByTestId('orbit')).toBeVisible({ timeout: 120_000 });
  if (torn) {
    await card.getByRole('button', { name: 'Tear off a petal' }).click();
    await expect(card.getByTestId('orbit-error')).toHaveAttribute('data-broken', 'true');
  } else await card.getByRole('button', { name: 'Turn the tile' }).click();
  await card.evaluate((element) => element.scrollIntoView({ block: 'start' }));
}

/** A step of a lesson in front of a class. */
async function present(page: Page, lesson: string, step: number): Promise<void> {
  const { search } = new URL(page.url());
  await page.goto('about:blank');
  await page.goto(`${search}#view=prune&ratio=0&lesson=${lesson}&step=${step}&present=1`);
  await opened(page);
  await expect(page.getByRole('complementary', { name: /^Lesson/ }).getByRole('heading')).toBeVisible();
  await page.waitForTimeout(600);
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
  await page.getByRole('slider', { name: 'Share removed' }).focus();
  for (let percent = 0; percent < 30; percent++) await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('fields-points').locator('tbody tr')).toHaveCount(2, { timeout: 120_000 });
  await expect(measured).toBeVisible({ timeout: 120_000 });
  await expect(page.getByTestId('orbit')).toBeVisible({ timeout: 120_000 });
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

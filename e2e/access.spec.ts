/**
 * Access: axe’s rules on every view and state, on a desktop and at 390 px, light and dark; the first minute by Tab alone with a visible
 * focus at each stop; 200 % zoom, reduced motion and forced colours.
 */
import type { Page } from '@playwright/test';
import { loadEncoders, picture, png } from '../src/lab/data/testing/pictures';
import { violations } from './axe';
import { expect, test } from './fixtures';
import { animationsEnded, facts, finetuning, hold, openLab, press, slider, TINY, withDetails } from './lab';

/** The smallest networks to turn tiles in front of, and forms of runs that take seconds. */
const FORMS =
  'rotate.nets=synthetic-tiny,synthetic-tiny-plain&train.arch=tiny&train.epochs=8&train.rate=0.01&pipe.arch=tiny&pipe.epochs=2&pipe.rate=0.01';

/** The states that a page goes through, one after the other on one page load. Adding one is adding a line. */
const STATES: readonly (readonly [string, (page: Page) => Promise<unknown>])[] = [
  ['slider alive', (page) => openLab(page, `${TINY}&${FORMS}`)],
  ['collapsed and fine-tuned', collapse],
  ['where it is wrong', lookedWrong],
  ['engine menu', (page) => openMenu(page, /Compute engine/)],
  ['page menu', (page) => openMenu(page, 'Page menu')],
  ['an explanation', explanation],
  ['glossary', openGlossary],
  ['save menu', (page) => openMenu(page, 'Save: accuracy curves')],
  ['Rotate: a tile', (page) => rotated(page, /^Highway/, 'steady', 'of all 24 angles')],
  ['Rotate: a petal torn off', tornPetal],
  ['Rotate: a scene', (page) => rotated(page, /^Scene/, 'mind', 'The same map at all four turns')],
  ['Fields, measured', measuredFields],
  ['Train', (page) => showView(page, 'Train')],
  ['Pipeline', (page) => showView(page, 'Pipeline')],
  ['Adapt', (page) => showView(page, 'Adapt')],
  ['Tasks: flows', (page) => otherTask(page, 'Flows', 'flow-sentence')],
  ['Tasks: detection', (page) => otherTask(page, 'Detection', 'scene-tally')],
  ['Data', (page) => showView(page, 'Data')],
  ['Paper', (page) => showView(page, 'Paper')],
  ['Learn', (page) => showView(page, 'Learn')],
];

/** In front of a class the way to the other views is hidden: so these come last. */
const LESSON_STATES: typeof STATES = [
  ['a lesson', openLesson],
  ['a lesson in front of a class', presentLesson],
];

/** What a run goes through, and two of them beside each other. */
const RUN_STATES: typeof STATES = [
  ['a run paused', pausedRun],
  ['a run done', (page) => endedRun(page, 'Resume')],
  ['help for small data, all of it open', optionsOpen],
  ['where a run is wrong', lookedWrong],
  ['two runs compared', comparedRuns],
  ['a pipeline paused', pausedPipeline],
  ['a pipeline done', endedPipeline],
];

/** Where a test run takes its time, a desktop too, and every state in both. */
const isThorough = process.env.VITE_LAB_THOROUGH === '1';

for (const [width, tag, states] of [
  [1280, '@thorough', [...STATES, ...LESSON_STATES]],
  [390, '@phone', [...STATES, ...RUN_STATES, ...LESSON_STATES]],
] as const) {
  test(`axe finds nothing, and nothing overflows: ${width} px, light and dark`, { tag }, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 844 });
    for (const [i, [name, reach]] of states.entries()) {
      const schemes = (['dark', 'light'] as const).filter((_, j) => isThorough || j === i % 2);
      await test.step(name, async () => {
        await reach(page);
        for (const colorScheme of schemes) {
          await page.emulateMedia({ colorScheme });
          expect.soft(await violations(page), `${name}, ${colorScheme}`).toEqual([]);
        }
        const needed = await page.evaluate(() => document.documentElement.scrollWidth);
        expect.soft(needed, name).toBeLessThanOrEqual(width);
        await page.keyboard.press('Escape');
      });
    }
  });
}

test('axe finds nothing: while opening, where a model is missing, and on a tile that was answered', async ({
  browser,
  baseURL,
}) => {
  // Not the fixture's page: here the browser itself logs the failed request.
  const page = await browser.newPage({ baseURL, reducedMotion: 'reduce' });
  const held: (() => void)[] = [];
  await page.route('**/models/index.json', async (route) => {
    await new Promise<void>((resolve) => held.push(resolve));
    await route.continue();
  });
  await page.route('**/*.safetensors', (route) => route.fulfill({ status: 404, body: '' }));
  await withDetails(page);
  await page.goto(TINY);
  await expect(page.getByRole('heading', { name: 'Opening the lab' })).toBeVisible();
  expect.soft(await violations(page), 'opening').toEqual([]);
  await expect.poll(() => held.length).toBeGreaterThan(0);
  await page.unroute('**/models/index.json');
  for (const release of held) release();
  await expect(page.getByRole('alert')).toBeVisible({ timeout: 30_000 });
  expect.soft(await violations(page), 'a missing model').toEqual([]);
  await page.unroute('**/*.safetensors');
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(slider(page)).toBeVisible({ timeout: 60_000 });
  await loadEncoders();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a tile' }).click();
  const buffer = Buffer.from(await png(picture(64, 64, 3)));
  await (await chooser).setFiles({ name: 'noise.png', mimeType: 'image/png', buffer });
  await expect(page.getByTestId('tile-answers')).toBeVisible({ timeout: 30_000 });
  expect.soft(await violations(page), 'a tile answered').toEqual([]);
  await page.close();
});

test('the first minute by Tab alone, with a visible focus at every stop', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openLab(page, TINY);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'To the experiment' })).toBeFocused();
  await focusShows(page);
  await page.keyboard.press('Enter');
  await tabTo(page, 'Hidden neurons removed');
  await press(page, 'ArrowRight');
  expect((await facts(page)).setting.removed).toBe(1);
  await press(page, 'ArrowUp');
  expect((await facts(page)).setting.removed).toBe(2);
  await press(page, 'End');
  const { main, setting } = await facts(page);
  expect(setting.removed).toBe(main.units - 1);

  // What came of it is said, not only drawn.
  const said = () =>
    page.locator('[aria-live]').evaluateAll((all) => all.map(({ textContent }) => textContent).join(' '));
  expect(await said()).toMatch(/removed|lost/);
  if (main.baseline - main.accuracy > 0.02) {
    await expect.poll(async () => (await finetuning(page))?.status, { timeout: 60_000 }).toBe('done');
    await expect.poll(said).toMatch(/epochs?/);
  }
  await page.keyboard.press('Control+z');
  expect((await facts(page)).setting.removed).toBeLessThan(setting.removed);
  await page.keyboard.press('Control+Shift+z');
  expect((await facts(page)).setting.removed).toBe(setting.removed);

  // Back to the header by the same key, in the other direction: page menu, colours, engine.
  await tabTo(page, 'Page menu', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await choose(page, 'Turn the tiles');
  const part = page.getByRole('menuitemcheckbox', { name: 'Turn the tiles' });
  await expect(part).toHaveAttribute('aria-checked', 'false');
  await choose(page, 'Projector size');
  await expect(page.locator('html')).toHaveAttribute('data-size', 'projector');
  await page.keyboard.press('Escape');
  await tabTo(page, /Compute engine/, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await choose(page, 'WASM');
  await expect.poll(() => page.evaluate(() => window.__orbitLab.lab().preference)).toBe('wasm');
  await tabTo(page, 'Train', 'Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'Train' })).toHaveAttribute('aria-current', 'page');
});

test('at 200 % zoom nothing is cut off', async ({ browser, baseURL }) => {
  const viewport = { width: 640, height: 400 };
  const page = await browser.newPage({ baseURL, viewport, deviceScaleFactor: 2 });
  await openLab(page, TINY);
  for (const name of ['Prune', 'Rotate', 'Fields', 'Train', 'Pipeline', 'Adapt', 'Data', 'Paper', 'Learn']) {
    await showView(page, name);
    expect.soft(await overflowing(page), name).toEqual([]);
  }
  await page.close();
});

test('with reduced motion nothing moves by itself', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openLab(page, TINY, false);
  await slider(page).focus();
  await press(page, 'End');
  expect(await running(page)).toEqual([]);
  await openMenu(page, 'Page menu');
  expect(await running(page)).toEqual([]);
});

test('forced colours: the slider, the tabs and the chosen method can be told', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  await openLab(page, TINY);
  await slider(page).focus();
  await focusShows(page);
  // Its way is drawn, though grounds vanish.
  const way = await slider(page)
    .locator('xpath=..')
    .evaluate((track) => getComputedStyle(track, '::before').borderTopWidth);
  expect(Number.parseFloat(way)).toBeGreaterThan(0);
  const current = page.getByRole('link', { name: 'Prune' });
  const [own, other] = await Promise.all(
    [current, page.getByRole('link', { name: 'Data' })].map((link) =>
      link.evaluate((e) => {
        const { backgroundColor, color, textDecorationLine, borderBottomColor } = getComputedStyle(e);
        return [backgroundColor, color, textDecorationLine, borderBottomColor].join();
      }),
    ),
  );
  expect(own).not.toBe(other);
  // Charts are drawn in the system's colours.
  const accent = '.recharts-line-curve[stroke="var(--accent)"]';
  await expect(page.locator(accent).first()).toBeAttached();
  const [line, link] = await page.evaluate((accent) => {
    const probe = document.body.appendChild(document.createElement('span'));
    const resolved = (colour: string) => {
      probe.style.cssText = `color: ${colour}; forced-color-adjust: none`;
      return getComputedStyle(probe).color;
    };
    const curve = document.querySelector(accent)!;
    return [getComputedStyle(curve).stroke, resolved('LinkText')];
  }, accent);
  expect(line).toBe(link);
});

async function collapse(page: Page): Promise<void> {
  await slider(page).focus();
  await press(page, 'End');
  const { main } = await facts(page);
  if (main.baseline - main.accuracy > 0.02)
    await expect.poll(async () => (await finetuning(page))?.status, { timeout: 60_000 }).toBe('done');
}

async function openLesson(page: Page): Promise<void> {
  await showView(page, 'Learn');
  await page.getByRole('listitem', { name: 'Collapse and recovery' }).getByRole('button').click();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByRole('heading', { name: 'Find the cliff' })).toBeVisible();
}

async function presentLesson(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Present' }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByRole('list', { name: /How much/ })).toBeVisible();
}

/** A sample on the Rotate view, once the networks have said all there is to say of it. */
async function rotated(page: Page, sample: RegExp, place: string, said: string): Promise<void> {
  await showView(page, 'Rotate');
  await page.getByTestId('strip').getByRole('button', { name: sample }).click({ timeout: 60_000 });
  await expect(page.getByTestId(place).first()).toContainText(said, { timeout: 60_000 });
}

/** The tile turned and a petal of its filter torn off. */
async function tornPetal(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Turn the tile' }).click();
  await page.getByRole('button', { name: 'Tear off a petal' }).click();
  await expect(page.getByTestId('orbit-error')).toHaveAttribute('data-broken', 'true', { timeout: 60_000 });
}

/** With the counter-example beside it: both are points then. */
async function measuredFields(page: Page): Promise<void> {
  await showView(page, 'Fields');
  const measured = page.locator('[data-testid=fields-measured][data-known=true]');
  await expect(measured).toBeVisible({ timeout: 60_000 });
  const channels = page.getByText('Single channels', { exact: true });
  await channels.click();
  await expect(page.getByTestId('fields-why')).toBeVisible({ timeout: 60_000 });
}

async function pausedRun(page: Page): Promise<void> {
  await showView(page, 'Train');
  await hold(page, { after: 'batch', from: 3 });
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.waitForFunction(() => window.__orbitLab.training().live?.status === 'running', null, {
    polling: 20,
  });
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Resume', exact: true })).toBeVisible();
}

/** All of the form that is folded away, and how a finished run is gone on with. */
async function optionsOpen(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Options for small or uneven data' }).click();
  await page.getByRole('checkbox', { name: /^Turned/ }).check();
  await expect(page.getByTestId('turns')).toContainText('four turns', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Find a learning rate' }).click();
  await expect(page.getByTestId('rates')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Continue …' }).click();
  await expect(page.getByRole('button', { name: 'Train further' })).toBeVisible();
}

async function endedRun(page: Page, button: string): Promise<void> {
  await hold(page, null);
  await page.getByRole('button', { name: button, exact: true }).click();
  await expect(page.getByTestId('run-check')).toBeVisible({ timeout: 60_000 });
}

async function comparedRuns(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect
    .poll(() => page.evaluate(() => window.__orbitLab.training().rows?.map(({ status }) => status)), {
      timeout: 60_000,
    })
    .toEqual(['done', 'done']);
  for (const box of await page.getByRole('checkbox', { name: /^Compare/ }).all()) await box.check();
}

async function pausedPipeline(page: Page): Promise<void> {
  await showView(page, 'Pipeline');
  await hold(page, { after: 'batch', from: 2 });
  await page.getByRole('button', { name: 'Run the pipeline', exact: true }).click();
  await page.waitForFunction(() => window.__orbitLab.training().live?.status === 'running', null, {
    polling: 20,
  });
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Resume', exact: true })).toBeVisible();
}

async function endedPipeline(page: Page): Promise<void> {
  await hold(page, null);
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect
    .poll(() => page.evaluate(() => window.__orbitLab.training().live), { timeout: 120_000 })
    .toBeNull();
  await page.getByRole('button', { name: 'Curves' }).first().click();
  for (const fold of await page.getByRole('button', { name: 'Beside the paper' }).all()) await fold.click();
}

async function explanation(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Agreement', exact: true }).hover();
  await expect(page.getByRole('tooltip')).toBeVisible();
}

async function openGlossary(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Agreement', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Agreement', exact: true })).toBeFocused();
}

async function lookedWrong(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'See where it is wrong' }).click();
  await page.getByTestId('wrong-sheet').getByRole('listitem').first().waitFor({ timeout: 60_000 });
}

async function openMenu(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
}
/** A task, its first flow or scene shown; nothing is trained. */
async function otherTask(page: Page, name: string, testId: string): Promise<void> {
  await showView(page, 'Tasks');
  await page.getByRole('radiogroup', { name: 'Task' }).getByText(name, { exact: true }).click();
  await expect(page.getByTestId(testId)).toBeVisible({
    timeout: 60_000,
  });
}

async function showView(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();
  await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
}

/** Presses the key until the element of that accessible name has the focus; at each stop the focus must show. */
async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  for (let stop = 0; stop < 60; stop++) {
    await page.keyboard.press(key);
    await focusShows(page);
    if (await focused(page, name)) return;
  }
  throw new Error(`${key} never reaches "${name}".`);
}

/** Moves through an open menu with the arrow keys, and chooses an item. */
async function choose(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('menu')).toBeVisible();
  for (let stop = 0; stop < 30; stop++) {
    await page.keyboard.press('ArrowDown');
    if (await focused(page, name)) return page.keyboard.press('Enter');
  }
  throw new Error(`The arrow keys never reach "${name}".`);
}

function focused(page: Page, name: string | RegExp): Promise<boolean> {
  return page.evaluate(
    ([text, isPattern]) => {
      const at = document.activeElement;
      const label = at?.getAttribute('aria-label') ?? at?.textContent?.replace('✓', '').trim() ?? '';
      return isPattern ? new RegExp(text).test(label) : label === text;
    },
    [typeof name === 'string' ? name : name.source, typeof name !== 'string'] as const,
  );
}

/** Fails where the focused element, or what stands for it on the page, has no outline. */
async function focusShows(page: Page): Promise<void> {
  const outline = await page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return 'body';
    // A control that is hidden (a radio button's input) shows its focus on its label.
    const shown = [at, at.nextElementSibling, at.closest('label'), at.parentElement].filter(
      (e) => e !== null,
    );
    const has = shown.some((e) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(e);
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
    });
    return has ? 'shown' : at.outerHTML.slice(0, 160);
  });
  expect(['shown', 'body'], `no focus ring: ${outline}`).toContain(outline);
}

/** Elements that reach beyond the page's width, outside of what scrolls by itself. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')]
      .filter((e) => e.getBoundingClientRect().right > width + 1)
      .map((e) => `${e.tagName} ${e.className} ${e.textContent?.slice(0, 30)}`);
  });
}

test('the wait for animations goes on where one is cancelled, and does not wait for one that never ends', async ({
  page,
}) => {
  await page.setContent('<p>one</p><p>two</p>');
  await page.evaluate(() => {
    const [one, two] = document.querySelectorAll('p');
    const fade = [{ opacity: 0 }, { opacity: 1 }];
    const cancelled = one.animate(fade, 10_000);
    setTimeout(() => cancelled.cancel(), 50);
    one.animate(fade, { duration: 100, iterations: Number.POSITIVE_INFINITY });
    two.animate(fade, 200);
  });
  await animationsEnded(page);
  const left = await page.evaluate(() =>
    document.getAnimations().map(({ effect }) => effect?.getTiming().iterations),
  );
  expect(left).toEqual([Number.POSITIVE_INFINITY]);
});

const running = (page: Page) =>
  page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ playState }) => playState === 'running')
      .map((each) => {
        const { target } = each.effect as KeyframeEffect;
        return `${target?.className}`;
      }),
  );

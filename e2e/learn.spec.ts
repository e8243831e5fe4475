/** Lessons: one by mouse and another by keyboard, each with its thing to try and its question; progress, links, class. */
import type { Page } from '@playwright/test';
import { violations } from './axe';
import { expect, test } from './fixtures';
import {
  bet,
  drag,
  facts,
  finetuning,
  hold,
  letGo,
  openLab,
  lessonPanel as panel,
  percent,
  press,
  slider,
  TINY,
} from './lab';

const entry = (page: Page, name: string) => page.getByRole('listitem', { name });
const heading = (page: Page, name: string) => panel(page).getByRole('heading', { name });
const next = (page: Page) => panel(page).getByRole('button', { name: 'Next' });
const score = (page: Page) => page.getByTestId('score');

/** The curve that was drawn in the first step of a lesson, and the one measured. */
const drawnCurves = (page: Page) =>
  page.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem('orbit-lab lessons')!);
    return kept.collapse.answers[1].drawn as { by: number[]; measured: number[] };
  });

test('a whole lesson by mouse: the slider is dragged, the question answered, and a reload forgets nothing', async ({
  page,
}) => {
  await openLab(page, TINY);
  await page.getByRole('link', { name: 'Learn' }).click();
  await entry(page, 'Collapse and recovery').getByRole('button', { name: 'Start' }).click();
  await expect(heading(page, 'Bet before you look')).toBeFocused();
  const { main } = await facts(page);
  await expect(panel(page)).toContainText(`${percent(main.baseline)} of ${main.tiles} validation tiles`);
  // The curve is drawn before it is seen.
  await expect(slider(page)).toBeHidden();
  await expect(panel(page).getByRole('button', { name: 'That is my bet' })).toBeDisabled();
  await bet(page, 0.5);
  await expect(slider(page)).toBeVisible();
  const { by, measured } = await drawnCurves(page);
  const line = by.map((_, step) => 0.9 - 0.4 * (step / (by.length - 1)));
  expect(Math.max(...by.slice(1).map((each, i) => Math.abs(each - line[i + 1])))).toBeLessThan(0.02);
  const off =
    by.slice(1).reduce((sum, each, i) => sum + Math.abs(each - measured[i + 1]), 0) / (by.length - 1);
  await expect(panel(page).getByTestId('lesson-answer')).toContainText(
    `${(100 * off).toFixed(1)}\u00a0points off`,
  );
  await next(page).click();

  await expect(heading(page, 'Find the cliff')).toBeVisible();
  await expect(panel(page).getByText('Done.')).toHaveCount(0);
  await hold(page, { after: 'epoch', from: 1 });
  await drag(page, 0.95);
  await letGo(page);
  const now = (await facts(page)).main;
  expect(now.baseline - now.accuracy).toBeGreaterThan(0.02);
  // It is asked about next.
  await expect(page.getByRole('heading', { name: 'Fine-tuning' })).toHaveCount(0);
  await expect(panel(page).getByTestId('lesson-said')).toContainText(
    `Done. At ${Math.round((100 * (await facts(page)).setting.removed) / now.units)} % removed, accuracy fell from ${percent(now.baseline)} to ${percent(now.accuracy)}`,
  );
  await next(page).click();

  await expect(slider(page)).toBeHidden();
  // On a phone the sheet is low: the button that answers is in it all the same.
  await page.setViewportSize({ width: 390, height: 844 });
  await panel(page).getByRole('radio', { name: 'Not so far' }).check();
  const button = panel(page).getByRole('button', { name: 'Answer', exact: true });
  await expect(button).toBeInViewport({ ratio: 1 });
  await button.click();
  await page.setViewportSize({ width: 1280, height: 800 });
  // Given before it is known, it is kept, though the lesson is left.
  await expect(panel(page).getByTestId('lesson-given')).toContainText('You said “Not so far”. Noted');
  await next(page).click();
  await expect(panel(page)).toContainText('Fine-tuning has not ended');
  await panel(page).getByRole('button', { name: 'Finish' }).click();
  await expect(score(page)).toContainText('not measured yet');
  await panel(page).getByRole('button', { name: 'All lessons' }).click();
  const again = entry(page, 'Collapse and recovery').getByRole('button', { name: 'Again' });
  await expect(again).toHaveCount(0);
  await hold(page, null);
  await expect(again).toBeVisible({ timeout: 60_000 });
  const tuned = await finetuning(page);
  if (tuned?.status !== 'done') throw new Error('fine-tuning has not ended');
  const { baseline, accuracy } = tuned.result;
  await again.click();
  await next(page).click();
  // To be done anew.
  await expect(panel(page).getByText('Done.')).toHaveCount(0);
  await next(page).click();
  const answer = panel(page).getByTestId('lesson-answer');
  const right = Number(percent(baseline).slice(0, -2)) - Number(percent(accuracy).slice(0, -2)) > 2;
  await expect(answer).toContainText(right ? 'Right:' : 'Not quite:');
  await expect(answer).toContainText(percent(accuracy));
  await next(page).click();
  await panel(page).getByRole('button', { name: 'Finish' }).click();

  await expect(heading(page, 'Your score')).toBeFocused();
  await expect(score(page)).toContainText(right ? '✓ right' : '✗ wrong');
  await expect(score(page).getByRole('table', { name: 'As drawn and as measured' })).toHaveCount(1);
  await panel(page).getByRole('button', { name: 'All lessons' }).click();
  await expect(panel(page)).toHaveCount(0);
  await expect(again).toBeFocused();
  await page.reload();
  await expect(again).toBeVisible();
  await expect(entry(page, 'What is equivariance?').getByRole('button', { name: 'Start' })).toBeVisible();
});

test('a tile that was found by measuring is turned, and one of the networks changes its mind', async ({
  page,
}) => {
  await openLab(page, `${TINY}&lesson=equivariance&step=1`);
  await expect(heading(page, 'A tile, and a turn')).toBeVisible();
  const board = page.getByRole('region', { name: 'In the lesson: A tile, and a turn' });
  await expect(board.getByText('In truth:')).toBeVisible({ timeout: 30_000 });
  await expect(slider(page)).toBeHidden();
  await expect(board.getByText('it changed its mind')).toHaveCount(0);
  for (let turn = 0; turn < 3; turn++) {
    await board.getByRole('button', { name: 'Turn it by 90°' }).click();
    if ((await board.getByText('it changed its mind').count()) > 0) break;
  }
  await expect(board.getByText('it changed its mind')).toHaveCount(1);
  await expect(board).toContainText('The equivariant network says');
  await expect(panel(page).getByTestId('lesson-said')).toContainText('Done. On');
});

interface CurveWatch {
  curveWatch: { frames: number; seen: number; drawn: boolean };
}

/** From the document's first frame on, counts those in which the slider or the curve under it can be seen. */
const watchForCurve = (page: Page) =>
  page.addInitScript(() => {
    const watch = { frames: 0, seen: 0, drawn: false };
    (window as unknown as CurveWatch).curveWatch = watch;
    const look = () => {
      watch.frames++;
      const slider = document.querySelector('[aria-label="Hidden neurons removed"]');
      const view = document.querySelector('main [aria-labelledby=prune-title]');
      watch.drawn ||= slider !== null;
      if ([slider, view].some((each) => each?.checkVisibility())) watch.seen++;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });

const curveSeen = (page: Page) => page.evaluate(() => (window as unknown as CurveWatch).curveWatch);

test('a curve is drawn by keyboard and by finger too', async ({ page }) => {
  await watchForCurve(page);
  // The script of the lesson comes late: the view is there before it.
  await page.route(/\/LessonPanel-[^/]*\.js$/, async (route) => {
    const any = page.getByRole('slider', { name: 'Hidden neurons removed', includeHidden: true });
    await expect(any).toBeAttached({ timeout: 60_000 });
    // A covered page says why, and lets go on.
    await expect(page.getByRole('button', { name: 'Go on without the lesson' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await route.continue();
  });
  await openLab(page, `${TINY}&lesson=collapse&step=1`);
  const handles = page.getByRole('slider', { name: /^Accuracy with/ });
  await handles.first().focus();
  // What is asked for was seen in no frame since the page began, and the covered view has been drawn.
  expect(await curveSeen(page)).toMatchObject({ seen: 0, drawn: true });
  await page.keyboard.press('ArrowRight');
  await expect(handles.nth(1)).toBeFocused();
  const before = Number(await handles.nth(1).getAttribute('aria-valuenow'));
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown');
  await expect(handles.nth(1)).toHaveAttribute('aria-valuenow', String(before - 10));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('End');
  await expect(handles.nth(2)).toHaveAttribute('aria-valuenow', '0');
  await panel(page).getByRole('button', { name: 'Wipe it off' }).click();

  const plot = (await page.getByTestId('sketch').boundingBox())!;
  const cdp = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) =>
    cdp.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x: plot.x + x * plot.width, y: plot.y + y * plot.height }],
    });
  await touch('touchStart', 0.01, 0.1);
  for (let i = 1; i <= 10; i++) await touch('touchMove', i / 10.1, 0.1 + (0.8 * i) / 10);
  await touch('touchEnd', 0, 0);
  expect(Number(await handles.last().getAttribute('aria-valuenow'))).toBeLessThan(20);
  await panel(page).getByRole('button', { name: 'That is my bet' }).click();
  await expect(panel(page).getByTestId('lesson-answer')).toContainText('off, on average');
});

test('a lesson by keyboard alone, from a link to one of its steps', async ({ page }) => {
  await openLab(page, `${TINY}&lesson=dead&step=2`);
  await expect(heading(page, 'How many are dead?')).toBeFocused();
  const dead = await page.evaluate(() => [...window.__orbitLab.study().main!.dead].filter(Boolean).length);
  // The group of answers is one stop; its arrow keys choose.
  await page.keyboard.press('Tab');
  await expect(panel(page).getByRole('radio').first()).toBeFocused();
  await page.keyboard.press('Space');
  const labels = await panel(page).locator('label').allTextContents();
  const at = labels.indexOf(String(dead));
  expect(at).toBeGreaterThanOrEqual(0);
  for (let i = 0; i < at; i++) await page.keyboard.press('ArrowDown');
  await expect(panel(page).getByRole('radio').nth(at)).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(panel(page).getByTestId('lesson-answer')).toContainText(`Right: ${dead}.`);
  // What was pressed is gone: the keyboard goes on from there, and not from the top of the page.
  await page.keyboard.press('Tab');
  await expect(panel(page).getByRole('button', { name: 'Answer again' })).toBeFocused();

  await next(page).focus();
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Meet one')).toBeFocused();
  await expect(page).toHaveURL(/lesson=dead&step=3/);
  await panel(page).getByRole('button', { name: 'To the strip' }).focus();
  await page.keyboard.press('Enter');
  const strip = page.getByRole('slider', { name: 'Neuron to look at' });
  await expect(strip).toBeFocused();
  await page.keyboard.press('Home');
  for (let i = 0; i < 8; i++) {
    if (/, dead,/.test((await strip.getAttribute('aria-valuetext')) ?? '')) break;
    await page.keyboard.press('ArrowRight');
  }
  await expect(panel(page).getByTestId('lesson-said')).toContainText('Done.');
  // Done stays done, whatever is pointed at next.
  await page.keyboard.press('End');
  await expect(panel(page).getByTestId('lesson-said')).toContainText('Done.');

  // Two curves beside each other: the intervals judge, and are drawn when the answer is given.
  await next(page).click();
  await expect(heading(page, 'Which method is better?')).toBeFocused();
  const chart = page.getByTestId('intervals');
  const figures = page.getByRole('table', { name: 'Accuracy by neurons removed' });
  await expect(chart).not.toHaveAttribute('data-bands');
  await expect(figures.getByRole('cell').first()).toHaveText(/^[\d.]+\s%$/);
  await panel(page).getByRole('radio').last().check();
  await page.keyboard.press('Enter');
  await expect(panel(page).getByTestId('lesson-answer')).toContainText(
    /they cannot be told apart with 240\stiles|is wholly above at [1-9]/i,
  );
  await expect(chart).toHaveAttribute('data-bands');
  expect(await violations(page)).toEqual([]);
  await expect(figures.getByRole('cell').first()).toHaveText(/^[\d.]+\s% \([\d.]+–[\d.]+\)$/);
  await panel(page).getByRole('button', { name: 'Close the lesson' }).focus();
  await page.keyboard.press('Enter');
  await expect(entry(page, 'Why half the network was free')).toContainText('3 behind you');

  // Asked what comes back, with nothing gone yet: it is taken away with the answer.
  expect((await facts(page)).setting.removed).toBe(0);
  await page.goto('?backend=wasm#model=tiny&lesson=collapse&step=3');
  await expect(heading(page, 'What comes back?')).toBeVisible({ timeout: 60_000 });
  await panel(page).getByRole('radio').first().check();
  await page.keyboard.press('Enter');
  await expect(panel(page).getByTestId('lesson-answer')).toBeVisible({ timeout: 60_000 });
  expect((await facts(page)).setting.removed).toBeGreaterThan(0);
});

test('what goes wrong is measured in the page: three cascades, and single channels', async ({ page }) => {
  await openLab(page, `${TINY}&lesson=broken&step=2`);
  await panel(page).getByRole('button', { name: 'Prune it three ways' }).press('Enter');
  await expect(panel(page).getByTestId('lesson-said')).toContainText('The same 4 neurons stay in all three', {
    timeout: 30_000,
  });
  // It could not be pressed meanwhile; nobody was sent to the top of the page for that.
  await expect(panel(page).locator(':focus')).toHaveCount(1);
  const { main } = await facts(page);
  await expect(panel(page).getByTestId('lesson-said')).toContainText(
    `With the columns that belong to them, ${percent(main.accuracy)} are right`,
  );
  // Both cascades from inside; a tile that is pressed is looked at, and turned.
  const cascade = page.getByRole('region', { name: 'In the lesson: The same neurons, three cascades' });
  await expect(cascade).toContainText('both networks are the same (largest difference 0)');
  const tiles = cascade.getByRole('list', { name: 'Tiles whose answer changed' }).getByRole('button');
  expect(await tiles.count()).toBe(40);
  expect(await violations(page)).toEqual([]);
  await tiles.last().focus();
  await page.keyboard.press('Enter');
  await expect(tiles.last()).toHaveAttribute('aria-pressed', 'true');
  const rows = cascade.getByTestId('four-turns').getByRole('row');
  const [own, first] = [rows.nth(1).getByRole('cell'), rows.nth(2).getByRole('cell')];
  expect(await own.first().textContent()).not.toBe(await first.first().textContent());
  // The symmetry is whole: wrong, it is so at all turns.
  expect(new Set(await first.allTextContents()).size).toBe(1);
  await expect(cascade.getByTestId('votes').last()).toContainText(
    (await first.first().innerText()).replaceAll('\u200b', '').replace('↯ ', ''),
  );
  await next(page).click();

  // Why one of them may be below chance, with the counts that say so.
  await expect(heading(page, 'Worse than guessing')).toBeFocused();
  await expect(panel(page)).toContainText(/It says \w+ to \d+\stiles/);
  const naming = page.getByRole('table', { name: /^With the first columns/ });
  const counted = (await naming.getByRole('cell').allTextContents()).reduce((sum, n) => sum + Number(n), 0);
  expect(counted).toBe(main.tiles);
  expect(await violations(page)).toEqual([]);
  await next(page).click();

  // A picture that the step brings along, of the network on the bench.
  await expect(heading(page, 'A petal torn off')).toBeFocused();
  const flower = page.getByRole('region', { name: 'The orbit of one filter' });
  await expect(flower).toContainText(/A validation tile; its true class is \w+\. (Found by looking|Of \d+)/, {
    timeout: 60_000,
  });
  await expect(flower.getByTestId('orbit-error')).not.toHaveAttribute('data-broken');
  await flower.getByRole('button', { name: 'Tear off a petal' }).click();
  await expect(flower.getByTestId('orbit-error')).toHaveAttribute('data-broken', 'true', { timeout: 60_000 });
  // It said that the answer flips on this tile: so it does.
  const flips = /whose answer flips/.test((await flower.textContent())!);
  if (flips) await expect(flower.locator('[data-testid=orbit-answer][data-other]')).not.toHaveCount(0);
  await flower.getByRole('button', { name: 'Put the petal back' }).click();
  await next(page).click();
  await expect(flower).toHaveCount(0);
  await panel(page).getByRole('radio', { name: 'Only the one that lost whole fields' }).check();
  await panel(page).getByRole('button', { name: 'Answer', exact: true }).click();
  const answer = panel(page).getByTestId('lesson-answer');
  await expect(answer).toContainText(/As whole fields \d+ of \d+\schannels went: 0 of 240\stiles/, {
    timeout: 60_000,
  });
  await expect(answer).toContainText('Right:');
  const turning = page.getByRole('list', { name: 'Tiles that change their answer' }).getByRole('button');
  await turning.last().click();
  const turned = page.getByTestId('four-turns').getByRole('row');
  expect(new Set(await turned.nth(1).getByRole('cell').allTextContents()).size).toBe(1);
  expect(new Set(await turned.nth(2).getByRole('cell').allTextContents()).size).toBeGreaterThan(1);
});

test('the symmetric network races a plain one, and the page says who won', async ({ page }) => {
  await openLab(page, `${TINY}&lesson=fast&step=3`);
  await panel(page).getByRole('button', { name: 'Race them' }).click();
  const said = panel(page).getByTestId('lesson-said');
  await expect(said).toContainText(
    /the symmetric network [\d,.]+ tiles per second, the plain one [\d,.]+ tiles/,
    {
      timeout: 60_000,
    },
  );
  await next(page).click();
  await expect(panel(page)).toContainText(/by Fourier: [\d.]+ times fewer/);

  // Ever wider ranges, when the question is answered; and the sets that the last lesson is about.
  await page.evaluate(() => {
    location.hash = location.hash.replace(/lesson=fast&step=\d/, 'lesson=integers&step=2');
  });
  await expect(heading(page, 'A glaring neighbour')).toBeVisible();
  const ranges = page.getByTestId('ranges');
  await expect(ranges).toHaveCount(0);
  await panel(page).getByRole('radio').first().check();
  await panel(page).getByRole('button', { name: 'Answer', exact: true }).click();
  await expect(ranges.getByRole('row')).toHaveCount(8);
  await expect(ranges.getByRole('rowheader')).toHaveText(['1', '2', '4', '8', '16', '32', '64']);
  expect(await violations(page)).toEqual([]);
  await page.evaluate(() => {
    location.hash = location.hash.replace(/lesson=integers&step=\d/, 'lesson=upright&step=1');
  });
  await expect(page.getByRole('region', { name: 'In the lesson: Two sets of tiles' })).toContainText(
    'a corner',
  );
  await expect(page.getByTestId('learnt')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
});

test('in front of a class: one picture a step, and the keys of a clicker step from every focus', async ({
  page,
}) => {
  await openLab(page, `${TINY}&lesson=mind&step=1&present=1`);
  await expect(page.locator('html')).toHaveAttribute('data-size', 'projector');
  await expect(page.getByRole('region', { name: 'In the lesson: It learnt which way is up' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Before and after' })).toHaveCount(0);
  await expect(page.getByRole('navigation', { name: 'Views' })).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  // Whatever has the focus; with Shift the keys are the control's. In a count the arrows up and down are its own.
  const hands = panel(page).getByRole('spinbutton').first();
  await hands.focus();
  await page.keyboard.press('ArrowUp');
  await expect(hands).toHaveValue('1');
  await page.keyboard.press('ArrowRight');
  await expect(heading(page, 'Take away half')).toBeVisible();
  for (const [focused, key, step] of [
    [slider(page), 'PageUp', 'And when it is pruned?'],
    [hands, 'PageDown', 'Take away half'],
    [slider(page), 'ArrowLeft', 'And when it is pruned?'],
    [panel(page).getByRole('button', { name: 'Show the answer' }), 'Space', 'Take away half'],
  ] as const) {
    await focused.focus();
    await page.keyboard.press(key);
    await expect(heading(page, step)).toBeVisible();
  }
  await expect(page.getByRole('heading', { name: 'Turn the tiles' })).toBeHidden();
  await panel(page).getByRole('button', { name: 'Move it for me' }).focus();
  await page.keyboard.press('Space');
  await expect(heading(page, 'Accuracy is not agreement')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Turn the tiles' })).toBeVisible();
  await expect(slider(page)).toBeHidden();
  // Dark, whatever is pressed next only makes it bright again.
  const dark = page.getByRole('button', { name: 'The screen is dark' });
  await page.keyboard.press('.');
  await expect(dark).toBeVisible();
  await page.keyboard.press('PageUp');
  await expect(dark).toHaveCount(0);
  await page.keyboard.press('PageUp');
  expect((await facts(page)).setting.removed).toBe(0);
  await slider(page).focus();
  await press(page, 'Shift+ArrowRight');
  expect((await facts(page)).setting.removed).toBe(1);
  await panel(page).getByRole('button', { name: 'Stop presenting' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-size', 'normal');
  await expect(page.getByRole('heading', { name: 'Before and after' })).toBeVisible();

  // A link of another version of the page.
  await page.evaluate(() => {
    location.hash = location.hash.replace('lesson=mind', 'lesson=nothing');
  });
  await expect(panel(page)).toContainText('There is no lesson “nothing” here');
  await panel(page).getByRole('button', { name: 'All lessons' }).click();
  await expect(entry(page, 'What is equivariance?')).toBeVisible();
});

test('a show of hands begins clean, and the teacher’s own answer is there again afterwards; a sheet is one page', async ({
  page,
}) => {
  await openLab(page, `${TINY}&lesson=dead&step=2`);
  const { main } = await facts(page);
  const dead = await page.evaluate(() => [...window.__orbitLab.study().main!.dead].filter(Boolean).length);
  const wrong = panel(page)
    .getByRole('radio')
    .and(page.locator(`label:not(:text-is("${dead}")) > input`));
  await wrong.first().check();
  await panel(page).getByRole('button', { name: 'Answer', exact: true }).click();
  await expect(panel(page).getByTestId('lesson-answer')).toContainText('Not quite:');

  await panel(page).getByRole('button', { name: 'Present' }).click();
  await expect(panel(page)).toContainText(`How many of the ${main.units} are dead?`);
  await expect(panel(page).getByTestId('lesson-answer')).toHaveCount(0);
  await panel(page).getByRole('spinbutton').first().focus();
  for (const counted of ['3', '12']) {
    await page.keyboard.type(counted);
    await page.keyboard.press('Enter');
  }
  await panel(page)
    .getByRole('button', { name: /^One hand fewer/ })
    .first()
    .click();
  // Kept over a step, and over a reload.
  await page.keyboard.press('PageDown');
  await page.keyboard.press('PageUp');
  await expect(page).toHaveURL(/step=2&present=1/);
  await page.reload();
  await expect(panel(page).getByRole('spinbutton').first()).toHaveValue('2', { timeout: 60_000 });
  await expect(panel(page).getByRole('spinbutton').nth(1)).toHaveValue('12');
  expect(await violations(page)).toEqual([]);
  await panel(page).getByRole('button', { name: 'Show the answer' }).click();
  await expect(panel(page).getByTestId('lesson-answer')).toContainText(`of 14 were right: ${dead}.`);
  await expect(panel(page).locator('li', { hasText: ', as measured' })).toHaveCount(1);
  // Behind the score there is nothing: a press too many stays there.
  for (let i = 0; i < 6; i++) await page.keyboard.press('PageDown');
  await expect(score(page)).toContainText(/Hands: .* of 14 right\./);
  expect(await violations(page)).toEqual([]);

  await panel(page).getByRole('button', { name: 'Stop presenting' }).click();
  await expect(score(page)).toContainText('✗ wrong');
  expect(await violations(page)).toEqual([]);
  await panel(page).getByRole('button', { name: 'Try those again' }).click();
  await expect(heading(page, 'How many are dead?')).toBeFocused();
  await panel(page).getByRole('button', { name: 'Close the lesson' }).click();

  await page.getByRole('button', { name: 'A sheet for the class, to print' }).click();
  await expect(page.getByTestId('sheet-screen')).toContainText('How does accuracy go down');
  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByTestId('sheet-print')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Learn' })).toBeHidden();
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
});

test('a link for a neighbour holds score and curve, and shows them when they give nothing away', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openLab(page, `${TINY}&lesson=collapse&step=1`);
  await bet(page, 0.3);
  await next(page).click();
  await expect(page).toHaveURL(/step=2/);
  for (let i = 0; i < 2; i++) await next(page).click();
  await panel(page).getByRole('button', { name: 'Finish' }).click();
  await expect(score(page)).toContainText('not answered');
  await panel(page).getByRole('button', { name: 'Copy the link for a neighbour' }).click();
  await expect(panel(page).getByRole('button', { name: 'Copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/lesson=collapse&step=1&neighbour=[a-z]{2}\.[\w-]{82}$/);

  // Somebody else, on another computer.
  await page.evaluate(() => localStorage.removeItem('orbit-lab lessons'));
  await page.goto(link);
  await page.reload();
  await expect(panel(page).getByTestId('neighbour')).toContainText('holds a neighbour’s score', {
    timeout: 60_000,
  });
  await expect(page.getByTestId('sketch')).toBeVisible();
  await expect(page.getByText('as a neighbour drew it')).toHaveCount(0);
  await bet(page, 0.8);
  await expect(page.getByText('as a neighbour drew it')).toBeVisible();
  for (let i = 0; i < 3; i++) await next(page).click();
  await panel(page).getByRole('button', { name: 'Finish' }).click();
  await expect(score(page)).toContainText('A neighbour:');
  await expect(score(page).getByText('as a neighbour drew it')).toBeVisible();

  await page.evaluate(() => {
    location.hash = location.hash.replace(/neighbour=[^&]+/, 'neighbour=cut').replace(/step=\d/, 'step=1');
  });
  await expect(panel(page).getByTestId('neighbour')).toContainText('cannot be read');
});

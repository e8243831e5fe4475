/**
 * What a newcomer wants in the first minute, each with the number of actions it takes from the opened page: clicks, drags,
 * keys, drops, and scrolling to what is out of sight. The table in docs/first-minute.md is held to what is counted here.
 */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { loadEncoders, picture, png } from '../src/lab/data/testing/pictures';
import { expect, test } from './fixtures';
import { drag, dropFile, facts, finetuning, letGo, opened, slider } from './lab';

test.use({ remembers: false, viewport: { width: 1280, height: 720 } });

/** Does what a person does, and counts it. */
class Person {
  private actions = 0;
  private readonly counts = new Map<string, number>();

  constructor(private readonly page: Page) {}

  /** Looks at something: scrolls to it where it is out of sight, which counts. */
  async look(at: Locator): Promise<void> {
    await expect(at).toBeVisible({ timeout: 60_000 });
    if (await isInSight(at)) return;
    this.actions++;
    await at.evaluate((element) => element.scrollIntoView({ block: 'nearest', behavior: 'instant' }));
    await expect(at).toBeInViewport();
  }

  async click(on: Locator): Promise<void> {
    await this.look(on);
    this.actions++;
    await on.click();
  }

  async drag(share: number): Promise<void> {
    await this.look(slider(this.page));
    this.actions++;
    await drag(this.page, share);
    await letGo(this.page);
  }

  async drop(file: string): Promise<void> {
    this.actions++;
    await dropFile(this.page, this.page.locator('#main'), file);
  }

  /** Counts what was done since the task before. */
  done(task: string): void {
    this.counts.set(task, this.actions);
    this.actions = 0;
  }

  get table(): Record<string, number> {
    return Object.fromEntries(this.counts);
  }
}

/** All of it within the window, once scrolling by the page itself has ended. */
async function isInSight(at: Locator): Promise<boolean> {
  return at.evaluate(async (element) => {
    const top = () => element.getBoundingClientRect().top;
    for (let before = Number.NaN; before !== top(); ) {
      before = top();
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    const { top: from, bottom } = element.getBoundingClientRect();
    return from >= 0 && bottom <= innerHeight;
  });
}

/** The numbers of the column `opening` or `stage` in the table of the document; what takes no number there is left out. */
function documented(column: 'opening' | 'stage'): Record<string, number> {
  const at = { opening: 3, stage: 4 }[column];
  const rows = readFileSync('docs/first-minute.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| [^-]/.test(line))
    .slice(1)
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return Object.fromEntries(
    rows.filter((row) => /^\d+$/.test(row[at])).map((row) => [row[1], Number(row[at])]),
  );
}

/** As the page was opened: nothing removed, details closed, at its beginning. Not counted: each task begins here. */
async function atRest(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  const open = page.getByRole('button', { name: /^Details/, expanded: true });
  if (await open.count()) await open.click();
  const reset = page.getByRole('button', { name: 'Reset' });
  if (await reset.isEnabled()) await reset.click();
  await expect.poll(async () => (await facts(page)).setting.removed).toBe(0);
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
}

test('ten first-minute tasks take as many actions as the document says', async ({ page }, info) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const person = new Person(page);
  const tiles = page.getByRole('list', { name: /^Validation tiles/ }).getByRole('button');
  const accuracy = page.getByTestId('stage-accuracy');
  const details = page.getByRole('button', { name: /^Details/ });
  const tuned = async () => (await finetuning(page))?.status;

  // Whoever was never here: three of them are the opening.
  await page.goto('');
  await person.look(page.getByText('the plain network changes its mind; the equivariant network does not'));
  person.done('make the plain network change its mind');
  await person.click(page.getByRole('button', { name: 'Now prune them' }));
  await person.drag(0.97);
  await person.look(page.getByText(/accuracy fell from/));
  person.done('find where it collapses');
  await person.click(page.getByRole('button', { name: 'Let it recover' }));
  await expect.poll(tuned, { timeout: 90_000 }).toBe('done');
  await person.look(page.getByText(/^Within|^At or above|won back/));
  person.done('bring it back');
  // From the opened page on, so what came before belongs to it.
  const counted = person.table;
  const opening = {
    ...counted,
    'bring it back': counted['find where it collapses'] + counted['bring it back'],
  };
  expect(opening).toEqual(documented('opening'));
  await page.getByRole('button', { name: 'To the lab' }).click();
  await opened(page);

  // Whoever was here before begins on the stage.
  await atRest(page);
  const highway = (await page.evaluate(() => [...window.__orbitLab.study().main!.watched.tiles])).indexOf(
    377,
  );
  await person.click(tiles.nth(highway));
  const turned = page.getByTestId('turned-tile');
  await person.look(turned.locator('tbody', { hasText: 'plain' }).getByText(/^↯/).first());
  person.done('make the plain network change its mind');

  await atRest(page);
  await person.drag(0.97);
  await person.look(accuracy);
  const { main } = await facts(page);
  expect(main.baseline - main.accuracy).toBeGreaterThan(0.2);
  await person.look(page.getByText(/accuracy fell from/).first());
  person.done('find where it collapses');

  await atRest(page);
  await person.drag(0.93);
  await person.look(page.getByTestId('recovery-status'));
  await expect.poll(tuned, { timeout: 90_000 }).toBe('done');
  await person.look(accuracy);
  person.done('bring it back');

  await atRest(page);
  await person.drag(0.5);
  await person.click(details);
  await person.look(page.getByRole('slider', { name: 'Neuron to look at' }));
  person.done('which neurons went');

  await atRest(page);
  await person.click(details);
  await person.click(page.getByRole('button', { name: 'Equivariance error', exact: true }));
  await person.look(
    page.getByRole('dialog', { name: 'Glossary' }).getByText('10⁻⁷ is what 32-bit floats leave'),
  );
  person.done('what does 10⁻⁷ mean');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Glossary' })).toBeHidden();

  await atRest(page);
  await loadEncoders();
  const own = info.outputPath('own.png');
  await mkdir(path.dirname(own), { recursive: true });
  await writeFile(own, await png(picture(64, 64, 3)));
  await person.drop(own);
  await person.look(page.getByTestId('tile-answers'));
  person.done('turn my own tile');

  await atRest(page);
  await person.drag(0.97);
  await person.look(page.getByTestId('tally'));
  await person.look(tiles.and(page.locator('[data-fate=flipped]')).first());
  person.done('see which tiles flipped');

  await atRest(page);
  await person.drag(0.4);
  await person.click(page.getByRole('button', { name: 'Undo' }));
  expect((await facts(page)).setting.removed).toBe(0);
  person.done('undo');

  await atRest(page);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await person.click(page.getByRole('button', { name: 'Page menu' }));
  await person.click(page.getByRole('menuitem', { name: 'Copy the link to this experiment' }));
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('#view=prune');
  person.done('share what I see');

  await atRest(page);
  await person.click(details);
  // Which line is which, and the lines.
  await person.look(page.getByRole('button', { name: 'Show the curve of Variance, compensation none' }));
  await person.look(
    page.getByRole('img', { name: /^Validation accuracy against the share .* Variance with/ }),
  );
  person.done('compare two criteria');

  expect(person.table).toEqual(documented('stage'));
});

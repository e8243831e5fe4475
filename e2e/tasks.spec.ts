/** The other tasks: a network of flows trained, stopped, reloaded and gone on with; turned; a scene; the reports under Paper. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { formatSpread } from '../src/lab/reproduce/format';
import { violations } from './axe';
import { expect, test } from './fixtures';
import { hold, linkHere } from './lab';

const status = (page: Page) => page.getByTestId('task-status');

/** One of the choices of a control, by its words. */
const choice = (page: Page, control: string, name: string) =>
  page.getByRole('radiogroup', { name: control }).getByText(name, { exact: true });

/** A picture of the page, where they are asked for. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.LAB_TASKS_PICTURES;
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

test('a network of flows is trained, stopped, found after a reload, gone on with after another, and minds a turn', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('?backend=wasm#view=tasks&model=tiny&task.way=tuned&task.step=1');
  await expect(status(page)).toContainText('Not trained yet', { timeout: 60_000 });
  await expect(page.getByRole('img', { name: 'Vorticity after 1 of 20 steps: the solver’s' })).toBeVisible();
  await expect(page.getByTestId('flow-sentence')).toContainText('the solver alone');

  await hold(page, { after: 'epoch', from: 2 });
  await page.getByRole('button', { name: 'Train it here' }).click();
  await expect(status(page)).toContainText('“plain”: epoch 2 of 15', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop for now' }).click();
  await expect(status(page)).toContainText(/after [12] of 30/, { timeout: 60_000 });
  await page.reload();
  await expect(status(page)).toContainText(/after [12] of 30/, { timeout: 60_000 });
  // What was stopped waits for a person; what a reload cuts off goes on by itself.
  await hold(page, { after: 'epoch', from: 4 });
  await page.getByRole('button', { name: 'Go on training' }).click();
  await expect(status(page)).toContainText('“plain”: epoch 4 of 15', { timeout: 60_000 });
  await page.reload();
  await expect(
    page.getByRole('status').filter({ hasText: /plain network for flows .* picked up after [34]\sepochs/ }),
  ).toBeVisible({ timeout: 60_000 });
  await picture(page, 'taken-up');
  await hold(page, null);
  await expect(status(page)).toHaveAttribute('data-status', 'trained', { timeout: 120_000 });
  await expect(status(page)).toContainText('Kept in this browser');

  await expect(page.getByTestId('flow-sentence')).toContainText('the network is off by', { timeout: 60_000 });
  await expect(page.getByRole('img', { name: /^Error, .* plain \d+ %/ })).toBeVisible();
  const slider = page.getByRole('slider', { name: 'Step of the roll-out' });
  await slider.press('ArrowRight');
  await expect(page.getByTestId('flow-sentence')).toContainText('Step 2, time 0.4');
  await page.getByRole('button', { name: 'Play' }).click();
  // To the last step, which is a matter of three seconds: one on the way may have passed before it is looked for.
  await expect(page.getByTestId('flow-sentence')).toContainText('Step 20,');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await choice(page, 'Turn the flow', '90°').click();
  await expect(page.getByTestId('minds-sentence')).toContainText('did not go with it', { timeout: 60_000 });
  expect(await linkHere(page)).toContain('task.turns=1');
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect(await violations(page)).toEqual([]);
  await picture(page, 'flows');
  // Who wants nothing to move gets it step by step.
  await page.getByRole('button', { name: 'Begin again' }).click();
  await page.getByRole('button', { name: 'Next step' }).click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a scene by its number, turned; a task’s report opens under Paper, from the page and from disk', async ({
  page,
}) => {
  await page.goto('?backend=wasm#view=tasks&model=tiny&task.tab=detection&task.scene=3');
  const scene = page.getByTestId('scene-picture');
  await expect(scene).toHaveAttribute('aria-label', /^Scene at 0°\. There: .+\.$/, { timeout: 60_000 });
  await expect(page.getByTestId('scene-tally')).toContainText(/to be found/);
  const there = (await scene.getAttribute('aria-label'))!.replace('0°', '180°');
  await choice(page, 'Turn the scene', '180°').click();
  await expect(scene).toHaveAttribute('aria-label', there);
  await page.getByRole('button', { name: 'A new scene' }).click();
  await expect(page.getByRole('textbox', { name: 'Scene' })).toHaveValue('4');
  expect(await linkHere(page)).toContain('task.scene=4');

  const { rows } = JSON.parse(await readFile('docs/reports/tasks/detection-small/report.json', 'utf8'));
  const { label, figures } = rows.at(-1);
  await page.goto('#view=paper&model=tiny&report=detection-small');
  await expect(page.getByRole('heading', { name: /^Detection: things on land/ })).toBeVisible();
  await expect(page.getByTestId('task-report').getByRole('row', { name: label })).toContainText(
    formatSpread(figures.map),
  );
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a report …' }).press('Enter');
  await (await choosing).setFiles('docs/reports/tasks/fluids-tiny/report.json');
  await expect(page.getByRole('heading', { name: /^Fluids: the step of a flow/ })).toBeVisible();
  await expect(page.getByRole('img', { name: 'the solver, after 1 step' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await picture(page, 'report');
});

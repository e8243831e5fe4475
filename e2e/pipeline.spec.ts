/** The Pipeline view: from start to integers through reloads and killed workers, by mouse and by keyboard, as a file. */
import type { Page } from '@playwright/test';
import { planRecipe } from '../src/lab/recipe/plan';
import type { RunRow } from '../src/storage/rows';
import { expect, test } from './fixtures';
import { hold, linkHere, tabTo, tinyRecipe } from './lab';

test.setTimeout(300_000);

/** Each field of the form in the link: the tiny network goes through all stages in seconds. */
const form = (changes: Record<string, string | number> = {}) => {
  const plan = { arch: 'tiny', epochs: 2, rate: 0.01, seed: 3 };
  const fields = Object.entries({ ...plan, ...changes }).map(([key, value]) => `pipe.${key}=${value}`);
  return `?backend=wasm#view=pipeline&model=tiny&${fields.join('&')}`;
};

/** So many batches that some of an epoch are left where it is held. */
const learning = { epochs: 4, batch: 16, learningRate: 0.01 };

/** The same on a third of the tiles, fine-tuned whole and in any case: something to be cut off in. */
const SMALL = tinyRecipe('small', { train: 0.2, val: 0.1, test: 0.7 }, [
  { kind: 'train', settings: learning },
  { kind: 'check', part: 'val' },
  { kind: 'distil', student: { hidden: 6 }, settings: learning },
  { kind: 'check', part: 'val' },
  { kind: 'prune', ratio: 0.9 },
  {
    kind: 'finetune',
    settings: { scope: 'network', epochs: 6, batch: 8, learningRate: 0.0001, tolerance: 0, excellent: 0 },
  },
  { kind: 'quantise' },
  { kind: 'check' },
]);

/** A file chosen at “Open a recipe”. */
const give = (page: Page, name: string, value: unknown) =>
  page.locator('input[type=file]').setInputFiles({
    name,
    mimeType: 'application/json',
    buffer: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  });

const RUN = 'Run the pipeline';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const stages = (page: Page) => page.getByTestId('stage');
const training = (page: Page) => page.evaluate(() => window.__orbitLab.training());
const liveOf = async (page: Page) => (await training(page)).live;

async function openForm(page: Page, changes?: Record<string, string | number>): Promise<void> {
  await page.goto(form(changes));
  await expect(button(page, RUN)).toBeEnabled({ timeout: 60_000 });
}

/** Waits until the newest pipeline has come to that, and hands it out. */
async function ended(page: Page, status: RunRow['status'] = 'done'): Promise<RunRow> {
  const newest = async () => (await training(page)).rows?.find(({ kind }) => kind === 'pipeline');
  const now = async () => {
    const row = await newest();
    return (await liveOf(page)) ? 'running' : `${row?.status}. ${row?.message ?? ''}`;
  };
  await expect.poll(now, { timeout: 240_000 }).toMatch(new RegExp(`^${status}\\.`));
  return (await newest())!;
}

/** Has a training of that kind wait in an epoch, after its first batch. */
const holdIn = (page: Page, stage: string, epoch: number) =>
  hold(page, { after: 'batch', stage, from: epoch });

/** Waits until a training is held in its n-th epoch. */
async function inEpoch(page: Page, stage: string, epoch: number): Promise<void> {
  await page.waitForFunction(
    ([name, n]) => {
      const { live } = window.__orbitLab.training();
      return live?.training === name && live.history.length >= n - 1 && live.batch > 0;
    },
    [stage, epoch] as const,
    { polling: 20, timeout: 120_000 },
  );
}

/** What has to be the same however often a pipeline was cut off: every number of every record but the time. */
const numbers = ({ records, history, params, stop }: RunRow) =>
  JSON.parse(
    JSON.stringify({ records, history, params, stop }, (key, value) => (key === 'seconds' ? 0 : value)),
  );

test('by mouse to integers; reloaded, its worker killed, stopped and continued in other stages: the same numbers', async ({
  page,
}) => {
  // Four page and worker starts, each of which paints the tiles anew.
  test.slow();
  await openForm(page);
  await give(page, 'small.json', SMALL);
  await button(page, 'Run the recipe').click();
  const whole = await ended(page);
  expect(whole.records.map(({ name }) => name)).toEqual(planRecipe(whole.recipe).map(({ name }) => name));
  await expect(page.getByTestId('rail')).toContainText('Same answer');
  for (const stage of await stages(page).all()) await expect(stage).toHaveAttribute('data-state', 'done');
  await expect(page.getByTestId('stages-table').getByRole('columnheader')).toHaveText([
    'Figure',
    ...['1 Train', '2 Distil', '3 Prune', '4 Fine-tune', '5 Quantise', '6 Check'],
  ]);
  const last = whole.records.at(-1)!;
  expect(last.agreement).toBe(1);
  expect(last.bytes).toBeLessThan(whole.records[0].bytes);

  await holdIn(page, 'distil', 3);
  await button(page, 'Run the recipe').click();
  // Cut off by a reload while the student learns; it goes on by itself.
  await inEpoch(page, 'distil', 3);
  await page.reload();
  const notice = page.getByRole('status').filter({ hasText: 'had been cut off' });
  await expect(notice).toContainText(/picked up with 2 of 8\sstages done, after epoch 2/, {
    timeout: 180_000,
  });
  // Its worker dies while the whole pruned network is fine-tuned.
  await holdIn(page, 'finetune', 3);
  await inEpoch(page, whole.records[5].name, 3);
  await page.evaluate(() => window.__orbitLab.terminateTraining());
  await expect(page.getByRole('status').filter({ hasText: 'lost its compute engine' })).toContainText(
    /picked up with 5 of 8\sstages done/,
    { timeout: 180_000 },
  );
  await holdIn(page, 'finetune', 5);
  await inEpoch(page, whole.records[5].name, 5);
  await button(page, 'Stop for now').click();
  const stopped = await ended(page, 'stopped');
  expect(stopped.later?.history).toHaveLength(4);
  await expect(stages(page).nth(3)).toHaveAttribute('data-state', 'stopped');
  await expect(stages(page).nth(3)).toContainText(/4 of 6.epochs are kept/);
  await hold(page, null);
  await button(page, 'Continue').click();
  const cut = await ended(page);
  expect(cut.id).not.toBe(whole.id);
  expect(numbers(cut)).toEqual(numbers(whole));
});

test('figures, curves, the paper beside, networks to save and to prune; trainings and pipelines keep apart', async ({
  page,
}) => {
  await openForm(page);
  await button(page, RUN).click();
  const row = await ended(page);
  const train = stages(page).nth(0);
  await train.getByRole('button', { name: 'Curves' }).click();
  await expect(train.getByRole('img', { name: /Validation accuracy by epoch/ })).toBeVisible();
  await train.getByRole('button', { name: 'Beside the paper' }).click();
  await expect(train.getByTestId('beside')).toContainText('97.37');
  await expect(train.getByTestId('beside')).toContainText('479 parameters here; 532,066 in the paper');
  const tuned = row.records.find(({ kind }) => kind === 'finetune')!;
  const finetune = stages(page).nth(3);
  if (tuned.triggered) await expect(finetune).toContainText('brought');
  else await expect(finetune).toContainText('Not needed');

  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the network of Quantise' }).click();
  expect((await saved).suggestedFilename()).toMatch(/^tiny-pipeline-1-quantise-.*\.safetensors$/);

  // Held against the network that was trained first: what went on the way, and what is in integers now.
  await page.getByRole('button', { name: 'Layers and speed of the network of Quantise' }).click();
  const layers = page.getByRole('dialog', { name: 'Before and after, layer by layer' });
  await expect(layers.getByTestId('compare-sentence')).toContainText(/^\d neurons? went/);
  await expect(layers.getByRole('row', { name: /^dense1/ })).toContainText('floats ⇒ 8-bit integers');
  await layers.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await expect(page.getByText('No run yet')).toBeVisible();
  await page.getByRole('link', { name: 'Pipeline', exact: true }).click();
  await page.getByRole('button', { name: 'Actions for tiny pipeline 1' }).click();
  await page.getByRole('menuitem', { name: 'Use these settings' }).click();
  expect(await linkHere(page)).toContain('pipe.epochs=2');
  await train.getByRole('button', { name: 'Open in Prune' }).click();
  await expect(page.getByRole('slider', { name: 'Hidden neurons removed' })).toBeVisible({ timeout: 60_000 });
  expect(await linkHere(page)).toContain(`model=run:${row.id}`);
});

test('a recipe file runs as it is; a bad one and an impossible one are refused in words', async ({
  page,
}) => {
  await openForm(page);
  await give(page, 'broken.json', '{"version": 1');
  await expect(page.getByRole('alert')).toContainText('broken.json was not opened. It is not JSON');
  await give(page, 'other.json', { version: 1, name: 'x', arch: { id: 'tiny' }, stages: [{ kind: 'bake' }] });
  await expect(page.getByRole('alert')).toContainText('“stages.0.kind”'.replaceAll(/[“”]/g, '"'));

  const recipe = {
    version: 2,
    name: 'two prunings',
    arch: { id: 'tiny', group: 'D4' },
    split: { train: 0.2, val: 0.1, test: 0.7 },
    stages: [
      { kind: 'train', settings: { epochs: 2, batch: 32, learningRate: 0.01 } },
      {
        kind: 'sweep',
        neurons: { ratios: [0.5, 0.8], methods: ['l2'], compensations: ['mean'], finetune: null },
      },
    ],
  };
  await give(page, 'student.json', { ...recipe, stages: [{ kind: 'distil' }] });
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByText('needs a teacher')).toBeVisible();
  await expect(button(page, 'Run the recipe')).toBeDisabled();

  await give(page, 'two.json', recipe);
  await expect(page.getByTestId('opened-recipe')).toContainText('two prunings');
  await button(page, 'Run the recipe').click();
  const row = await ended(page);
  expect(row.recipe).toMatchObject({ name: 'two prunings', arch: { group: 'D4' } });
  expect(row.records.map(({ name }) => name)).toEqual(['train', 'prune l2 mean 50%', 'prune l2 mean 80%']);
  await expect(stages(page)).toHaveCount(3);
  await button(page, 'Back to the form').click();
  await expect(button(page, RUN)).toBeVisible();
});

test('by keyboard alone: run, pause, go on, stop; what cannot be run is said before', async ({ page }) => {
  await openForm(page, { epochs: 4, batch: 16 });
  await holdIn(page, 'train', 1);
  await button(page, RUN).focus();
  await page.keyboard.press('Enter');
  await inEpoch(page, 'train', 1);
  await tabTo(page, button(page, 'Pause'));
  await page.keyboard.press('Space');
  await expect(button(page, 'Resume')).toBeFocused();
  await expect(stages(page).first()).toHaveAttribute('data-state', 'paused');
  await holdIn(page, 'train', 2);
  await page.keyboard.press('Space');
  await inEpoch(page, 'train', 2);
  await button(page, 'Stop for now').focus();
  await page.keyboard.press('Enter');
  await ended(page, 'stopped');

  await page.goto(form({ data: 'no such set' }));
  await expect(page.getByText('"no such set" is not kept in this browser')).toBeVisible();
  await expect(button(page, RUN)).toBeDisabled();
});

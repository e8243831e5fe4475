/** A sweep is followed in the page, from the server of `lab sweep --page` with statuses that a walk makes up; and from a file. */
import { readFile } from 'node:fs/promises';
import { type LivePage, servePage } from '../cli/sweepPage/server';
import { siteIn } from '../cli/sweepPage/site';
import { sweepsDocument } from '../src/lab/sweep/document';
import type { SweepStatus } from '../src/lab/sweep/status';
import { runOf, sweepOf, type Wish, workerOf } from '../src/lab/sweep/testing/sweeps';
import { handReport } from '../src/lab/testing/reports';
import { violations } from './axe';
import { test as base, expect } from './fixtures';
import { pictures } from './lab';

/** What the server hands out, and what it was asked for. */
class Queue {
  sweep: SweepStatus = sweepAt(['running', 'waiting', 'waiting']);
  others: SweepStatus[] = [];
  hasReport = false;
  isAway = false;
  readonly wishes: unknown[] = [];
  onWish = (): void => {};
}

const test = base.extend<{ queue: Queue; live: LivePage }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are needed from here.
  queue: async ({}, use) => use(new Queue()),
  live: async ({ queue }, use) => {
    const live = await servePage({
      site: await siteIn('dist-testing'),
      port: 0,
      control: true,
      source: {
        statuses: async () => {
          if (queue.isAway) throw new Error('the connection is refused');
          return [queue.sweep, ...queue.others];
        },
        act: async (...wish) => {
          queue.wishes.push(wish);
          queue.onWish();
        },
        report: async () => (queue.hasReport ? JSON.stringify(handReport()) : null),
      },
    });
    await use(live);
    await live.close();
  },
  baseURL: async ({ live }, use) => use(new URL('/', live.link).href),
});

/** Two runs; the second is begun with what the first one's training leaves. */
function sweepAt(
  first: readonly Wish[],
  second: readonly Wish[] = ['waiting', 'waiting'],
  special = {},
): SweepStatus {
  const runs = [...runOf('c4, seed 1', first), ...runOf('adapted, seed 1', second, ['c4, seed 1/0'])];
  const workers = [
    workerOf('w1', { seen: new Date().toISOString(), busy: 1 }),
    workerOf('w2', {
      host: 'beta',
      seen: '2026-11-28T07:00:00.000Z',
      serves: [],
      refuses: ['It has other data.'],
    }),
  ];
  return sweepOf(runs, { workers, ...special });
}

const training = (epoch: number, accuracy: number): Wish => ({
  ...{ state: 'running', worker: 'w1', epoch, epochs: 5, accuracy },
});

test('a sweep is followed through running, failing, a retry and to its report; the token is the tab’s', async ({
  page,
  queue,
  live,
}) => {
  queue.sweep = sweepAt([training(2, 0.5), 'waiting', 'waiting'], undefined, { rate: 12, left: 1500 });
  await page.goto(`${live.link}&model=tiny`);
  const sentence = page.getByTestId('sweep-sentence');
  await expect(sentence).toHaveText(
    'Running. 0 of 5 jobs done, 1 running, 4 waiting. About 25 min left, at 12 jobs an hour.',
  );
  await expect(page).not.toHaveURL(/control/);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(page.getByTestId('sweep-chain')).toContainText(
    '3 jobs, one after the other (train, prune, finetune)',
  );
  const workers = page.getByTestId('sweep-workers');
  await expect(workers.getByRole('row', { name: /^w1/ })).toContainText('c4, seed 1: train, epoch 2 of 5');
  await expect(workers.getByRole('row', { name: /^w2/ })).toContainText('Refuses: It has other data.');

  await test.step('epochs come without anything being drawn anew; a mark tells of its job, by keys too', async () => {
    const mark = page.getByRole('button', { name: /^c4, seed 1: train, running/ });
    await mark.evaluate((element) => Object.assign(element, { wasHere: true }));
    await mark.focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('button', { name: /^c4, seed 1: prune, waiting/ })).toBeFocused();
    await expect(page.getByTestId('sweep-job')).toContainText('Waits for c4, seed 1: train (running).');
    queue.sweep = sweepAt([training(4, 0.75), 'waiting', 'waiting']);
    await expect(mark).toHaveAccessibleName('c4, seed 1: train, running, epoch 4 of 5');
    expect(await mark.evaluate((element) => 'wasHere' in element)).toBe(true);
    await expect(page.getByRole('button', { name: /^c4, seed 1: prune, waiting/ })).toBeFocused();
    await expect(
      page.getByRole('img', {
        name: 'Validation accuracy by epoch of 1 training; running: c4, seed 1: train 75.0 %',
      }),
    ).toBeVisible();
  });

  await test.step('a job that failed is named with its reason and what waits for it, and tried again', async () => {
    const failed: Wish = { state: 'failed', attempts: 3, reason: 'The disk is full.' };
    queue.sweep = sweepAt(['done', failed, 'waiting'], ['done', 'done']);
    const dead = page.getByTestId('sweep-dead');
    await expect(dead).toContainText('Failed after 3 attempts: The disk is full. 1 job waits for it.');
    await expect(sentence).toContainText('Stuck');
    await expect(page.getByTestId('sweep-spoken')).toContainText('Stuck');
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    // Charts follow the width a frame later.
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(390);
    await pictures(page, process.env.LAB_SWEEP_PICTURES, 'failed-phone');
    await page.setViewportSize({ width: 1280, height: 720 });
    // What needs it ended as failed with it, and has no button of its own.
    const blocked: Wish = { state: 'failed', reason: 'It needs "c4, seed 1: prune", which failed.' };
    queue.sweep = sweepAt(['done', failed, blocked], ['done', 'done']);
    await expect(dead.getByRole('heading')).toHaveText('1 job failed, 1 needs it');
    await expect(dead.getByRole('button')).toHaveCount(1);
    await expect(sentence).toContainText('3 of 5 jobs done, 1 failed, 1 needs it.');
    await page.getByRole('button', { name: 'c4, seed 1: finetune, needs one that failed' }).press('Enter');
    await expect(page.getByTestId('sweep-job')).toContainText('Waits for c4, seed 1: prune (failed).');
    expect(await violations(page)).toEqual([]);
    queue.onWish = () => {
      queue.sweep = sweepAt(['done', 'running', 'waiting'], ['done', 'done']);
    };
    await dead.getByRole('button', { name: 'Retry c4, seed 1: prune' }).press('Enter');
    await expect(dead).toBeHidden();
    expect(queue.wishes.splice(0)).toEqual([['sweep-1', 'retry', 'c4, seed 1/1']]);
  });

  await test.step('paused; after a reload the tab may still act; nothing is cancelled by one press', async () => {
    await page.reload();
    queue.onWish = () => {
      queue.sweep = { ...queue.sweep, paused: true };
    };
    await page.getByRole('button', { name: 'Pause' }).press('Enter');
    await expect(sentence).toContainText('Paused: what runs comes to its end.');
    await page.getByRole('button', { name: 'Cancel …' }).press('Enter');
    await page.getByRole('button', { name: 'Keep it' }).press('Enter');
    await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
    expect(queue.wishes.splice(0)).toEqual([['sweep-1', 'pause', undefined]]);
  });

  await test.step('a newer sweep does not take its place', async () => {
    const newer = { id: 'sweep-2', name: 'table-5, small', made: '2026-11-28T07:30:00.000Z' };
    queue.others = [sweepAt(['ready', 'waiting'], [], newer)];
    const choice = page.getByRole('combobox', { name: 'Sweep' });
    await expect(choice).toHaveValue('sweep-1');
    await expect(sentence).toContainText('Paused');
    await choice.selectOption('sweep-2');
    await expect(page.getByRole('heading', { name: 'table-5, small' })).toBeVisible();
    queue.others = [];
    await expect(page.getByRole('heading', { name: 'table-2, small' })).toBeVisible();
  });

  await test.step('a status from disk is shown as it was; then the server is followed again', async () => {
    // Of a task, whose trainings have a loss.
    const trained: Wish = { state: 'done', epoch: 2, epochs: 2, loss: 0.25 };
    const file = JSON.stringify(sweepsDocument([sweepAt([trained, 'cancelled'], [], { name: 'older' })]));
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Open a report …' }).press('Enter');
    await (await choosing).setFiles({
      name: 'status.json',
      mimeType: 'application/json',
      buffer: Buffer.from(file),
    });
    await expect(page.getByTestId('sweep-file')).toContainText('From the file status.json');
    await expect(page.getByRole('heading', { name: 'older' })).toBeVisible();
    await expect(page.getByRole('img', { name: 'Validation loss by epoch of 1 training' })).toBeVisible();
    await page.getByRole('button', { name: 'Follow the sweeps beside this page' }).press('Enter');
    await expect(sentence).toContainText('Paused');
  });

  await test.step('done: its report opens', async () => {
    queue.sweep = sweepAt(['done', 'done', 'done'], ['done', 'done']);
    queue.hasReport = true;
    await expect(sentence).toHaveText('Done. 5 of 5 jobs done.');
    await page.getByRole('button', { name: 'Open the report' }).press('Enter');
    await expect(page.getByRole('heading', { name: 'Table II by hand' })).toBeVisible();
  });
});

test('a lab that goes silent leaves what was last known, says since when, and is followed on by itself', async ({
  browser,
  queue,
  live,
}) => {
  queue.sweep = sweepAt([training(2, 0.5), 'waiting', 'waiting']);
  // Not the fixture's page: here the browser itself logs the requests that failed.
  const page = await browser.newPage();
  // Whoever has not the token sees no button that acts.
  await page.goto(`${new URL('/', live.link).href}#view=paper&report=sweep&model=tiny`);
  await expect(page.getByTestId('sweep-sentence')).toContainText('1 running');
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0);
  queue.isAway = true;
  const silence = page.getByTestId('sweep-silence');
  await expect(silence).toContainText(
    /Nothing is heard from the lab since .*: The queue does not answer: the connection is refused/,
  );
  await expect(page.getByRole('button', { name: /^c4, seed 1: train, running/ })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  queue.sweep = sweepAt(['done', 'running', 'waiting']);
  queue.isAway = false;
  await expect(silence).toBeHidden();
  await expect(page.getByTestId('sweep-sentence')).toContainText('1 of 5 jobs done');
  await page.close();
});

test('a sweep of 2,500 jobs is a line for each run, those that failed first, and opens to marks', async ({
  page,
  queue,
  live,
}) => {
  const failed: Wish = { state: 'failed', attempts: 3, reason: 'The disk is full.' };
  const runs = Array.from({ length: 625 }, (_, i) => {
    const wish: Wish[] =
      i < 300
        ? [{ state: 'done', epoch: 5, epochs: 5, accuracy: 0.9, attempts: 0 }, 'done', 'done', 'done']
        : i < 310
          ? [failed, failed, failed, failed]
          : ['ready', 'waiting', 'waiting', 'waiting'];
    return runOf(`run ${i}`, wish);
  });
  queue.sweep = sweepOf(runs.flat());
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${live.link}&model=tiny`);
  await expect(page.getByTestId('sweep-sentence')).toContainText(
    '1200 of 2500 jobs done, 10 failed, 30 need them',
  );
  const lines = page.getByRole('button', { name: /^run \d+ / });
  await expect(lines).toHaveCount(25);
  // What still comes stands before what is done.
  await expect(lines.last()).toHaveAccessibleName('run 324 0 of 4 done');
  const dead = lines.filter({ hasText: '0 of 4 done, 1 failed' });
  await expect(dead).toHaveCount(10);
  await dead.first().press('Enter');
  const mark = page.getByRole('button', { name: 'run 300: train, failed' });
  await mark.focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('button', { name: 'run 300: quantise, needs one that failed' })).toBeFocused();
  await expect(page.getByTestId('sweep-job')).toBeInViewport();
  await expect(page.getByText('the last 12 of 300 trainings that ended')).toBeVisible();
  await expect(page.getByTestId('sweep-dead').getByRole('button', { name: /^Retry run/ })).toHaveCount(6);
  expect(await violations(page)).toEqual([]);
  const { nodes, width } = await page.evaluate(() => ({
    nodes: document.querySelectorAll('*').length,
    width: document.documentElement.scrollWidth,
  }));
  expect(nodes).toBeLessThan(2000);
  expect(width).toBeLessThanOrEqual(390);
  await page.getByRole('button', { name: 'Show all', exact: true }).press('Enter');
  await expect(lines).toHaveCount(625);
});

test('nothing of the view is in the page’s first scripts', async () => {
  const index = await readFile('dist/index.html', 'utf8');
  const names = [...index.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(1);
  for (const name of names)
    expect(await readFile(`dist/${name}`, 'utf8')).not.toContain('Longest chain to go');
});

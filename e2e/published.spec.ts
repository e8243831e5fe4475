/**
 * Published data sets: downloaded into the page from a server of another origin that behaves in every way servers do,
 * and read from files of the official layouts.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { test as base, type Page } from '@playwright/test';
import { cifarBatch, gzipped, mnistPart, tarred } from '../src/lab/data/testing/official';
import { beginning, deadAddress, type TestServer, testServer, whole } from '../src/lab/data/testing/server';
import { uniform } from '../src/lab/random';
import { test as alone, expect } from './fixtures';

const CORS = { 'Access-Control-Allow-Origin': '*' };

/** Without the fixture's rule that no request leaves the origin: here the person asks for one. */
const test = base.extend<{ server: TestServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what is needed from it.
  server: async ({}, use) => {
    const server = await testServer();
    await use(server);
    await server.close();
  },
});

/** 60 photographs of noise, which gzip cannot shrink, so that a connection can be cut in the middle: 184 kB. */
async function archive(): Promise<Uint8Array> {
  const next = uniform('noise archive');
  const noisy = (labels: readonly number[]) =>
    cifarBatch(labels).map((byte, at) => (at % 3073 === 0 ? byte : 256 * next()));
  const labels = Array.from({ length: 50 }, (_, i) => i % 10);
  return gzipped(
    await tarred({ 'x/data_batch_1.bin': noisy(labels), 'x/test_batch.bin': noisy(labels.slice(0, 10)) }),
  );
}

const manifest = (url: string, body: Uint8Array) => ({
  name: 'eurosat',
  title: 'Noise',
  about: '',
  count: 60,
  size: 32,
  licence: 'none stated',
  citations: [],
  files: [{ url, md5: createHash('md5').update(body).digest('hex'), crossOrigin: true }],
});

async function openData(page: Page): Promise<void> {
  await page.goto('#view=data&model=tiny');
  await expect
    .poll(() => page.evaluate(() => window.__orbitLab?.datasets().rows ?? null), { timeout: 60_000 })
    .not.toBeNull();
}

/** Asks for a download; it goes on by itself. */
const download = (page: Page, wanted: ReturnType<typeof manifest>) =>
  page.evaluate((wanted) => void window.__orbitLab.download(wanted), wanted);

const parts = (page: Page) => page.evaluate(() => window.__orbitLab?.datasets().parts);
const titles = (page: Page) =>
  page.evaluate(() => window.__orbitLab.datasets().rows!.map((row) => row.title));
const open = (page: Page, title: string) => page.locator('summary', { hasText: title }).press('Enter');

test('a download survives a cut connection, and becomes a data set', async ({ page, server }) => {
  const body = await archive();
  let cuts = 1;
  server.handler = (request, response) => {
    if (cuts-- <= 0) return whole(body, CORS)(request, response);
    const { status, headers } = beginning(request, body, CORS);
    response.writeHead(status, headers).write(body.subarray(0, 50_000));
    setTimeout(() => response.destroy(), 500);
  };
  await openData(page);
  await download(page, manifest(`${server.base}/noise.tar.gz`, body));
  await expect(page.getByTestId('reading')).toContainText('trying again from byte', { timeout: 60_000 });
  await expect(page.getByTestId('facts')).toContainText('60 tiles', { timeout: 60_000 });
  expect(await titles(page)).toEqual(['CIFAR-10 subset, n = 60']);
  expect(await parts(page)).toEqual({});
  // The server lets pages read its files and not the header Content-Range: the checksum tells that they fit.
  expect(server.asked[0]).toBeUndefined();
  expect(server.asked[1]).toMatch(/^bytes=[1-9]\d*-$/);
});

test('a download that is stopped goes on after a reload, or is thrown away', async ({ page, server }) => {
  const body = await archive();
  // Never ends by itself.
  server.handler = (request, response) => {
    const { status, headers } = beginning(request, body, CORS);
    response.writeHead(status, headers).write(body.subarray(0, 50_000));
  };
  const wanted = manifest(`${server.base}/noise.tar.gz`, body);
  await openData(page);
  await download(page, wanted);
  await expect(page.getByTestId('reading')).toContainText('50.0 kB of', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop' }).press('Enter');
  await expect(page.getByText(/Stopped: 50\.0.kB of Noise are kept in this browser/)).toBeVisible();

  await page.reload();
  await expect.poll(() => parts(page)).toEqual({ eurosat: 50_000 });
  await open(page, 'EuroSAT');
  await expect(page.getByRole('button', { name: 'Download the rest' })).toBeVisible();
  server.handler = whole(body, CORS);
  await download(page, wanted);
  await expect(page.getByTestId('facts')).toContainText('60 tiles', { timeout: 60_000 });
  expect(server.asked).toEqual([undefined, 'bytes=50000-']);

  server.handler = (_, response) => void response.writeHead(200, CORS).write(body.subarray(0, 50_000));
  await download(page, wanted);
  await expect(page.getByTestId('reading')).toContainText('50.0 kB', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop' }).press('Enter');
  await page.getByRole('button', { name: 'Throw away 50.0 kB' }).press('Enter');
  await expect(
    page
      .getByText('What came of Noise was thrown away.')
      .or(page.getByText('What came of EuroSAT was thrown away.')),
  ).toBeVisible();
  expect(await parts(page)).toEqual({});
});

test('a wrong checksum, a host that forbids it and one out of reach cost a sentence', async ({
  page,
  server,
}) => {
  const body = await archive();
  const alert = page.getByRole('alert');
  await openData(page);
  server.handler = whole(
    body.map((byte, i) => (i === 7 ? byte ^ 1 : byte)),
    CORS,
  );
  const wanted = manifest(`${server.base}/noise.tar.gz`, body);
  await download(page, wanted);
  await expect(alert).toContainText('wrong md5 checksum; it was thrown away', { timeout: 60_000 });
  expect([await parts(page), await titles(page)]).toEqual([{}, []]);

  server.handler = (_, response) => response.writeHead(404, CORS).end();
  await download(page, wanted);
  await expect(alert).toContainText('answered 404', { timeout: 60_000 });

  server.handler = whole(body);
  await download(page, wanted);
  await expect(alert).toContainText('cannot be reached, or lets no other page read its files', {
    timeout: 60_000,
  });
  await expect(alert).toContainText('nothing was downloaded. Check the connection and press Download again');

  await download(page, manifest(`${await deadAddress()}/noise.tar.gz`, body));
  await expect(alert).toContainText('cannot be reached', { timeout: 60_000 });
  expect(await titles(page)).toEqual([]);
});

test('a host is asked only when the button is pressed', async ({ page }) => {
  const asked: string[] = [];
  await page.context().route('https://huggingface.co/**', (route) => {
    asked.push(route.request().url());
    return route.fulfill({ body: 'no zip', headers: CORS });
  });
  await openData(page);
  await open(page, 'EuroSAT');
  await expect(page.getByText('27,000 Sentinel-2 tiles')).toBeVisible();
  expect(asked).toEqual([]);
  await page.getByRole('button', { name: 'Download here' }).press('Enter');
  await expect(page.getByRole('alert')).toContainText('wrong md5 checksum', { timeout: 60_000 });
  expect(asked.length).toBeGreaterThan(0);
  // Where the host is not known to allow it there is a link, and no button.
  await open(page, 'CIFAR-10');
  await expect(page.getByRole('link', { name: 'cifar-10-binary.tar.gz' })).toHaveAttribute('href', /^https:/);
  await expect(page.getByRole('button', { name: /^Download/ })).toHaveCount(1);
});

const files = (made: Record<string, Uint8Array>) =>
  Object.entries(made).map(([name, bytes]) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bytes),
  }));

async function choose(page: Page, given: ReturnType<typeof files> | string[]): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).press('Enter');
  await (await choosing).setFiles(given);
}

alone('official files are read as they are, and what is wrong with them is said', async ({ page }) => {
  const alert = page.getByRole('alert');
  const facts = page.getByTestId('facts');
  await openData(page);
  await choose(page, files({ 'cifar-10-binary.tar.gz': await archive() }));
  await expect(facts).toContainText('60 tiles', { timeout: 60_000 });
  await expect(page.getByText('which are kept: test tiles stay test tiles')).toBeVisible();

  const digits = { ...mnistPart('train', [1, 2, 1, 2, 1, 2]), ...mnistPart('t10k', [2, 1]) };
  await choose(page, files(digits));
  await expect(facts).toContainText('8 tiles', { timeout: 60_000 });
  await expect(page.getByText('The class 0 has 0 of the two tiles that it needs')).toBeVisible();

  const { 'train-labels-idx1-ubyte': _, ...unlabelled } = digits;
  await choose(page, files(unlabelled));
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Keep both' }).press('Enter');
  await expect(alert).toContainText('holds training pictures but not their labels', { timeout: 60_000 });
  await choose(page, files({ 'cut.tar.gz': (await archive()).subarray(0, 60_000) }));
  await expect(alert).toContainText(/cut\.tar(\.gz)? is truncated or damaged/, { timeout: 60_000 });
  await choose(page, files({ 'notes.pdf': Uint8Array.from([37, 80, 68, 70, 0, 1]) }));
  await expect(alert).toContainText('notes.pdf is neither a picture, nor a zip', { timeout: 60_000 });
  expect(await titles(page)).toHaveLength(2);
});

const mnist = path.resolve('..', 'shared/data/mnist');
alone('MNIST is known, and turned on request (needs ../shared/data/mnist)', async ({ page }) => {
  alone.skip(!existsSync(mnist), 'needs ../shared/data/mnist');
  await openData(page);
  await choose(
    page,
    (await readdir(mnist)).map((file) => path.join(mnist, file)),
  );
  await expect(page.getByRole('heading', { level: 2, name: 'MNIST', exact: true })).toBeVisible({
    timeout: 60_000,
  });
  await page.getByRole('button', { name: 'Make Rotated MNIST' }).click();
  await expect(page.getByTestId('facts')).toContainText('62,000 tiles', { timeout: 180_000 });
  await expect(page.getByText('kept in this browser')).not.toHaveCount(0);
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../src/lab/errors';
import { readSweeps } from '../../src/lab/sweep/document';
import { runOf, sweepOf } from '../../src/lab/sweep/testing/sweeps';
import { type LivePage, type PageOrder, servePage } from './server';
import { siteIn } from './site';
import { Snapshots, type SweepSource } from './source';

const POLICY = "default-src 'none'; script-src 'self'";

let top: string;
const pages: LivePage[] = [];

beforeAll(async () => {
  top = await mkdtemp(path.join(tmpdir(), 'orbit-lab-page-'));
  await writeFile(path.join(top, 'secret.txt'), 'secret');
  await mkdir(path.join(top, 'dist/assets'), { recursive: true });
  const meta = `<meta http-equiv="Content-Security-Policy" content="${POLICY}" />`;
  await writeFile(path.join(top, 'dist/index.html'), `<html><head>${meta}</head><body>lab</body></html>`);
  await writeFile(path.join(top, 'dist/sw.js'), '0');
  await writeFile(path.join(top, 'dist/assets/main-1.js'), 'script');
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
});
afterAll(() => rm(top, { recursive: true }));

/** A source whose statuses and wishes a test sees. */
function made(special: Partial<SweepSource> = {}) {
  const wishes: unknown[] = [];
  const sweep = sweepOf(runOf('a', [{ state: 'running', epoch: 1, epochs: 3, accuracy: 0.5 }, 'waiting']));
  const source: SweepSource = {
    statuses: async () => [sweep],
    act: async (...wish) => void wishes.push(wish),
    report: async () => null,
    ...special,
  };
  return { source, wishes };
}

async function serve(special: Partial<PageOrder> = {}): Promise<LivePage> {
  const site = await siteIn(path.join(top, 'dist'));
  const page = await servePage({ site, source: made().source, port: 0, ...special });
  pages.push(page);
  return page;
}

interface Answer {
  readonly code: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A request as it is, with any path and any headers. */
const ask = (
  { port }: LivePage,
  target: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: target, method, headers }, async (response) => {
      let text = '';
      for await (const part of response) text += part;
      resolve({ code: response.statusCode!, text, headers: response.headers });
    });
    asked.once('error', reject);
    asked.end(body);
  });

describe('what the live page hands out', () => {
  test('the page, told of the statuses, under its own policy; what has a hash in its name for good', async () => {
    const page = await serve();
    const { code, text, headers } = await ask(page, '/?control=x');
    expect(code).toBe(200);
    expect(text).toContain('<meta name="orbit-lab-sweep" content="sweep.json" /></head>');
    expect(headers).toMatchObject({
      'content-security-policy': `${POLICY}; frame-ancestors 'none'`,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'x-content-type-options': 'nosniff',
    });
    const script = await ask(page, '/assets/main-1.js');
    expect(script.text).toBe('script');
    expect(script.headers['content-type']).toMatch(/^text\/javascript/);
    expect(script.headers['cache-control']).toContain('immutable');
  });

  test('the statuses, once: whoever has them is told so', async () => {
    const page = await serve();
    const { text, headers } = await ask(page, '/sweep.json');
    const document = readSweeps(text, 'answer');
    expect(document.control).toBe(false);
    expect(document.curves).toEqual({ 'a/0': [[1, 0.5]] });
    const again = await ask(page, '/sweep.json', { headers: { 'If-None-Match': String(headers.etag) } });
    expect(again).toMatchObject({ code: 304, text: '' });
  });

  test('no file beside the page, however it is asked for, and no service worker', async () => {
    const page = await serve();
    for (const target of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..\\..\\secret.txt',
      '//secret.txt',
      path.join(top, 'secret.txt'),
      '/sw.js',
      '/assets/',
      '/reports/..%2f..%2fsecret.json',
    ]) {
      const { code, text } = await ask(page, target);
      expect([target, code, text.includes('secret')]).toEqual([target, 404, false]);
    }
  });

  test('a report, where it is made', async () => {
    const { source } = made({ report: async ({ id }) => `{"of":"${id}"}` });
    const page = await serve({ source });
    expect(readSweeps((await ask(page, '/sweep.json')).text, 'answer').reports).toEqual(['sweep-1']);
    expect((await ask(page, '/reports/sweep-1.json')).text).toBe('{"of":"sweep-1"}');
    expect((await ask(page, '/reports/other.json')).code).toBe(404);
  });

  test('a queue that does not answer is told, and asked again', async () => {
    let isThere = false;
    const { source } = made();
    const page = await serve({
      source: {
        ...source,
        statuses: () => (isThere ? source.statuses() : Promise.reject(new Error('refused'))),
      },
    });
    expect(await ask(page, '/sweep.json')).toMatchObject({
      code: 503,
      text: 'The queue does not answer: refused\n',
    });
    isThere = true;
    expect((await ask(page, '/sweep.json')).code).toBe(200);
  });
});

describe('who is answered', () => {
  test('this machine alone', async () => {
    const { port } = await serve();
    const others = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others)
      await expect(
        new Promise((resolve, reject) =>
          connect(port, address, () => resolve('there')).once('error', reject),
        ),
      ).rejects.toThrow();
  });

  test.each([
    'evil.example',
    'evil.example:PORT',
    'localhost.evil.example:PORT',
    '127.0.0.1:1',
    '192.168.0.9:PORT',
    '127.evil.example:PORT',
  ])('not under the name "%s", which was turned to this machine', async (name) => {
    const page = await serve();
    const host = name.replace('PORT', String(page.port));
    expect((await ask(page, '/sweep.json', { headers: { Host: host } })).code).not.toBe(200);
    expect((await ask(page, '/', { headers: { Host: host } })).code).not.toBe(200);
  });

  test('under the names of this machine', async () => {
    const page = await serve();
    for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])
      expect((await ask(page, '/sweep.json', { headers: { Host: `${name}:${page.port}` } })).code).toBe(200);
  });

  test('a port that is taken is told in words', async () => {
    const { port } = await serve();
    await expect(serve({ port })).rejects.toThrow(
      new BadInput(
        `Port ${port} is taken: choose another one with --port, or leave it to the machine with --port 0.`,
      ),
    );
  });

  test('a folder without a page is told in words', () =>
    expect(siteIn(path.join(top, 'nowhere'))).rejects.toThrow('The page is not built yet'));
});

describe('wishes', () => {
  const wish = (
    page: LivePage,
    headers: Record<string, string> = {},
    target = '/sweeps/sweep-1/retry',
    body = '{"job":"a/1"}',
  ) =>
    ask(page, target, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${page.token}`, ...headers },
      body,
    });

  test('are taken from the page itself with the token of its link', async () => {
    const { source, wishes } = made();
    const page = await serve({ source, control: true });
    expect(page.link).toContain(`?control=${page.token}#`);
    expect((await wish(page, { Origin: `http://127.0.0.1:${page.port}` })).code).toBe(204);
    expect((await wish(page, {}, '/sweeps/a%20b/pause', '{}')).code).toBe(204);
    expect(wishes).toEqual([
      ['sweep-1', 'retry', 'a/1'],
      ['a b', 'pause', undefined],
    ]);
  });

  test('are not taken otherwise', async () => {
    const { source, wishes } = made();
    const page = await serve({ source, control: true });
    for (const [code, ...order] of [
      [403, { Authorization: 'Bearer wrong' }],
      [403, { Authorization: '' }],
      [403, { Origin: 'http://evil.example' }],
      [403, { Origin: `http://localhost.evil.example:${page.port}` }],
      [421, { Host: 'evil.example' }],
      [415, { 'Content-Type': 'text/plain' }],
      [404, {}, '/sweeps/sweep-1/destroy'],
      [404, {}, '/sweep.json'],
      [400, {}, undefined, '{"job":5}'],
      [400, {}, undefined, 'null'],
      [400, {}, undefined, `{"job":"${'x'.repeat(9000)}"}`],
    ] as [number, Record<string, string>, string?, string?][]) {
      const answered = await wish(page, ...order);
      expect([order, answered.code]).toEqual([order, code]);
    }
    expect((await ask(page, '/sweep.json', { method: 'DELETE' })).code).toBe(405);
    expect(wishes).toEqual([]);
  });

  test('are refused where the page only shows, whatever they bring', async () => {
    const { source, wishes } = made();
    const page = await serve({ source });
    expect(page.token).toBeUndefined();
    expect((await wish(page)).code).toBe(403);
    expect(wishes).toEqual([]);
  });

  test('that cannot be are told why', async () => {
    const { source } = made({ act: () => Promise.reject(new BadInput('There is no such job.')) });
    const page = await serve({ source, control: true });
    expect(await wish(page)).toMatchObject({ code: 409, text: 'There is no such job.\n' });
  });
});

test('many pages ask the queue once; curves are remembered over statuses', async () => {
  let [asked, epoch, now] = [0, 1, 0];
  const { source } = made({
    statuses: async () => {
      asked++;
      return [sweepOf(runOf('a', [{ state: 'running', epoch, epochs: 9, accuracy: epoch / 10 }]))];
    },
  });
  const snapshots = new Snapshots(source, false, () => now);
  const [one, other] = await Promise.all([snapshots.read(), snapshots.read()]);
  expect(one).toBe(other);
  expect(asked).toBe(1);
  [now, epoch] = [2000, 3];
  const later = await snapshots.read();
  expect(later.tag).not.toBe(one.tag);
  expect(readSweeps(later.text, 'later').curves['a/0']).toEqual([
    [1, 0.1],
    [3, 0.3],
  ]);
});

test('while nobody asks the queue is looked at all the same', async () => {
  let epoch = 0;
  const { source } = made({
    statuses: async () => {
      epoch++;
      return [sweepOf(runOf('a', [{ state: 'running', epoch, epochs: 99, accuracy: epoch / 100 }]))];
    },
  });
  // Each look is later than the pause between two.
  const snapshots = new Snapshots(source, false, () => 10_000 * epoch);
  const stop = snapshots.watch(1);
  await expect.poll(() => epoch).toBeGreaterThan(3);
  stop();
  const { curves } = readSweeps((await snapshots.read()).text, 'watched');
  expect(curves['a/0'].slice(0, 4).map(([each]) => each)).toEqual([1, 2, 3, 4]);
});

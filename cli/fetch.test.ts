/** Downloads against a server on this machine that can be told to misbehave. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DownloadOptions } from '../src/lab/data/fetch/download';
import { cifarBatch, gzipped, mnistPart, tarred } from '../src/lab/data/testing/official';
import { beginning, deadAddress, type Handler, testServer, whole } from '../src/lab/data/testing/server';
import { datasetHash } from '../src/lab/data/tiles';
import { BadInput, messageOf } from '../src/lab/errors';
import { download } from './download';
import { fetchDataset } from './fetch';
import { readManifest } from './manifest';
import { openDataset } from './node/data';

const BODY = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 3);
const QUICK = { attempts: 2, pauseMs: 1, stallMs: 2_000 };
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

const top = await mkdtemp(join(tmpdir(), 'orbit-fetch-'));
let made = 0;
let folder: string;
let file: string;
const server = await testServer();
const { base } = server;

beforeEach(async () => {
  folder = join(top, `${made++}`);
  await mkdir(folder);
  file = join(folder, 'set.bin');
  server.asked = [];
});
afterEach(() => server.cut());
afterAll(async () => {
  await server.close();
  await rm(top, { recursive: true });
});

/** The first `cuts` connections are closed after 100,000 bytes, once those have been written down. */
const cutting = (cuts: number, then: Handler): Handler => {
  let left = cuts;
  return async (request, response) => {
    if (left-- <= 0) return then(request, response);
    const { from, status, headers } = beginning(request, BODY);
    response.writeHead(status, headers).write(BODY.subarray(from, from + 100_000));
    const written = () =>
      stat(`${file}.part`).then(
        ({ size }) => size,
        () => 0,
      );
    while ((await written()) < from + 100_000) await pause(5);
    response.destroy();
  };
};

const remote = () => ({ url: `${base}/set.bin`, md5: md5(BODY), crossOrigin: false });
const fetched = (options: DownloadOptions = {}) => download(remote(), file, { ...QUICK, ...options });
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BadInput);
  return messageOf(error);
}
const isThere = async () => {
  expect(await readdir(folder)).toEqual(['set.bin']);
  expect(Buffer.compare(await readFile(file), BODY)).toBe(0);
};

describe('a download', () => {
  test('comes whole, with its progress, and not twice', async () => {
    server.handler = whole(BODY);
    const seen: { done: number; total: number }[] = [];
    await fetched({ onProgress: (bytes) => seen.push(bytes) });
    await isThere();
    expect(seen.at(-1)).toEqual({ done: BODY.length, total: BODY.length });
    expect(seen.every(({ done }, i) => i === 0 || done > seen[i - 1].done)).toBe(true);
    await fetched();
    expect(server.asked).toEqual([undefined]);
  });

  test('goes on where it was cut, in the same run', async () => {
    server.handler = cutting(2, whole(BODY));
    const notes: string[] = [];
    await fetched({ onNote: (note) => notes.push(note) });
    await isThere();
    expect(server.asked).toEqual([undefined, 'bytes=100000-', 'bytes=200000-']);
    expect(notes[0]).toMatch(
      /^The connection to 127\.0\.0\.1:\d+ was cut \(.+\); trying again from byte 100000\.$/,
    );
  });

  test('goes on where it was cut, in a later run', async () => {
    server.handler = cutting(1, (_, response) => response.writeHead(503).end());
    const message = await refusal(fetched());
    expect(message).toMatch(
      /answered 503 Service Unavailable, so .* the 100000 bytes that came are kept as /,
    );
    expect(await readdir(folder)).toEqual(['set.bin.part']);
    server.handler = whole(BODY);
    await fetched();
    await isThere();
    expect(server.asked.at(-1)).toBe('bytes=100000-');
  });

  test('leaves no listener at the signal it was given, however often it waited', async () => {
    server.handler = cutting(2, whole(BODY));
    const { signal } = new AbortController();
    let listeners = 0;
    const count =
      (by: 1 | -1, change: AbortSignal['addEventListener']) =>
      (...args: Parameters<typeof change>): void => {
        if (args[0] === 'abort') listeners += by;
        change.apply(signal, args);
      };
    signal.addEventListener = count(1, signal.addEventListener);
    signal.removeEventListener = count(-1, signal.removeEventListener) as typeof signal.removeEventListener;
    await fetched({ signal });
    await isThere();
    expect(server.asked).toHaveLength(3);
    expect(listeners).toBe(0);
  });

  test('ends at once when it is stopped while it waits', async () => {
    server.handler = (_, response) => void response.writeHead(503).end();
    const stop = new AbortController();
    const began = performance.now();
    const stopped = fetched({
      pauseMs: 60_000,
      signal: stop.signal,
      onNote: () => setTimeout(() => stop.abort(new Error('enough')), 20),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('starts again where the server knows no ranges', async () => {
    server.handler = cutting(1, (_, response) => response.end(BODY));
    await fetched();
    await isThere();
    expect(server.asked).toEqual([undefined, 'bytes=100000-']);
  });

  test('starts again when what was kept is no beginning of the file', async () => {
    server.handler = whole(BODY);
    for (const kept of [new Uint8Array(1_000), new Uint8Array(400_000)]) {
      await writeFile(`${file}.part`, kept);
      await fetched();
      await isThere();
      await rm(file);
    }
    expect(server.asked).toEqual(['bytes=1000-', undefined, 'bytes=400000-', undefined]);
  });

  test('is set aside when its checksum is wrong', async () => {
    server.handler = whole(BODY.map((byte, i) => (i === 7 ? byte ^ 1 : byte)));
    expect(await refusal(fetched())).toMatch(
      /delivered a file with the wrong md5 checksum; it was set aside as .*set\.bin\.bad\. Run the same again/,
    );
    expect(await readdir(folder)).toEqual(['set.bin.bad']);
  });

  test('takes sha256 before md5', async () => {
    server.handler = whole(BODY);
    const sha256 = createHash('sha256').update(BODY).digest('hex');
    await download({ ...remote(), md5: md5(BODY.subarray(1)), sha256 }, file, QUICK);
    await isThere();
    const wrong = { ...remote(), sha256: sha256.replace(/^./, (c) => (c === '0' ? '1' : '0')) };
    expect(await refusal(download(wrong, `${file}2`, QUICK))).toMatch(/wrong sha256 checksum/);
  });

  test('replaces a damaged file of that name', async () => {
    server.handler = whole(BODY);
    await writeFile(file, 'something else');
    await fetched();
    await isThere();
  });

  test('that is not there is refused at once', async () => {
    server.handler = (_, response) => response.writeHead(404).end('nothing here');
    expect(await refusal(fetched())).toMatch(
      /^127\.0\.0\.1:\d+ answered 404 Not Found for .*\/set\.bin; fetch the file elsewhere and import it\.$/,
    );
    expect(server.asked).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  test('from a host that cannot be reached is tried again, then refused', async () => {
    const notes: string[] = [];
    const gone = { ...remote(), url: `${await deadAddress()}/set.bin` };
    const message = await refusal(download(gone, file, { ...QUICK, onNote: (note) => notes.push(note) }));
    expect(message).toMatch(
      /^127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\), so .* nothing was downloaded\. Check the connection/,
    );
    expect(notes).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  test('that stalls is given up', async () => {
    server.handler = (_, response) => void response.writeHead(200, { 'Content-Length': 9 }).write('four');
    expect(await refusal(fetched({ attempts: 1, stallMs: 200 }))).toMatch(
      /^The connection to .* was cut \(not a byte for 0\.2 s\), so .*set\.bin is not complete;/,
    );
  });

  test.skipIf(!existsSync('/dev/full'))('onto a full disk says so', async () => {
    server.handler = whole(BODY);
    await symlink('/dev/full', `${file}.part`);
    expect(await refusal(fetched())).toMatch(
      /^The disk is full; what came of .* is kept as .*\.part\. Make room/,
    );
  });
});

describe('fetching a data set', () => {
  const FACTS = { about: 'made here', count: 4, size: 4, licence: 'none stated', citations: [] };

  /** A root with one manifest, and a server that holds its files. */
  async function published(name: string, files: Record<string, Uint8Array>): Promise<void> {
    await mkdir(join(folder, 'datasets'), { recursive: true });
    const list = Object.entries(files).map(([path, bytes]) => ({ url: `${base}/${path}`, md5: md5(bytes) }));
    await writeFile(
      join(folder, 'datasets', `${name}.json`),
      JSON.stringify({ ...FACTS, name, title: name, files: list }),
    );
    server.handler = (request, response) => whole(files[request.url!.slice(1)])(request, response);
  }

  test('one archive, imported under its name', async () => {
    const batch = cifarBatch([3, 1, 4]);
    await published('cifar', { 'c.tar.gz': await gzipped(await tarred({ 'c/data_batch_1.bin': batch })) });
    const { dataset, downloads } = await fetchDataset('cifar', { root: folder, download: QUICK });
    expect(await readdir(downloads)).toEqual(['c.tar.gz']);
    const opened = await openDataset('cifar', { root: folder });
    expect([opened.count, datasetHash(opened)]).toEqual([3, datasetHash(dataset)]);
  });

  test('several files, their progress by name, and only what is missing', async () => {
    const files: Record<string, Uint8Array> = {};
    const parts = { ...mnistPart('train', [1, 2, 3]), ...mnistPart('t10k', [4]) };
    for (const [path, bytes] of Object.entries(parts)) files[`${path}.gz`] = await gzipped(bytes);
    await published('digits', files);
    const seen = new Set<string>();
    const onEvent = (event: { type: string; what?: string }) => event.what && seen.add(event.what);
    await fetchDataset('digits', { root: folder, download: QUICK, onEvent });
    expect([...seen]).toEqual(Object.keys(files));
    expect((await openDataset('digits', { root: folder })).keys[3]).toBe('test/4/00000');

    await rm(join(folder, 'datasets/downloads/digits/t10k-labels-idx1-ubyte.gz'));
    await fetchDataset('digits', { root: folder, download: QUICK });
    expect(server.asked).toHaveLength(5);
  });

  test('after a wrong checksum the next run imports what is whole then', async () => {
    const files = mnistPart('train', [1, 2, 3]);
    await published('digits', files);
    const honest = server.handler;
    server.handler = (_, response) => response.end('<html>Please log in</html>');
    const fetching = () => fetchDataset('digits', { root: folder, download: QUICK });
    expect(await refusal(fetching())).toMatch(/wrong md5 checksum/);
    server.handler = honest;
    const { downloads } = await fetching();
    expect(await readdir(downloads)).toEqual(Object.keys(files).sort());
  });

  test('a set made from another says which it needs whole', async () => {
    const files = { ...mnistPart('train', [1, 2, 3]) };
    await published('digits', files);
    await writeFile(
      join(folder, 'datasets/turned.json'),
      JSON.stringify({ ...FACTS, name: 'turned', title: 't', rotated: 'digits' }),
    );
    expect(await refusal(fetchDataset('turned', { root: folder, download: QUICK }))).toMatch(
      /at least 62000/,
    );
    expect(await readdir(join(folder, 'datasets'))).not.toContain('imported');
  });

  test('an unknown name lists the known ones; a broken manifest is named', async () => {
    await published('digits', {});
    expect(await refusal(fetchDataset('nothing', { root: folder }))).toBe(
      'There is no data set "nothing" to fetch. Choose one of: digits.',
    );
    expect(await refusal(fetchDataset('digits', { root: folder }))).toMatch(/digits\.json is wrong/);
  });

  test('the manifests of the project can be read', async () => {
    for (const name of ['cifar10', 'eurosat', 'mnist']) {
      const manifest = await readManifest(name, 'datasets');
      expect('files' in manifest && manifest.files.every(({ url }) => url.startsWith('https://'))).toBe(true);
    }
    expect(await readManifest('rotated-mnist', 'datasets')).toMatchObject({ rotated: 'mnist' });
  });
});

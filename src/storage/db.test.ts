/** Opening the library where something is in the way: each is told from the others, and none outlasts itself. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** Each tab has a script of its own. */
async function newTab() {
  vi.resetModules();
  return {
    ...(await import('./db')),
    ...(await import('./stages')),
    ...(await import('./runs')),
    ...(await import('../lab/errors')),
  };
}
let tab: Awaited<ReturnType<typeof newTab>>;

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  tab = await newTab();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** A database that answers every request to open it with an error. */
const refusing = (error: unknown) => ({
  open() {
    const request = Object.assign(new FakeRequest(), { error });
    setTimeout(() => request.dispatchEvent(new Event('error')));
    return request;
  },
});
class FakeRequest extends EventTarget {}

/** Does something while the browser has another database. */
async function whileBrowserHas(database: unknown, work: () => Promise<void>): Promise<void> {
  const before = indexedDB;
  vi.stubGlobal('indexedDB', database);
  // `idb` knows a request by its class.
  vi.stubGlobal('IDBRequest', FakeRequest);
  await work();
  vi.unstubAllGlobals();
  vi.stubGlobal('indexedDB', before);
}

const record = { name: 'a', accuracy: 1, params: 1, macs: 1, bytes: 1, seconds: 1 };

test.each([
  ['has none', undefined],
  [
    'does not let this page',
    {
      open() {
        throw new DOMException('denied', 'SecurityError');
      },
    },
  ],
  ['is a private window of old Firefox', refusing(new DOMException('no mutations', 'InvalidStateError'))],
])(
  'a browser that %s keeps nothing: lists are empty, and what is to be kept is refused in words',
  async (_, none) => {
    await whileBrowserHas(none, async () => {
      expect(await tab.openLibrary()).toBeNull();
      expect(await tab.listRuns()).toEqual([]);
      await expect(tab.requireLibrary()).rejects.toThrow(/private window.*ordinary window/);
      const { store, problem } = await tab.openRunStore('r');
      expect(problem).toMatch(/private window/);
      await store.saveStage(record);
      expect((await (await tab.openRunStore('r')).store.loadStage('a'))?.record).toEqual(record);
    });
    // It was allowed meanwhile.
    expect(await tab.openLibrary()).not.toBeNull();
  },
);

test('after the upgrade by a newer page in another tab: reload, also for who works with it just now', async () => {
  const { store, problem } = await tab.openRunStore('r');
  expect(problem).toBeNull();
  await store.saveStage(record);
  const newer = await openDB('orbit-lab', 99);
  for (const asked of [tab.openLibrary(), tab.listRuns(), store.saveStage(record), store.loadStage('a')])
    await expect(asked).rejects.toThrow(/newer version.*reload this page\.$/);
  await expect(tab.requireLibrary()).rejects.toBeInstanceOf(tab.BadInput);
  expect((await tab.openRunStore('r')).problem).toMatch(/reload this page/);
  newer.close();
});

test('while an older page in another tab does not let go: close the others; then it opens by itself', async () => {
  const older = await openDB('orbit-lab', 1);
  await expect(tab.openLibrary()).rejects.toThrow(/older version.*close or reload the other tabs/);
  await expect(tab.requireLibrary()).rejects.toThrow(/close or reload the other tabs/);
  older.close();
  await vi.waitFor(async () => expect(await tab.openLibrary()).not.toBeNull());
});

test('an older page that lets go within a moment is not in the way', async () => {
  const older = await openDB('orbit-lab', 1);
  const opening = tab.openLibrary();
  setTimeout(() => older.close(), 300);
  expect(await opening).not.toBeNull();
});

test.each([
  ['a full disk', new DOMException('no room', 'QuotaExceededError'), /disk is full.*free space.*reload/],
  [
    'an old Firefox with a full disk',
    Object.assign(new Error('x'), { name: 'NS_ERROR_FILE_NO_DEVICE_SPACE' }),
    /disk is full/,
  ],
  [
    'a damaged database',
    new DOMException('Internal error opening backing store', 'UnknownError'),
    /cannot open.*Internal error opening backing store.*restart the browser.*clear the data/,
  ],
])('%s is said, with what to do, and forgotten once it has passed', async (_, error, words) => {
  await whileBrowserHas(refusing(error), async () => {
    await expect(tab.openLibrary()).rejects.toThrow(words);
    await expect(tab.openLibrary()).rejects.toBeInstanceOf(tab.BadInput);
  });
  expect(await tab.openLibrary()).not.toBeNull();
});

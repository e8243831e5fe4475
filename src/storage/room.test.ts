import { afterEach, expect, test, vi } from 'vitest';
import { BadInput } from '../lab/errors';
import { isDiskFull } from './db';
import { diskFullSentence, requireRoom } from './room';

vi.mock('./datasets', async (original) => ({
  ...(await original<typeof import('./datasets')>()),
  listDatasets: async () => [{ title: 'EuroSAT', bytes: 2e6 }],
}));
afterEach(() => vi.unstubAllGlobals());

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('a full disk is known by its name, in the error or in what caused it', () => {
  const full = new DOMException('no room', 'QuotaExceededError');
  expect(isDiskFull(full)).toBe(true);
  expect(isDiskFull(new Error('could not keep it', { cause: new Error('inner', { cause: full }) }))).toBe(
    true,
  );
  expect(isDiskFull(Object.assign(new Error('full'), { name: 'NS_ERROR_DOM_QUOTA_REACHED' }))).toBe(true);
  for (const other of [
    new DOMException('aborted', 'AbortError'),
    new Error('full'),
    null,
    undefined,
    'full',
  ]) {
    expect(isDiskFull(other)).toBe(false);
  }
});

test('a full disk says what was needed, what is free, what is kept', () => {
  const kept = [12, 300, 5, 7].map((mb, i) => ({ title: `set ${i}`, bytes: mb * 1e6 }));
  const room = { used: 400e6, granted: 450e6 };
  expect(plain(diskFullSentence('EuroSAT', 331_776_000, room, kept))).toBe(
    'EuroSAT needs 331.8 MB on the disk, and the browser has 50 MB left for this page. Everything kept before is still there: set 1 (300 MB), set 0 (12 MB), set 3 (7 MB) and 1 more. Remove what you no longer need, or free space on the disk, and try again.',
  );
  expect(plain(diskFullSentence('mine', 1e6, { used: 0, granted: 1e9 }, []))).toMatch(
    /though it says that 1 GB are free: the disk itself may be full\. Nothing was kept of it\./,
  );
  expect(diskFullSentence('mine', 1e6, null, [])).toMatch(/could not write that much\. Nothing/);
});

test('what does not fit is refused before it is read', async () => {
  vi.stubGlobal('navigator', { storage: { estimate: async () => ({ usage: 2e6, quota: 5e6 }) } });
  await expect(requireRoom('mine', 3e6)).resolves.toBeUndefined();
  await expect(requireRoom('mine', 3e6 + 1)).rejects.toThrow(
    /^mine needs 3\.1.MB on the disk.*3.MB left.*EuroSAT \(2.MB\)/,
  );
  await expect(requireRoom('mine', 3e6 + 1)).rejects.toThrow(BadInput);
  for (const silent of [{}, { storage: { estimate: async () => ({}) } }]) {
    vi.stubGlobal('navigator', silent);
    await expect(requireRoom('mine', 1e12)).resolves.toBeUndefined();
  }
});

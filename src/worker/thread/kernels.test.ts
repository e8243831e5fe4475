import { expect, test, vi } from 'vitest';

vi.mock('../../lab/runtime/kernels/files', () => ({ loadBuilt: async () => new Uint8Array() }));
const { usualThreads } = await import('./kernels');

const DESKTOP = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15';

test('all cores but one, both of two, half of a phone’s, one where memory is small; at most eight', () => {
  const of = (hardwareConcurrency: number, userAgent = DESKTOP, deviceMemory?: number) =>
    usualThreads({ hardwareConcurrency, userAgent, deviceMemory });
  expect([1, 2, 3, 4, 8, 64].map((cores) => of(cores))).toEqual([1, 2, 2, 3, 7, 8]);
  expect([1, 2, 6, 8].map((cores) => of(cores, PHONE))).toEqual([1, 1, 3, 4]);
  expect([of(8, PHONE, 1), of(8, PHONE, 4), of(8, DESKTOP, 0.5)]).toEqual([1, 4, 1]);
  expect(usualThreads({ hardwareConcurrency: 8, userAgent: DESKTOP, userAgentData: { mobile: true } })).toBe(
    4,
  );
  expect(usualThreads({ userAgent: DESKTOP })).toBe(1);
});

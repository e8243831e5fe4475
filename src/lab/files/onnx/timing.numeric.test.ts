/** Networks of every family timed by both engines: what is told of them, and that nothing is left behind. */
import { expect, test as run } from 'vitest';
import { kernelThreads } from '../../runtime/backend';
import { finish } from '../../stage/events';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { testPlatform } from '../../testing/platform';
import { openOnnx } from './runtime';
import { kinds } from './testing/kinds';
import { ENGINES, timeNetworks } from './timing';

const runtimes = [
  {
    threads: 1,
    open: (network: Parameters<typeof openOnnx>[1]) =>
      openOnnx(() => testPlatform().loadOnnxRuntime(), network),
  },
];
const plan = { runs: 2, warm: 1, threads: [1], batches: [1, 3], engines: ENGINES };

describeOnBackends('timing', (backend) => {
  forbidLeaks();
  const test = run.skipIf(backend === 'cpu');

  test('every family by both engines: a row for each, held against the whole network and the lab', async () => {
    const networks = Object.entries(kinds()).map(([name, model], i) => ({
      name,
      model,
      whole: i === 0 ? null : 0,
    }));
    const { rows, peaks } = await finish(timeNetworks(networks, plan, runtimes));
    expect(rows.length).toBe(networks.length * 2 * 2);
    const onKernels = kernelThreads() !== null;
    for (const { network, engine, batch, threads, runs, least, p50, p95, toWhole, toLab } of rows) {
      expect(runs).toBe(2);
      expect(0 < least && least <= p50 && p50 <= p95).toBe(true);
      expect(threads).toBe(engine === 'lab' && !onKernels ? null : 1);
      expect(toWhole === null).toBe(network === 0);
      expect(toLab === null).toBe(engine === 'lab');
      expect([1, 3]).toContain(batch);
    }
    for (const [i, { bytes, network, batch }] of peaks.entries()) {
      // At least what goes in; more pictures have more maps.
      const { size, channels } = networks[network].model.arch.input;
      expect(bytes).toBeGreaterThan(4 * batch * size ** 2 * channels);
      if (i % 2 === 1) expect(bytes).toBeGreaterThan(peaks[i - 1].bytes);
    }
  });

  test('the lab alone, stopped at once: as many rounds as were asked for at least', async () => {
    const [[name, model]] = Object.entries(kinds());
    const stop = new AbortController();
    stop.abort();
    const timing = { ...plan, runs: 20, least: 2, engines: ['lab'] as const };
    const { rows } = await finish(
      timeNetworks([{ name, model, whole: null }], timing, [], undefined, stop.signal),
    );
    expect(rows.map(({ runs, toLab, toWhole }) => [runs, toLab, toWhole])).toEqual([
      [2, null, null],
      [2, null, null],
    ]);
  });
});

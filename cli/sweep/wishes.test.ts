/** What people ask of sweeps, and what they are told. Skipped by name without redis-server. */
import { spawnSync } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { BadInput } from '../../src/lab/errors';
import { tinySweep } from '../../src/lab/testing/sweep';
import { Unfinished } from '../reproduce/jobs';
import { lab, started } from '../testing/lab';
import { workersOn } from './board';
import { forgetSweep } from './forget';
import { cancelSweep, listSweeps, onQueue, pauseSweep, resumeSweep, sweepStatus } from './sweeps';
import { at, HURRIED, sweepBench, TILES, top } from './testing/bench';
import { HAS_REDIS, startRedis } from './testing/redis';

describe.skipIf(!HAS_REDIS)('wishes about sweeps (redis-server)', () => {
  const { said, say, runner, storeAt, jobIn, status, until, workHere, call, redis } = sweepBench();

  test('paused, nothing is begun; cancelled, all is taken off but what another sweep wants; put there again, it is made', async () => {
    const store = await storeAt('held');
    const held = runner('held', store)([await jobIn('held', 7, 1)], say).catch((error) => error);
    await until('held', ({ counts }) => counts.total === 19 && counts.ready > 0);
    const shared = runner('shared', store)(
      [{ ...(await jobIn('shared', 7, 1)), label: 'shared' }],
      say,
    ).catch((error) => error);
    await until('shared', ({ counts }) => counts.total === 19);
    await call('held', pauseSweep);
    await call('shared', pauseSweep);
    expect((await status('held'))!.paused).toBe(true);
    const stop = new AbortController();
    const working = workHere({}, stop);
    await until('held', ({ workers }) => workers.some(({ serves }) => serves.includes('tiny noise')));
    await pause(5 * HURRIED.pausedMs);
    expect((await status('held'))!.counts.done).toBe(0);
    // One of both is cancelled: the other still wants everything.
    expect(await call('held', cancelSweep)).toBe(0);
    expect((await status('shared'))!.counts).toMatchObject({ cancelled: 0 });
    expect(await call('shared', cancelSweep)).toBe(19);
    expect((await held).message).toMatch(/was cancelled: 19 of 19 jobs were not done/);
    expect(await shared).toBeInstanceOf(Unfinished);
    expect((await status('shared'))!.counts.cancelled).toBe(19);
    await call('shared', resumeSweep);
    stop.abort();
    expect((await working).code).toBe(0);
    const again = runner('shared', store)([{ ...(await jobIn('shared', 7, 1)), label: 'shared' }], say);
    again.catch(() => {});
    await until('shared', ({ counts }) => counts.ready > 0);
    expect((await workHere({})).code).toBe(0);
    await again;
    const lines = await onQueue(redis().address, say, listSweeps);
    expect(lines.find(({ name }) => name === 'shared')).toMatchObject({
      counts: { done: 19 },
      left: 0,
      paused: false,
    });
    await expect(onQueue(redis().address, say, (board) => sweepStatus(board, 'none'))).rejects.toThrow(
      /There is no sweep "none" .*shared/,
    );
  });

  test('whoever leaves is told how to come back, and the sweep stays', async () => {
    const store = await storeAt('left');
    await writeFile(at('left.json'), JSON.stringify({ ...tinySweep(9, 1), name: 'left' }));
    // Another process, in another folder, must find the store.
    const place = ['--on', redis().address, '--store', path.relative('.', store)];
    const out = at('left', "Lena's");
    const terminal = started('run', at('left.json'), '--data', TILES, '--out', out, ...place);
    await new Promise<void>((resolve) => {
      let heard = '';
      terminal.process.stderr!.on('data', (text) => {
        heard += text;
        if (heard.includes('new on the queue')) resolve();
      });
    });
    const { id, store: shown, command } = (await status('left'))!;
    expect(shown).toBe(store);
    const pasted = spawnSync('sh', ['-c', command.replace('npm run -s lab --', `printf '%s\\n'`)]);
    expect(pasted.stdout.toString().trim().split('\n').slice(0, 6)).toEqual([
      ...['run', at('left.json'), '--data', TILES, '--out', out],
    ]);
    terminal.process.kill('SIGINT');
    const { code, err } = await terminal.ended;
    expect([code, err.trim().split('\n').at(-1)]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(`^The sweep ${id} goes on without this terminal\\. The same command again follows it`),
      ),
    ]);
    expect((await status('left'))!.counts).toMatchObject({ total: 19, done: 0, cancelled: 0 });
    expect(await call('left', cancelSweep)).toBe(19);
  });

  test('cancelled in the midst, again and again: what is not done is cancelled, and nothing counts as failed', async () => {
    const store = await storeAt('midst');
    const jobs = await Promise.all([21, 22, 23, 24, 25, 26].map((seed) => jobIn('midst', seed, 1)));
    const stop = new AbortController();
    const working = workHere({ slots: 2, untilDone: false }, stop);
    let done = 0;
    for (let round = 0; round < 3; round++) {
      const running = runner('midst', store)(jobs, say).catch((error) => error);
      await until('midst', ({ counts }) => counts.done >= done + 8);
      await call('midst', cancelSweep);
      expect((await running).message).toMatch(/was cancelled: \d+ of 114 jobs were not done/);
      const { counts } = await until('midst', ({ counts }) => counts.running === 0);
      expect(counts).toMatchObject({ failed: 0, waiting: 0, ready: 0, cancelled: 114 - counts.done });
      done = counts.done;
    }
    stop.abort();
    expect((await working).code).toBe(0);
  });

  test('a worker tells that it is busy when it is, and not at its next beat', async () => {
    const store = await storeAt('told');
    const running = runner('told', store)([await jobIn('told', 41, 300)], say).catch((error) => error);
    await until('told', ({ counts }) => counts.ready > 0);
    vi.stubEnv('LAB_SWEEP_SETTINGS', JSON.stringify({ ...HURRIED, beatMs: 60_000 }));
    const stop = new AbortController();
    const working = workHere({ untilDone: false }, stop);
    const busy = () => call('told', async (board) => (await workersOn(board)).map((each) => each.busy));
    try {
      await expect.poll(busy, { timeout: 10_000 }).toEqual([1]);
    } finally {
      vi.unstubAllEnvs();
      stop.abort();
    }
    expect((await working).code).toBe(0);
    await call('told', cancelSweep);
    expect(await running).toBeInstanceOf(Unfinished);
  });

  test('the same command with another store is another sweep; one that Redis no longer knows is told to be lost', async () => {
    const [one, other] = [await storeAt('one place'), await storeAt('another place')];
    const job = async (folder: string) => ({ ...(await jobIn(folder, 31, 1)), label: 'moved' });
    const first = runner('moved', one)([await job('moved')], say).catch((error) => error);
    await until('moved', ({ counts }) => counts.total === 19);
    await call('moved', cancelSweep);
    await first;
    const second = runner('moved', other)([await job('moved')], say).catch((error) => error);
    const both = async () =>
      (await onQueue(redis().address, say, listSweeps)).filter(({ name }) => name === 'moved');
    while ((await both()).length < 2) await pause(20);
    expect((await both()).map(({ counts }) => [counts.total, counts.cancelled])).toEqual([
      [19, 19],
      [19, 0],
    ]);
    await onQueue(redis().address, say, (board) => board.redis.flushdb());
    expect(await second).toBeInstanceOf(Unfinished);
    expect((await second).message).toMatch(/no longer knows the sweep \w+: .* start this command again/);
  });

  test('forgotten, a sweep leaves nothing in Redis but what others have; made again, it is found in the store', async () => {
    const store = await storeAt('forgotten');
    const job = async (name: string) => ({ ...(await jobIn(name, 10, 1)), label: name });
    const running = ['forgotten', 'like it'].map(async (name) => runner(name, store)([await job(name)], say));
    for (const name of ['forgotten', 'like it']) await until(name, ({ counts }) => counts.total === 19);
    await expect(call('forgotten', forgetSweep)).rejects.toThrow(
      /^19 jobs of forgotten are still on the queue, so nothing was forgotten/,
    );
    expect((await workHere({})).code).toBe(0);
    await Promise.all(running);
    await call('forgotten', forgetSweep);
    expect(await status('forgotten')).toBeNull();
    expect((await status('like it'))!.counts).toMatchObject({ total: 19, done: 19 });

    await rm(at('forgotten-run'), { recursive: true, force: true });
    await runner('forgotten', store)([{ ...(await job('forgotten')), folder: at('forgotten-run') }], say);
    expect(said.at(-2)).toMatch(/19 jobs: 19 done already, 0 new on the queue/);
    expect(await readdir(at('forgotten-run', 'models'))).not.toHaveLength(0);

    for (const { name } of await onQueue(redis().address, say, listSweeps)) await call(name, forgetSweep);
    const left = await onQueue(redis().address, say, (board) => board.redis.keys('*'));
    expect(left).toEqual([]);
    const { out } = await lab('sweep', redis().address);
    expect(out).toMatch(/^No sweep is on this queue/);
    expect(await workHere({})).toEqual({ code: 0, heard: 'There is nothing to do on this queue.' });
  });

  test('what cannot be is said in one sentence, before anything is put anywhere', async () => {
    const run = (...more: string[]) => lab('run', 'tiny', '--data', TILES, '--out', at('never'), ...more);
    const store = await storeAt('unused');
    const refused: [string[], RegExp][] = [
      [['--on', redis().address], /needs a place that all its machines see: name it with --store/],
      [['--store', store], /--store is for sweeps on a queue/],
      [
        ['--on', 'redis://:secret@host', '--store', store],
        /takes no user name and no password.*ORBIT_LAB_REDIS_PASSWORD/,
      ],
      [['--on', 'http://host', '--store', store], /named by the address of its Redis/],
      [['--on', 'redis://host/x', '--store', store], /the number of a database, not "x"/],
      [
        ['--on', 'redis://127.0.0.1:1/0', '--store', store],
        /No Redis answers at redis:\/\/127\.0\.0\.1:1\/0 \(.*ECONNREFUSED.*start one there/,
      ],
      [['--on', redis().address.replace(/0$/, '99'), '--store', store], /has no database of that number/],
      [['--on', `${redis().address}?db=3`, '--store', store], /ends with the number of its database/],
      [['--on', redis().address, '--store', at('nowhere')], /There is no folder/],
    ];
    for (const [more, sentence] of refused) {
      const { code, err } = await run(...more);
      expect([code, err]).toEqual([2, expect.stringMatching(sentence)]);
      expect(err).not.toContain('secret');
    }
    expect(await readdir(top)).not.toContain('never');
    expect((await lab('worker', 'redis://127.0.0.1:1/0')).err).toMatch(/^No Redis answers/);
    for (const [more, sentence] of [
      [['--store', at('nowhere')], /There is no folder/],
      [['--data', `tiny=${at('nowhere')}`], /There is no data set named .*nowhere/],
    ] as const) {
      const { code, err } = await lab('worker', redis().address, ...more);
      expect([code, err]).toEqual([2, expect.stringMatching(sentence)]);
    }
  });
});

test.skipIf(!HAS_REDIS)(
  'the password of a Redis comes from the environment, and from nowhere else',
  async () => {
    const locked = await startRedis('--requirepass', 'open sesame');
    const ask = () => onQueue(locked.address, () => {}, listSweeps);
    try {
      await expect(ask()).rejects.toThrow(
        /does not let us in: it wants a password\. Set ORBIT_LAB_REDIS_PASSWORD/,
      );
      process.env.ORBIT_LAB_REDIS_PASSWORD = 'wrong';
      const error = await ask().catch((thrown) => thrown);
      expect(error).toBeInstanceOf(BadInput);
      expect(error.message).toMatch(/the password in ORBIT_LAB_REDIS_PASSWORD is not taken/);
      expect(error.message).not.toContain('wrong');
      process.env.ORBIT_LAB_REDIS_PASSWORD = 'open sesame';
      expect(await ask()).toEqual([]);
    } finally {
      delete process.env.ORBIT_LAB_REDIS_PASSWORD;
      await locked.end();
    }
  },
);

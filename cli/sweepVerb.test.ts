/** `lab sweep`: bad input; and, where Redis is installed, the sweeps of a queue of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { packedParts } from '../src/lab/data/readers/packed';
import { readSweeps } from '../src/lab/sweep/document';
import { doingWords } from '../src/lab/sweep/words';
import { tinyDataset } from '../src/lab/testing/tiny';
import { type Board, stepsOf, sweepsOn, tellWorker, writeSweep } from './sweep/board';
import { enqueue } from './sweep/enqueue';
import { type Ground, groundId } from './sweep/ground';
import { cancelSweep, onQueue, sweepStatus } from './sweep/sweeps';
import { HAS_REDIS, startRedis } from './sweep/testing/redis';
import { lab } from './testing/lab';

test.each([
  [
    'two things at once',
    ['redis://127.0.0.1:1', '--pause', '--cancel'],
    'Ask for one thing at a time: --pause or --cancel.',
  ],
  ['no address', ['127.0.0.1:1'], 'A queue is named by the address of its Redis'],
  ['a secret on the command line', ['redis://:pass@127.0.0.1:1'], 'takes no user name and no password'],
  [
    'a port that is none',
    ['redis://127.0.0.1:1', '--page', '--port', 'x'],
    '--port needs a number, not "x".',
  ],
  [
    'a port that there cannot be',
    ['redis://127.0.0.1:1', '--page', '--port', '99999'],
    '--port needs a whole number of at most 65535, not "99999".',
  ],
  ['no Redis', ['redis://127.0.0.1:1'], 'No Redis answers at redis://127.0.0.1:1'],
])('%s is told in one line', async (_, args, words) => {
  const { code, out, err } = await lab('sweep', ...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(words);
  expect(err.trim().split('\n')).toHaveLength(1);
});

const onBoard = (address: string, work: (board: Board) => Promise<void>): Promise<void> =>
  onQueue(address, () => {}, work);

describe.skipIf(!HAS_REDIS)('on a queue (needs redis-server)', () => {
  const ground: Ground = {
    ...{ version: '0.1.0', code: 'c', engine: 'e' },
    data: { kind: 'tiles', name: 'tiny', title: 'Tiny tiles', count: 9, fingerprint: 'f' },
    store: { id: 's', reference: '/srv/lab' },
  };
  const jobs = ['train', 'prune'].map((step, i) => ({
    ...{ id: `job${i}`, ground: groundId(ground), label: `c4, seed 1: ${step}`, run: 'c4, seed 1', step },
    work: { kind: 'step' as const, recipe: 'r', step },
    needs: i === 0 ? [] : ['job0'],
  }));

  test('a sweep that an earlier version put there is listed, and forgotten', async () => {
    const redis = await startRedis();
    try {
      await onBoard(redis.address, async (board) => {
        const { kind: _, ...data } = ground.data;
        const head = {
          id: 'abc1',
          name: 'table-2, small',
          command: 'lab reproduce table-2',
          store: '/srv',
        };
        await writeSweep(board, { ...head, made: '2026-11-27T08:00:00.000Z', grounds: [] }, [], new Set());
        const key = board.key('sweep', 'abc1');
        const whole = JSON.parse((await board.redis.hget(key, 'head'))!);
        const flat = jobs.map(({ work, ...job }) => ({ ...job, recipe: work.recipe }));
        await board.redis.hset(key, {
          head: JSON.stringify({ ...whole, grounds: [{ ...ground, data }] }),
          jobs: JSON.stringify(flat),
        });
      });
      expect((await lab('sweep', redis.address, '--cancel')).out).toContain('2 cancelled');
      // Over, it is neither cancelled nor paused, and says nothing of others that could be put on the queue again.
      for (const [wish, words] of [
        ['--cancel', 'It is over, so nothing was cancelled. 0 of 2 jobs done, 2 cancelled.\n'],
        ['--pause', 'It is over, so there is nothing to pause. 0 of 2 jobs done, 2 cancelled.\n'],
      ])
        expect((await lab('sweep', redis.address, wish)).out).toBe(words);
      expect((await lab('sweep', redis.address, '--forget')).out).toMatch(
        /^Forgotten: table-2, small \(abc1\)\. What it made stays in the store\.$/m,
      );
    } finally {
      await redis.end();
    }
  });

  test('sweeps are listed, looked at, paused, resumed and cancelled', async () => {
    const redis = await startRedis();
    try {
      expect((await lab('sweep', redis.address)).out).toContain('No sweep is on this queue');
      await onBoard(redis.address, async (board) => {
        const head = {
          command: 'lab reproduce table-2',
          store: '/srv/lab',
          grounds: [ground],
        };
        for (const [id, name, made] of [
          ['abc1', 'table-2, small', '2026-11-27T08:00:00.000Z'],
          ['abd2', 'table-5, small', '2026-11-28T08:00:00.000Z'],
        ])
          await writeSweep(board, { ...head, id, name, made }, jobs, new Set());
        await enqueue(board, jobs, new Set(), () => false);
      });

      const list = await lab('sweep', redis.address);
      expect(list.out).toMatch(
        /^abd2 .*\nabc1 +table-2, small +0 of 2 +0 +0 +0 +– +No worker takes its jobs$/m,
      );
      const status = await lab('sweep', redis.address, 'abc');
      expect((await lab('sweep', redis.address, 'table-5, small')).out).toContain('(abd2)');
      expect(status.out).toMatch(/^c4, seed 1: train +ready$/m);
      expect(status.out).toMatch(/^c4, seed 1: prune +waiting$/m);
      const { sweeps } = readSweeps((await lab('sweep', redis.address, 'abd2', '--json')).out, 'status');
      expect(sweeps.map(({ id, store }) => [id, store])).toEqual([['abd2', '/srv/lab']]);

      for (const [args, words] of [
        [['--pause'], 'Say which sweep; there are:'],
        [['ab', '--pause'], 'More than one sweep begins with "ab"; there are: abc1 (table-2, small), abd2'],
        [['x'], 'There is no sweep "x" on this queue; there are:'],
        [['abc1', '--retry', 'c4, seed 1: train'], 'c4, seed 1: train did not fail: it is ready.'],
        [['abc1', '--retry', 'nothing'], 'There is no job "nothing" in this sweep'],
      ] as const) {
        const refused = await lab('sweep', redis.address, ...args);
        expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining(words) });
      }

      expect((await lab('sweep', redis.address, 'abc1', '--pause')).out).toMatch(/^Paused/);
      expect((await lab('sweep', redis.address, 'abc1')).out).toContain('(abc1): Paused.');
      expect((await lab('sweep', redis.address, 'abc1', '--resume')).out).toMatch(/^Resumed/);
      expect((await lab('sweep', redis.address, 'abd2', '--cancel')).out).toContain('Cancelled');
      const { out } = await lab('sweep', redis.address, '--json');
      const counts = readSweeps(out, 'status').sweeps.map((each) => [
        each.id,
        each.counts.cancelled,
        each.counts.ready,
      ]);
      // What both want stays on the queue for the one that goes on.
      expect(counts).toContainEqual(['abc1', 0, 1]);
      expect((await lab('sweep', redis.address, 'abc1', '--cancel')).out).toMatch(
        /^Cancelled.* 2 cancelled\.$/m,
      );
      // What was cancelled is put back, and by then nothing is left to put back.
      expect((await lab('sweep', redis.address, 'abc1', '--retry')).out).toMatch(
        /^2 jobs are on the queue again\. 0 of 2 jobs done, 1 ready, 1 waiting\.$/m,
      );
      expect((await lab('sweep', redis.address, 'abc1', '--retry')).out).toMatch(
        /^Nothing failed or was cancelled, so nothing was put on the queue again\. 0 of 2 jobs done, 1 ready/m,
      );
    } finally {
      await redis.end();
    }
  });

  test('a worker is as busy as its jobs say, whatever it told of itself before', async () => {
    const redis = await startRedis();
    try {
      await onBoard(redis.address, async (board) => {
        const head = {
          command: 'lab run',
          store: '/srv',
          made: '2026-11-28T08:00:00.000Z',
          grounds: [ground],
        };
        await writeSweep(board, { ...head, id: 'a', name: 'a' }, jobs, new Set());
        await enqueue(board, jobs, new Set(), () => false);
        const card = { host: 'alpha', slots: 2, seen: new Date().toISOString(), refuses: {} };
        const told = (name: string, busy: number) =>
          tellWorker(board, { ...card, name, busy, serves: [ground].map(groundId) });
        const taking = new board.bull.Worker(stepsOf(groundId(ground)), null, {
          ...{ connection: board.redis, prefix: board.settings.prefix, autorun: false },
        });
        const job = await taking.getNextJob('token', { block: false });
        await job!.updateProgress({ worker: 'w1' });
        await Promise.all([told('w1', 0), told('w2', 1)]);
        const seen = async () => {
          const { workers, jobs: own } = await sweepStatus(board, 'a');
          workers.sort((one, other) => one.name.localeCompare(other.name));
          return workers.map((each) => [each.busy, doingWords(each, own)]);
        };
        expect(await seen()).toEqual([
          [1, 'c4, seed 1: train'],
          // There is no other job that it could be busy with.
          [0, 'free'],
        ]);
        const other = { ...jobs[0], id: 'other' };
        await writeSweep(board, { ...head, id: 'b', name: 'b' }, [other], new Set());
        await enqueue(board, [other], new Set(), () => false);
        expect(await seen()).toContainEqual([0, 'free']);
        await (await taking.getNextJob('token', { block: false }))!.updateProgress({ worker: 'w2' });
        expect(await seen()).toEqual([
          [1, 'c4, seed 1: train'],
          [1, 'busy with another sweep'],
        ]);
        await taking.close(true);
      });
    } finally {
      await redis.end();
    }
  });

  test('however a table or a task is asked for, its sweep knows what the report will say of the command', async () => {
    const redis = await startRedis();
    const top = await mkdtemp(path.join(tmpdir(), 'orbit-asked-'));
    const [tiles, out] = [path.join(top, 'tiny.tiles'), path.join(top, 'out')];
    await writeFile(tiles, packedParts(tinyDataset(15, 64)));
    const place = ['--on', redis.address, `--store=${top}`, '--seeds', '1', '--out', out];
    try {
      for (const [args, report] of [
        [['fluids', '--scale=tiny'], 'reproduce fluids --scale tiny --seeds 1 --out reports'],
        [
          ['--data', `eurosat=${tiles}`, 'table-4', '--only=eurosat'],
          'reproduce table-4 --scale small --seeds 1 --data eurosat=tiny.tiles --only eurosat --out reports',
        ],
      ] as const) {
        const asked = lab('reproduce', ...place, ...args);
        await onBoard(redis.address, async (board) => {
          const newest = async () =>
            (await sweepsOn(board)).find(({ name }) => report.includes(name.split(',')[0]));
          await expect.poll(newest, { timeout: 20_000 }).toBeDefined();
          const { id } = (await newest())!;
          expect((await sweepStatus(board, id)).report).toBe(`npm run -s lab -- ${report}`);
          await cancelSweep(board, id);
        });
        expect((await asked).code).toBe(1);
      }
    } finally {
      await redis.end();
      await rm(top, { recursive: true });
    }
  });
});

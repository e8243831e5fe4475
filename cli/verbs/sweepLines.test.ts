import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { SweepStatus } from '../../src/lab/sweep/status';
import { runOf, sweepOf, workerOf } from '../../src/lab/sweep/testing/sweeps';
import { Unfinished } from '../reproduce/jobs';
import { followSweep } from './sweepFollow';
import { listLines, statusLines } from './sweepLines';

const NOW = Date.parse('2026-11-28T08:00:42.000Z');

const jobs = [
  ...runOf('c4, seed 1', [
    { state: 'running', worker: 'w1', epoch: 3, epochs: 14, accuracy: 0.8125, seconds: 90 },
    'waiting',
  ]),
  ...runOf('base, seed 1', [
    { state: 'failed', attempts: 3, reason: 'The disk is full.' },
    'waiting',
    'waiting',
  ]),
];
const sweep = sweepOf(jobs, {
  rate: 12,
  left: 1500,
  workers: [workerOf('w1', { busy: 1 }), workerOf('w2', { serves: [], refuses: ['It has other data.'] })],
});

describe('lines', () => {
  test('a sweep in one line', () => {
    expect(listLines([sweep])[1]).toMatch(/^sweep-1 +table-2, small +0 of 5 +1 +1 +0 +25 min +Running$/);
    expect(listLines([])).toEqual([expect.stringContaining('No sweep is on this queue')]);
  });

  test('its jobs, what failed with its reason and what waits for it, its workers and what they refuse', () => {
    const text = statusLines(sweep, NOW).join('\n');
    expect(text).toContain(
      '0 of 5 jobs done, 1 running, 1 failed, 3 waiting. About 25 min left, at 12 jobs an hour.',
    );
    expect(text).toMatch(/^c4, seed 1: train +running +3 of 14 +81\.3 % +2 min +w1$/m);
    expect(text).toContain(
      'base, seed 1: train. Failed after 3 attempts: The disk is full. 2 jobs wait for it.',
    );
    expect(text).toMatch(/^w1 +alpha +1 of 2 +42 s ago +c4, seed 1: train, epoch 3 of 14$/m);
    expect(text).toContain('w2 refuses: It has other data.');
  });

  test('the trainings of a task, which have a loss', () => {
    const [training] = runOf('fluids, seed 1', [{ state: 'done', epoch: 8, epochs: 8, loss: 0.04214 }]);
    const text = statusLines(sweepOf([training]), NOW).join('\n');
    expect(text).toMatch(/^job +state +epoch +loss +time +worker$/m);
    expect(text).toMatch(/^fluids, seed 1: train +done +8 of 8 +0\.0421/m);
  });

  test('of one that failed and those that need it, one failed', () => {
    const reason = 'It needs "c4, seed 1: train", which failed: The disk is full.';
    const all = runOf('c4, seed 1', [
      { state: 'failed', attempts: 3, reason: 'The disk is full.' },
      ...Array(15).fill({ state: 'failed', reason }),
    ]);
    const text = statusLines(sweepOf(all), NOW).join('\n');
    expect(text).toContain('Stuck: what is left waits for a job that failed.');
    expect(text).toContain('0 of 16 jobs done, 1 failed, 15 need it.');
    expect(text.match(/ blocked$/gm)).toHaveLength(15);
    expect(text.match(/Failed after 3 attempts: The disk is full\. 15 jobs wait for it\./g)).toHaveLength(1);
    expect(text).not.toContain('It needs');
    expect(listLines([sweepOf(all)])[1]).toMatch(/ 0 of 16 +0 +1 +15 +– +Stuck/);
  });
});

describe('following', () => {
  async function followed(
    moments: readonly SweepStatus[],
    options: { isTTY?: boolean; quiet?: boolean } = {},
  ) {
    let [at, text] = [0, ''];
    const { isTTY = false, quiet = false } = options;
    const stream = { isTTY, write: (each: string) => (text += each) };
    const ended = await followSweep(async () => moments[at++], { stream, quiet, pace: 0 });
    return { ended, at, text };
  }

  const failed = sweepOf(runOf('a', [{ state: 'failed', reason: 'no space' }, 'ready']));
  const moments = [
    sweepOf(runOf('a', ['running', 'ready'])),
    failed,
    failed,
    sweepOf(runOf('a', ['done', 'running'])),
    sweepOf(runOf('a', ['done', 'done'])),
    sweepOf(runOf('never', ['ready'])),
  ];

  test('where nobody watches: a line for what is new, each once, until it is done', async () => {
    const { ended, at, text } = await followed(moments);
    expect(at).toBe(5);
    expect(ended.counts.done).toBe(2);
    expect(text.match(/a: train\. Failed: no space\. 1 job waits for it\./g)).toHaveLength(1);
    expect(text).toContain('Done. 2 of 2 jobs done.\n');
  });

  test('what only a retry lets go on ends it', async () => {
    const stuck = sweepOf(runOf('a', ['failed', 'waiting']));
    expect((await followed([stuck])).ended).toBe(stuck);
  });

  test('whoever leaves finds the terminal as it was, in a new line, and is told that the sweep goes on', async () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      const host = new EventEmitter();
      let text = '';
      const stream = { isTTY: true, columns: 60, write: (each: string) => (text += each) };
      const look = async () => {
        setTimeout(() => host.emit(signal), 5);
        return moments[0];
      };
      const process = host as unknown as NodeJS.Process;
      await expect(followSweep(look, { stream, pace: 60_000, process })).rejects.toThrow(
        new Unfinished(
          'The sweep goes on and is no longer followed here; the same command follows it again.',
        ),
      );
      expect(text).toContain('0 of 2');
      expect(text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(text.lastIndexOf('\u001b[?25l'));
      expect(text.lastIndexOf('\u001b[?7h')).toBeGreaterThanOrEqual(text.lastIndexOf('\u001b[?7l'));
      expect(text.endsWith('\n')).toBe(true);
      expect(host.eventNames()).toEqual([]);
    }
  });

  test('quiet, it says nothing', async () =>
    expect((await followed(moments, { quiet: true })).text).toBe(''));
});

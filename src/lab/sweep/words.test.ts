import { describe, expect, test } from 'vitest';
import type { JobState } from './status';
import { runOf, sweepOf, type Wish, workerOf } from './testing/sweeps';
import {
  agoWords,
  chainSentence,
  countsSentence,
  deathSentence,
  doingWords,
  durationWords,
  jobFacts,
  jobStateWords,
  leftSentence,
  newsOf,
  runningWords,
  stateOf,
  stateWords,
} from './words';

const stateOfJobs = (states: readonly JobState[], special = {}) =>
  stateOf(sweepOf(runOf('a', states), special));

describe('how a sweep stands', () => {
  test('as a whole', () => {
    expect(stateOfJobs(['done', 'done'])).toBe('done');
    expect(stateOfJobs(['done', 'cancelled'])).toBe('cancelled');
    expect(stateOfJobs(['running', 'waiting'])).toBe('running');
    expect(stateOfJobs(['ready', 'waiting'], { paused: true })).toBe('paused');
    expect(stateOfJobs(['failed', 'waiting'])).toBe('stuck');
    expect(stateOfJobs(['failed', 'ready'])).toBe('running');
    expect(stateOfJobs(['ready'], { workers: [] })).toBe('idle');
    expect(
      stateOfJobs(['ready'], { workers: [workerOf('w', { serves: [], refuses: ['It has other data.'] })] }),
    ).toBe('idle');
    expect(stateWords(sweepOf(runOf('a', ['running']), { paused: true }))).toBe(
      'Paused: what runs comes to its end',
    );
  });

  test('what failed by itself is told apart from what only needs it', () => {
    const sweep = sweepOf(runOf('a', ['done', 'failed', 'failed', 'failed', 'waiting']));
    expect(countsSentence(sweep)).toBe('1 of 5 jobs done, 1 failed, 2 need it, 1 waiting.');
    expect(stateWords(sweep)).toBe('Stuck: what is left waits for a job that failed');
    expect(stateWords(sweepOf(runOf('a', ['done', 'failed'])))).toBe('Ended with failures');
    expect(jobStateWords('blocked', sweep.jobs[2])).toBe('needs one that failed');
  });

  test('one whose workers do others is not called running, and says nothing of it aloud', () => {
    const behind = (busy: number, ...others: { serves: string[]; busy: number }[]) =>
      sweepOf(runOf('a', ['ready', 'waiting']), {
        workers: [workerOf('w1', { busy }), ...others.map((each) => workerOf('w2', each))],
      });
    expect(stateWords(behind(2))).toBe('Waiting: its workers are busy with another sweep');
    expect(stateWords(behind(2, { serves: [], busy: 0 }))).toMatch(/^Waiting/);
    expect(stateWords(behind(2, { serves: ['EuroSAT'], busy: 0 }))).toBe('Running');
    expect(stateWords(behind(1))).toBe('Running');
    expect(newsOf(behind(1), behind(2))).toBeNull();
  });

  test('in numbers: what there is none of is not said', () => {
    expect(countsSentence(sweepOf(runOf('a', ['done', 'running', 'waiting'])))).toBe(
      '1 of 3 jobs done, 1 running, 1 waiting.',
    );
    expect(countsSentence(sweepOf(runOf('a', ['done'])))).toBe('1 of 1 job done.');
  });

  test('what is left is told where it is known and goes on', () => {
    const sweep = sweepOf(runOf('a', ['done', 'running']), { rate: 12.4, left: 7500 });
    expect(leftSentence(sweep)).toBe('About 2 h 5 min left, at 12 jobs an hour.');
    expect(leftSentence({ ...sweep, rate: 0.5 })).toBe('About 2 h 5 min left, at 0.5 jobs an hour.');
    for (const special of [{ left: null }, { left: 0 }, { rate: null }, { rate: 0 }, { paused: true }])
      expect(leftSentence({ ...sweep, ...special })).toBeNull();
    expect(leftSentence(sweepOf(runOf('a', ['done']), { rate: 1, left: 0 }))).toBeNull();
  });

  test('the longest chain', () => {
    expect(chainSentence(sweepOf(runOf('a', ['done', 'running', 'waiting'])))).toBe(
      'Longest chain to go: 2 jobs, one after the other (prune, finetune).',
    );
    const trainings = ['plain', 'plain, fine-tuned'].map((step): Wish => ({ state: 'waiting', step }));
    expect(chainSentence(sweepOf(runOf('a', trainings)))).toContain('(plain; plain, fine-tuned)');
    expect(chainSentence(sweepOf(runOf('a', ['done', 'running'])))).toBeNull();
    expect(chainSentence(sweepOf(runOf('a', Array(9).fill('waiting'))))).toContain(
      '9 jobs, one after the other (train, prune, finetune, …, quantise, train)',
    );
  });
});

describe('jobs and workers', () => {
  const jobs = runOf('c4, seed 1', [
    { state: 'running', worker: 'w1', epoch: 3, epochs: 14, accuracy: 0.8125, attempts: 2 },
    { state: 'failed', attempts: 3, reason: 'no space left.' },
    'waiting',
    'waiting',
  ]);

  test('a job', () => {
    expect(jobStateWords('running', jobs[0])).toBe('running, epoch 3 of 14');
    expect(jobStateWords('waiting', jobs[2])).toBe('waiting for other jobs');
    expect(jobFacts(jobs[0])).toEqual(['worker w1', 'failed 2 times before', 'validation accuracy 81.3 %']);
    const [training] = runOf('fluids, seed 1', [{ state: 'running', epoch: 3, epochs: 14, loss: 0.04214 }]);
    expect(jobFacts(training)).toEqual(['validation loss 0.0421']);
  });

  test('a dead job, with its reason and what waits for it', () => {
    expect(deathSentence(jobs[1], jobs)).toBe('Failed after 3 attempts: no space left. 2 jobs wait for it.');
    expect(deathSentence({ ...jobs[3], state: 'failed', attempts: 1 }, jobs)).toBe(
      'Failed: nobody said why. Nothing waits for it.',
    );
  });

  test('what a worker does', () => {
    expect(doingWords(workerOf('w1', { busy: 1 }), jobs)).toBe('c4, seed 1: train, epoch 3 of 14');
    expect(doingWords(workerOf('w2'), jobs)).toBe('free');
    expect(doingWords(workerOf('w2', { busy: 1 }), jobs)).toBe('busy with another sweep');
    expect(doingWords(workerOf('w2', { serves: [] }), jobs)).toBe('takes none');
  });

  test('what runs where', () => {
    expect(runningWords(jobs.slice(0, 1))).toBe('c4, seed 1: train, epoch 3 of 14 (w1)');
    expect(runningWords(runOf('a', ['done']))).toBe('nothing runs');
    const many = ['a', 'b', 'c', 'd'].flatMap((run) => runOf(run, ['running']));
    expect(runningWords(many)).toBe('a: train | b: train | 2 more');
  });

  test('times', () => {
    expect([0, 59, 60, 3599, 3600, 7500, 172_800, 187_200].map(durationWords)).toEqual([
      ...['1 s', '59 s', '1 min', '1 h', '1 h', '2 h 5 min', '2 d', '2 d 4 h'],
    ]);
    expect([-3, 9, 42].map(agoWords)).toEqual(['now', 'now', '42 s ago']);
  });
});

describe('what is spoken', () => {
  const sweep = (...states: JobState[]) => sweepOf(runOf('a', states));

  test('nothing while nothing of weight changes', () => {
    const before = sweep('done', 'running', 'waiting', 'waiting', 'waiting', 'waiting', 'waiting', 'waiting');
    expect(newsOf(before, before)).toBeNull();
    expect(newsOf(sweep('ready', 'waiting'), sweep('running', 'waiting'))).toBeNull();
  });

  test('each quarter, each failure, pauses and the end', () => {
    expect(newsOf(sweep('running', 'waiting'), sweep('done', 'running'))).toBe(
      '1 of 2 jobs done, 1 running.',
    );
    expect(newsOf(sweep('running', 'ready'), sweep('failed', 'ready'))).toBe(
      'a: train failed. 0 of 2 jobs done, 1 failed, 1 ready.',
    );
    const both = (...[one, other, ready]: JobState[]) =>
      sweepOf([...runOf('a', [one]), ...runOf('b', [other, ready])]);
    expect(newsOf(both('running', 'running', 'ready'), both('failed', 'failed', 'ready'))).toContain(
      'a: train failed, and 1 job more.',
    );
    expect(newsOf(sweep('ready', 'running', 'ready'), sweep('ready', 'failed', 'failed'))).toBe(
      'a: prune failed. 0 of 3 jobs done, 1 failed, 1 needs it, 1 ready.',
    );
    expect(newsOf(sweep('running', 'ready'), { ...sweep('running', 'ready'), paused: true })).toMatch(
      /^Paused/,
    );
    expect(newsOf({ ...sweep('ready'), paused: true }, sweep('ready'))).toMatch(/^Running/);
    expect(newsOf(sweep('running'), sweep('done'))).toBe('Done. 1 of 1 job done.');
  });
});

import { expect, test } from 'vitest';
import { type SweepStatus, sweepStatusSchema } from './status';

const status: SweepStatus = {
  ...{
    id: '0a1b2c3d',
    name: 'table-2, small',
    command: 'npm run -s lab -- reproduce table-2',
    version: '0.1.0',
  },
  ...{ made: '2026-11-28T08:00:00.000Z', store: '/artefacts', paused: false, rate: null, left: null },
  counts: { total: 2, done: 0, running: 1, ready: 0, waiting: 1, failed: 0, cancelled: 0 },
  jobs: [
    {
      ...{
        id: 'a'.repeat(32),
        label: 'c4, seed 1: train',
        run: 'c4, seed 1',
        step: 'train',
        state: 'running',
      },
      ...{ attempts: 0, worker: 'node1-12', epoch: 2, epochs: 5, accuracy: 0.5, seconds: 3.5 },
    },
    {
      ...{
        id: 'b'.repeat(32),
        label: 'c4, seed 1: check',
        run: 'c4, seed 1',
        step: 'check',
        state: 'waiting',
      },
      ...{ attempts: 0, needs: ['a'.repeat(32)] },
    },
  ],
  workers: [
    {
      name: 'node1-12',
      host: 'node1',
      slots: 2,
      busy: 1,
      seen: '2026-11-28T08:00:05.000Z',
      serves: ['EuroSAT'],
    },
  ],
};

test('a status passes through JSON as it is, and what is none is refused', () => {
  expect(sweepStatusSchema.parse(JSON.parse(JSON.stringify(status)))).toEqual(status);
  for (const wrong of [
    { ...status, made: 'today' },
    { ...status, jobs: [{ ...status.jobs[0], state: 'odd' }] },
    { ...status, jobs: [{ ...status.jobs[0], accuracy: 98 }] },
    { ...status, counts: { ...status.counts, done: -1 } },
  ])
    expect(sweepStatusSchema.safeParse(wrong).success).toBe(false);
});

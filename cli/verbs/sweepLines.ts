/** Sweeps as lines on a terminal. */
import { failuresOf, shownStates } from '../../src/lab/sweep/failures';
import type { SweepStatus } from '../../src/lab/sweep/status';
import {
  agoWords,
  chainSentence,
  countsSentence,
  deathSentence,
  doingWords,
  durationWords,
  jobName,
  leftSentence,
  scoreFigure,
  stateWords,
} from '../../src/lab/sweep/words';
import { columns } from '../node/table';

/** A line for each sweep, the newest first. */
export function listLines(sweeps: readonly SweepStatus[]): string[] {
  if (sweeps.length === 0)
    return ['No sweep is on this queue: "lab reproduce … --on redis://…" puts one there.'];
  return columns([
    ['sweep', 'what', 'done', 'running', 'failed', 'blocked', 'left', 'state'],
    ...sweeps.map((sweep) => [
      sweep.id,
      sweep.name,
      `${sweep.counts.done} of ${sweep.counts.total}`,
      sweep.counts.running,
      failuresOf(sweep.jobs).failed.length,
      failuresOf(sweep.jobs).blocked.length,
      leftSentence(sweep) === null ? '–' : durationWords(sweep.left!),
      stateWords(sweep),
    ]),
  ]);
}

/** Where one stands: its jobs, its workers, and what failed. now: in milliseconds. */
export function statusLines(sweep: SweepStatus, now: number): string[] {
  const { id, name, jobs, workers, command, store } = sweep;
  const left = leftSentence(sweep);
  const chain = chainSentence(sweep);
  const shown = shownStates(jobs);
  const score = jobs.some(({ loss }) => loss !== undefined) ? 'loss' : 'accuracy';
  return [
    `${name} (${id}): ${stateWords(sweep)}.`,
    `${countsSentence(sweep)}${left ? ` ${left}` : ''}`,
    ...(chain ? [chain] : []),
    `Command: ${command}`,
    `Store: ${store}`,
    '',
    ...columns([
      ['job', 'state', 'epoch', score, 'time', 'worker'],
      ...jobs.map((job) => [
        jobName(job),
        shown.get(job.id)!,
        job.epochs === undefined ? '' : `${job.epoch ?? 0} of ${job.epochs}`,
        scoreFigure(job) ?? '',
        job.seconds === undefined ? '' : durationWords(job.seconds),
        job.worker ?? '',
      ]),
    ]),
    ...deathLines(sweep),
    '',
    ...(workers.length === 0
      ? [
          'No worker is heard of: "lab worker redis://…" starts one, on any machine that sees queue and store.',
        ]
      : columns([
          ['worker', 'machine', 'busy', 'last seen', 'does'],
          ...workers.map((worker) => [
            worker.name,
            worker.host,
            `${worker.busy} of ${worker.slots}`,
            agoWords((now - Date.parse(worker.seen)) / 1000),
            doingWords(worker, jobs),
          ]),
        ])),
    ...workers.flatMap((worker) => (worker.refuses ?? []).map((why) => `${worker.name} refuses: ${why}`)),
  ];
}

/** Each job that failed by itself, by name, with its reason and what waits for it. */
export function deathLines({ jobs }: Pick<SweepStatus, 'jobs'>): string[] {
  const { failed: dead } = failuresOf(jobs);
  if (dead.length === 0) return [];
  return ['', ...dead.map((job) => `${jobName(job)}. ${deathSentence(job, jobs)}`)];
}

/** What is said of a sweep, by the page and by the command line alike. */
import { failuresOf, failureWords, type ShownState } from './failures';
import { longestChain, waitingFor } from './picture';
import type { SweepJob, SweepStatus, SweepWorker } from './status';

export const STATE_WORDS: Record<ShownState, string> = {
  waiting: 'waiting for other jobs',
  ready: 'ready for a worker',
  running: 'running',
  done: 'done',
  failed: 'failed',
  blocked: 'needs one that failed',
  cancelled: 'cancelled',
};

/** How a sweep as a whole stands. stuck: nothing goes on before a failed job is retried; idle: nobody takes its jobs. */
export type SweepState = 'done' | 'cancelled' | 'paused' | 'running' | 'stuck' | 'idle';

export function stateOf({ counts, paused, workers }: SweepStatus): SweepState {
  const { total, done, running, ready, failed, cancelled } = counts;
  if (done === total) return 'done';
  if (done + cancelled === total) return 'cancelled';
  if (running > 0) return 'running';
  if (paused) return 'paused';
  if (failed > 0 && ready === 0) return 'stuck';
  return workers.some(takesJobs) ? 'running' : 'idle';
}

/** Whether no job of it is to be done any more, unless somebody retries some. */
export const hasEnded = ({ counts: { running, ready, waiting } }: Pick<SweepStatus, 'counts'>): boolean =>
  running + ready + waiting === 0;

/** Whether a worker computes on any of the sweep's data. */
const takesJobs = ({ serves }: SweepWorker): boolean => serves.length > 0;

const TITLES: Record<SweepState, string> = {
  done: 'Done',
  cancelled: 'Cancelled',
  paused: 'Paused',
  running: 'Running',
  stuck: 'Stuck: what is left waits for a job that failed',
  idle: 'No worker takes its jobs',
};

/** "Running", "Waiting: its workers are busy with another sweep", "Paused: what runs comes to its end". */
export function stateWords(sweep: SweepStatus): string {
  const state = stateOf(sweep);
  if (state === 'running' && sweep.paused) return 'Paused: what runs comes to its end';
  const isBehind = sweep.counts.waiting > 0 || failuresOf(sweep.jobs).blocked.length > 0;
  if (state === 'stuck' && !isBehind) return 'Ended with failures';
  if (state === 'running' && isQueued(sweep)) return 'Waiting: its workers are busy with another sweep';
  return TITLES[state];
}

/** Whether none of its jobs is begun because all that could take them do others. */
const isQueued = ({ counts, workers }: SweepStatus): boolean =>
  counts.running === 0 && workers.filter(takesJobs).every(({ busy, slots }) => busy >= slots);

/** "31 of 48 jobs done, 3 running, 1 failed, 6 need it, 7 waiting." */
export function countsSentence({ counts, jobs: all }: Pick<SweepStatus, 'counts' | 'jobs'>): string {
  const of = (...states: ('running' | 'ready' | 'waiting' | 'cancelled')[]) =>
    states.filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${state}`);
  const parts = [...of('running'), ...failureWords(all), ...of('ready', 'waiting', 'cancelled')];
  return `${[`${counts.done} of ${jobs(counts.total)} done`, ...parts].join(', ')}.`;
}

const jobs = (n: number): string => `${n} ${n === 1 ? 'job' : 'jobs'}`;

/** "About 2 h 5 min left, at 12 jobs an hour."; null where nothing is left, or nothing was finished that tells. */
export function leftSentence({
  rate,
  left,
  paused,
}: Pick<SweepStatus, 'rate' | 'left' | 'paused'>): string | null {
  if (left === null || left <= 0 || rate === null || rate <= 0 || paused) return null;
  return `About ${durationWords(left)} left, at ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} jobs an hour.`;
}

/** "Longest chain to go: 4 jobs: train, prune, finetune, report."; null for less than two. */
export function chainSentence(sweep: Pick<SweepStatus, 'jobs'>): string | null {
  const chain = longestChain(sweep.jobs);
  if (chain.length < 2) return null;
  const names = chain.map(({ step }) => step);
  const told = names.length <= 6 ? names : [...names.slice(0, 3), '…', ...names.slice(-2)];
  // Of the trainings of a task one is called "plain, fine-tuned".
  const between = names.some((name) => name.includes(',')) ? '; ' : ', ';
  return `Longest chain to go: ${jobs(chain.length)}, one after the other (${told.join(between)}).`;
}

/** "c4, seed 1: prune". */
export const jobName = ({ run, step }: Pick<SweepJob, 'run' | 'step'>): string => `${run}: ${step}`;

/** "running, epoch 3 of 14", "failed". state: as it is shown. */
export function jobStateWords(state: ShownState, { epoch, epochs }: SweepJob): string {
  const at = state === 'running' && epochs ? `, epoch ${epoch ?? 0} of ${epochs}` : '';
  return `${STATE_WORDS[state]}${at}`;
}

const times = (n: number): string => (n === 1 ? 'once' : `${n} times`);

/** How a training does on validation data: its accuracy, "81.3 %", or in a task its loss, "0.0421"; null where that is not known. */
export function scoreFigure({ accuracy, loss }: Pick<SweepJob, 'accuracy' | 'loss'>): string | null {
  if (loss !== undefined) return loss.toPrecision(3);
  return accuracy === undefined ? null : `${(100 * accuracy).toFixed(1)} %`;
}

/** What is known of a job beside its state: "worker w1, failed once before, validation accuracy 81.3 %, 42 s". */
export function jobFacts(job: SweepJob): string[] {
  const { worker, attempts, seconds, state } = job;
  const score = scoreFigure(job);
  return [
    ...(worker === undefined ? [] : [`worker ${worker}`]),
    ...(attempts > 0 && state !== 'failed' ? [`failed ${times(attempts)} before`] : []),
    ...(score === null ? [] : [`validation ${job.loss === undefined ? 'accuracy' : 'loss'} ${score}`]),
    ...(seconds === undefined ? [] : [durationWords(seconds)]),
  ];
}

/** "Failed after 3 attempts: no space left. 4 jobs wait for it." */
export function deathSentence(job: SweepJob, all: readonly SweepJob[]): string {
  const waiting = waitingFor(all, job.id).filter(({ state }) => state !== 'done').length;
  const tries = job.attempts > 1 ? ` after ${job.attempts} attempts` : '';
  const reason = (job.reason ?? 'nobody said why').replace(/[.\s]+$/, '');
  const behind =
    waiting === 0 ? 'Nothing waits for it.' : `${jobs(waiting)} ${waiting === 1 ? 'waits' : 'wait'} for it.`;
  return `Failed${tries}: ${reason}. ${behind}`;
}

/** What is running where, in the order of the jobs: "c4, seed 1: train, epoch 3 of 14 (w1)". */
export function runningWords(jobs: readonly SweepJob[]): string {
  const running = jobs.filter(({ state }) => state === 'running');
  if (running.length === 0) return 'nothing runs';
  const told = running.slice(0, 2).map((job) => {
    const epoch = job.epochs ? `, epoch ${job.epoch ?? 0} of ${job.epochs}` : '';
    return `${jobName(job)}${epoch}${job.worker ? ` (${job.worker})` : ''}`;
  });
  return [...told, ...(running.length > 2 ? [`${running.length - 2} more`] : [])].join(' | ');
}

/** What a worker does: "c4, seed 1: train, epoch 3 of 14", "free", "takes none". */
export function doingWords(worker: SweepWorker, all: readonly SweepJob[]): string {
  const own = all.filter((job) => job.state === 'running' && job.worker === worker.name);
  if (own.length > 0)
    return own
      .map((job) => `${jobName(job)}${job.epochs ? `, epoch ${job.epoch ?? 0} of ${job.epochs}` : ''}`)
      .join('; ');
  if (!takesJobs(worker)) return 'takes none';
  return worker.busy > 0 ? 'busy with another sweep' : 'free';
}

/** When something was seen: "now", "42 s ago". seconds: since then; clocks of two machines may differ a little. */
export const agoWords = (seconds: number): string => (seconds < 10 ? 'now' : `${durationWords(seconds)} ago`);

/** "42 s", "5 min", "2 h 5 min", "3 d 4 h". */
export function durationWords(seconds: number): string {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** What a listener is told where a sweep has changed: seldom, and nothing that the next moment undoes; null for nothing. */
export function newsOf(before: SweepStatus, after: SweepStatus): string | null {
  const [was, is] = [stateOf(before), stateOf(after)];
  if (was !== is && is !== 'running') return `${stateWords(after)}. ${countsSentence(after)}`;
  const known = new Set(before.jobs.flatMap(({ id, state }) => (state === 'failed' ? id : [])));
  const failed = failuresOf(after.jobs).failed.filter(({ id }) => !known.has(id));
  if (failed.length > 0) {
    const [first, ...others] = failed;
    return `${jobName(first)} failed${others.length > 0 ? `, and ${jobs(others.length)} more` : ''}. ${countsSentence(after)}`;
  }
  if (before.paused !== after.paused || was !== is) return `${stateWords(after)}. ${countsSentence(after)}`;
  return quarter(before) < quarter(after) ? countsSentence(after) : null;
}

const quarter = ({ counts: { done, total } }: SweepStatus): number =>
  Math.floor((4 * done) / Math.max(1, total));

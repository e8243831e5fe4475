import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { BadInput } from '../../src/lab/errors';
import { type SweepAction, sweepsDocument } from '../../src/lab/sweep/document';
import type { SweepStatus } from '../../src/lab/sweep/status';
import { countsSentence, hasEnded } from '../../src/lab/sweep/words';
import { AS_JSON, QUIET } from '../options';
import type { Board } from '../sweep/board';
import { reportOf } from '../sweepPage/reports';
import { isLoopback, LOOPBACK, servePage } from '../sweepPage/server';
import { siteIn } from '../sweepPage/site';
import { type OutputOptions, print, wholeOption } from '../work';
import { followSweep } from './sweepFollow';
import { listLines, statusLines } from './sweepLines';
import { sweepMeant } from './sweepNamed';

interface Options extends OutputOptions {
  follow?: boolean;
  pause?: boolean;
  resume?: boolean;
  /** true: all that failed or were cancelled. */
  retry?: string | true;
  cancel?: boolean;
  forget?: boolean;
  page?: boolean;
  port: number;
  host: string;
  control?: boolean;
  reports: string;
}

const HIGHEST_PORT = 65_535;

/** What may be asked for, one at a time. */
const DEEDS = ['follow', 'pause', 'resume', 'retry', 'cancel', 'forget', 'page'] as const;

/** `sweep <redis> [sweep]`: the sweeps on a queue: how they stand, what they are told, and a page that follows them. */
export function sweep(program: Command): void {
  program
    .command('sweep <redis> [sweep]')
    .description(
      'the sweeps on a queue (redis://host:port/db), or one of them by its id or name: jobs, workers, what failed; user and password of ' +
        'Redis come from ORBIT_LAB_REDIS_USERNAME and ORBIT_LAB_REDIS_PASSWORD',
    )
    .option('--follow', 'one bar, and what is running where, until it ends')
    .option('--pause', 'begin no more jobs; what runs comes to its end')
    .option('--resume', 'go on')
    .option(
      '--retry [job]',
      'put jobs that failed or were cancelled on the queue again: all of them, or one by its id or name',
    )
    .option('--cancel', 'take all that is not done off the queue; what is done stays in the store')
    .option('--forget', 'take a sweep that is over off the queue; what it made stays in the store')
    .option('--page', 'serve the lab on this machine, with a view that follows the sweeps')
    .option('--port <n>', 'of the page; 0: any that is free', wholeOption('port', 0, HIGHEST_PORT), 4700)
    .option('--host <address>', 'serve the page at another address than this machine’s own', LOOPBACK)
    .option('--control', 'the page may pause, resume, retry and cancel, for whoever has its link')
    .option('--reports <dir>', 'where reports are made, which the page offers', 'reports')
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (address: string, called: string | undefined, options: Options) => {
      const asked = DEEDS.filter((each) => options[each]);
      if (asked.length > 1)
        throw new BadInput(`Ask for one thing at a time: --${asked[0]} or --${asked[1]}.`);
      // Here and not at the head: every other verb starts without it.
      const { onQueue } = await import('../sweep/sweeps');
      const say = options.quiet ? () => {} : (line: string) => void process.stderr.write(`${line}\n`);
      const work = (board: Board) => answer(board, called, asked[0], options);
      await onQueue(address, say, work);
    });
}

async function answer(
  board: Board,
  called: string | undefined,
  deed: (typeof DEEDS)[number] | undefined,
  options: Options,
): Promise<void> {
  const { sweepStatus } = await import('../sweep/sweeps');
  if (deed === 'page') return page(board, options);
  const all = await statuses(board);
  if (deed === undefined && called === undefined)
    return print(sweepsDocument(all), options, () => listLines(sweepsDocument(all).sweeps));
  const { id, name } = sweepMeant(all, called);
  if (deed === 'follow') {
    const ended = await followSweep(() => sweepStatus(board, id), options);
    print(sweepsDocument([ended]), options, () => statusLines(ended, Date.now()));
    return;
  }
  if (deed === 'forget') {
    const { forgetSweep } = await import('../sweep/forget');
    await forgetSweep(board, id);
    const left = sweepsDocument(await statuses(board));
    print(left, options, () => [
      `Forgotten: ${name} (${id}). What it made stays in the store.`,
      ...listLines(left.sweeps),
    ]);
    return;
  }
  const done =
    deed === undefined
      ? ''
      : await act(board, id, deed, typeof options.retry === 'string' ? options.retry : undefined);
  const status = await sweepStatus(board, id);
  print(sweepsDocument([status]), options, () =>
    deed === undefined ? statusLines(status, Date.now()) : [`${done} ${countsSentence(status)}`],
  );
}

async function statuses(board: Board): Promise<SweepStatus[]> {
  const [{ sweepsOn }, { sweepStatus }] = await Promise.all([
    import('../sweep/board'),
    import('../sweep/sweeps'),
  ]);
  const all = await sweepsOn(board);
  return Promise.all(all.map(({ id }) => sweepStatus(board, id, all)));
}

/** Does what is asked for, and says what was done. */
async function act(board: Board, id: string, action: SweepAction, job?: string): Promise<string> {
  const { cancelSweep, pauseSweep, resumeSweep, sweepStatus } = await import('../sweep/sweeps');
  const isOver = async () => hasEnded(await sweepStatus(board, id));
  switch (action) {
    case 'pause':
      if (await isOver()) return 'It is over, so there is nothing to pause.';
      await pauseSweep(board, id);
      return 'Paused: no more jobs are begun, and what runs comes to its end.';
    case 'resume':
      await resumeSweep(board, id);
      return 'Resumed.';
    case 'cancel':
      if (await isOver()) return 'It is over, so nothing was cancelled.';
      await cancelSweep(board, id);
      return 'Cancelled: what is done stays in the store; --retry puts the others on the queue again.';
    case 'retry':
      return retriedWords(await retry(board, id, job));
  }
}

const retriedWords = (count: number): string =>
  count === 0
    ? 'Nothing failed or was cancelled, so nothing was put on the queue again.'
    : `${count} ${count === 1 ? 'job is' : 'jobs are'} on the queue again.`;

/** Returns how many jobs were put on the queue. */
async function retry(board: Board, id: string, job: string | undefined): Promise<number> {
  const { retrySweep, sweepStatus } = await import('../sweep/sweeps');
  if (job === undefined) return retrySweep(board, id);
  const { jobs } = await sweepStatus(board, id);
  const meant = jobs.find((each) => each.id === job || each.label === job);
  if (!meant)
    throw new BadInput(`There is no job "${job}" in this sweep: name it as "lab sweep" does, or by its id.`);
  if (meant.state !== 'failed' && meant.state !== 'cancelled')
    throw new BadInput(`${meant.label} did not fail: it is ${meant.state}.`);
  return retrySweep(board, id, meant.id);
}

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Serves until it is ended. */
async function page(board: Board, { port, host, control = false, reports, json }: Options): Promise<void> {
  const served = await servePage({
    ...{ site: await siteIn(DIST), port, host, control },
    source: {
      statuses: () => statuses(board),
      act: async (...wish) => void (await act(board, ...wish)),
      report: (sweep) => reportOf(sweep, path.resolve(reports)),
    },
  });
  const stopped = new AbortController();
  for (const signal of ENDINGS) process.once(signal, () => stopped.abort());
  if (!isLoopback(host))
    process.stderr.write(
      `At ${host} everybody who reaches this machine sees the sweeps${control ? ', and whoever has the link acts on them' : ''}; what is sent is not encrypted.\n`,
    );
  print({ link: served.link, port: served.port }, { json }, () => [
    `The sweeps are followed at ${served.link}  (Ctrl+C ends it)`,
  ]);
  // A timer keeps the process; the longest there is.
  while (!stopped.signal.aborted)
    await pause(0x7fffffff, undefined, { signal: stopped.signal }).catch(() => {});
  await served.close();
}

import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { BadInput } from '../../src/lab/errors';
import { type SweepAction, sweepsDocument } from '../../src/lab/sweep/document';
import type { SweepStatus } from '../../src/lab/sweep/status';
import { countsSentence, stateOf } from '../../src/lab/sweep/words';
import { AS_JSON, QUIET } from '../options';
import type { Board } from '../sweep/board';
import { reportOf } from '../sweepPage/reports';
import { isLoopback, LOOPBACK, servePage } from '../sweepPage/server';
import { siteIn } from '../sweepPage/site';
import { type OutputOptions, print, wholeOption } from '../work';
import { followSweep } from './sweepFollow';
import { listLines, statusLines } from './sweepLines';

interface Options extends OutputOptions {
  follow?: boolean;
  pause?: boolean;
  resume?: boolean;
  /** true: all that failed. */
  retry?: string | true;
  cancel?: boolean;
  forget?: boolean;
  page?: boolean;
  port: number;
  host: string;
  control?: boolean;
  reports: string;
}

/** What may be asked for, one at a time. */
const DEEDS = ['follow', 'pause', 'resume', 'retry', 'cancel', 'forget', 'page'] as const;

/** `sweep <redis> [sweep]`: the sweeps on a queue: how they stand, what they are told, and a page that follows them. */
export function sweep(program: Command): void {
  program
    .command('sweep <redis> [sweep]')
    .description(
      'the sweeps on a queue (redis://host:port/db), or one of them by its id: jobs, workers, what failed; user and password of ' +
        'Redis come from ORBIT_LAB_REDIS_USERNAME and ORBIT_LAB_REDIS_PASSWORD',
    )
    .option('--follow', 'one bar, and what is running where, until it ends')
    .option('--pause', 'begin no more jobs; what runs comes to its end')
    .option('--resume', 'go on')
    .option('--retry [job]', 'put jobs that failed on the queue again: all of them, or one by its id or name')
    .option('--cancel', 'take all that is not done off the queue; what is done stays in the store')
    .option('--forget', 'take a sweep that is over off the queue; what it made stays in the store')
    .option('--page', 'serve the lab on this machine, with a view that follows the sweeps')
    .option('--port <n>', 'of the page; 0: any that is free', wholeOption('port', 0), 4700)
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
  const { id } = one(all, called);
  if (deed === 'follow') {
    const ended = await followSweep(() => sweepStatus(board, id), options);
    print(sweepsDocument([ended]), options, () => statusLines(ended, Date.now()));
    return;
  }
  if (deed === 'forget') {
    const { forgetSweep } = await import('../sweep/forget');
    await forgetSweep(board, id);
    const left = sweepsDocument(await statuses(board));
    print(left, options, () => ['Forgotten: what it made stays in the store.', ...listLines(left.sweeps)]);
    return;
  }
  if (deed !== undefined)
    await act(board, id, deed, typeof options.retry === 'string' ? options.retry : undefined);
  const status = await sweepStatus(board, id);
  print(sweepsDocument([status]), options, () =>
    deed === undefined ? statusLines(status, Date.now()) : [`${DONE[deed]} ${countsSentence(status)}`],
  );
}

const DONE: Record<SweepAction, string> = {
  pause: 'Paused: no more jobs are begun, and what runs comes to its end.',
  resume: 'Resumed.',
  retry: 'On the queue again.',
  cancel: 'Cancelled: what is done stays in the store.',
};

async function statuses(board: Board): Promise<SweepStatus[]> {
  const [{ sweepsOn }, { sweepStatus }] = await Promise.all([
    import('../sweep/board'),
    import('../sweep/sweeps'),
  ]);
  return Promise.all((await sweepsOn(board)).map(({ id }) => sweepStatus(board, id)));
}

/** The sweep that is meant: by its id or the beginning of it; without one the only one that there is, or that goes on. */
function one(all: readonly SweepStatus[], called: string | undefined): SweepStatus {
  if (all.length === 0)
    throw new BadInput('No sweep is on this queue: "lab reproduce … --on redis://…" puts one there.');
  const open = all.filter((each) => !['done', 'cancelled'].includes(stateOf(each)));
  const meant =
    called === undefined
      ? all.length === 1
        ? all
        : open
      : all.filter(({ id }) => id === called).length > 0
        ? all.filter(({ id }) => id === called)
        : all.filter(({ id }) => id.startsWith(called));
  if (meant.length === 1) return meant[0];
  const names = all.map(({ id, name }) => `${id} (${name})`).join(', ');
  const problem =
    called === undefined
      ? 'Say which sweep'
      : meant.length === 0
        ? `There is no sweep "${called}" on this queue`
        : `More than one sweep begins with "${called}"`;
  throw new BadInput(`${problem}; there are: ${names}.`);
}

async function act(board: Board, id: string, action: SweepAction, job?: string): Promise<void> {
  const { cancelSweep, pauseSweep, resumeSweep, retrySweep, sweepStatus } = await import('../sweep/sweeps');
  if (action === 'pause') return pauseSweep(board, id);
  if (action === 'resume') return resumeSweep(board, id);
  if (action === 'cancel') return void (await cancelSweep(board, id));
  if (job === undefined) return void (await retrySweep(board, id));
  const { jobs } = await sweepStatus(board, id);
  const meant = jobs.find((each) => each.id === job || each.label === job);
  if (!meant)
    throw new BadInput(`There is no job "${job}" in this sweep: name it as "lab sweep" does, or by its id.`);
  if (meant.state !== 'failed') throw new BadInput(`${meant.label} did not fail: it is ${meant.state}.`);
  await retrySweep(board, id, meant.id);
}

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Serves until it is ended. */
async function page(board: Board, { port, host, control = false, reports, json }: Options): Promise<void> {
  const served = await servePage({
    ...{ site: await siteIn(DIST), port, host, control },
    source: {
      statuses: () => statuses(board),
      act: (...wish) => act(board, ...wish),
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

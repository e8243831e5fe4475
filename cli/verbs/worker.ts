import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { BadInput } from '../../src/lab/errors';
import { plainSentence } from '../../src/lab/plain';
import { requireDataset } from '../node/data';
import { dataOption } from '../options';
import { LAB } from '../reproduce/jobs';
import { STEP_VERB } from '../sweep/stepMessages';
import { wholeOption } from '../work';

interface Options {
  store?: string;
  jobs?: number;
  data: Record<string, string>;
  untilDone?: boolean;
}

/** How long a worker that is ended waits for Redis. */
const PATIENCE_MS = 10_000;

const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `worker <redis>`: does the jobs of sweeps, on any number of machines. */
export function worker(program: Command): void {
  program
    .command('worker <redis>')
    .description(
      'take jobs of sweeps from a queue (redis://host:port/db) and do them, until it is ended; user and password of Redis come from ' +
        'ORBIT_LAB_REDIS_USERNAME and ORBIT_LAB_REDIS_PASSWORD',
    )
    .option('--store <ref>', 'where this machine sees the store of networks: a folder, or s3://bucket/prefix')
    .option('--jobs <n>', 'how many jobs at once; by default one per core', wholeOption('jobs', 1))
    .option(
      '--data <name=ref>',
      'take a dataset from elsewhere than its name; may be repeated',
      dataOption,
      {},
    )
    .option('--until-done', 'end when no job is left that this worker could do')
    .action(async (address: string, options: Options) => {
      // Here and not at the head: every other verb starts without it.
      const { connect, openBoard, REFUSED, requireStore, settingsHere, softwareHere, work } = await import(
        '../sweep/worker'
      );
      const say = (sentence: string) => void process.stderr.write(`${plainSentence(sentence)}\n`);
      const stopping = new AbortController();
      const stop = () => {
        stopping.abort();
        say('Ending: what is under way is given back. Once more ends at once.');
        // Redis may never answer again.
        setTimeout(() => {
          say(
            'Redis does not answer. Others take what was under way when its locks run out, within a minute or so.',
          );
          process.exit(1);
        }, PATIENCE_MS).unref();
      };
      // A mistake is seen now, and not when the first sweep comes.
      if (options.store !== undefined) await requireStore(options.store);
      for (const reference of Object.values(options.data)) await requireDataset(reference);
      const cores = availableParallelism();
      const slots = options.jobs ?? cores;
      const redis = await connect(address, say);
      const board = await openBoard(redis, settingsHere());
      for (const signal of ENDINGS) process.once(signal, stop);
      try {
        const code = await work({
          ...{ board, slots, say, given: options.data, lab: LAB, stop: stopping.signal },
          ...{ store: options.store, untilDone: options.untilDone },
          threads: Math.max(1, Math.floor(cores / slots)),
          software: await softwareHere(),
        });
        if (code === REFUSED)
          throw new BadInput(
            'None of the sweeps on this queue is for this worker: see above. Nothing was taken.',
          );
      } finally {
        for (const signal of ENDINGS) process.off(signal, stop);
        await board.close();
        redis.disconnect();
      }
    });
  program
    .command(STEP_VERB, { hidden: true })
    .action(async () => (await import('../sweep/stepProcess')).answerOrders());
}

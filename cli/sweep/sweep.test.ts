/** Sweeps from end to end: a real Redis, real workers, which are killed and stopped; skipped by name without redis-server. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { packedParts } from '../../src/lab/data/readers/packed';
import { BadInput } from '../../src/lab/errors';
import { uniform } from '../../src/lab/random';
import { checkRecipe, type Recipe } from '../../src/lab/recipe/schema';
import { type SweepStatus, sweepStatusSchema } from '../../src/lab/sweep/status';
import { adaptingTable } from '../../src/lab/testing/reproduction';
import { tinySweep } from '../../src/lab/testing/sweep';
import { tinyDataset } from '../../src/lab/testing/tiny';
import { openArtefacts } from '../artefacts/open';
import { type Job, Unfinished } from '../reproduce/jobs';
import { lab, started } from '../testing/lab';
import { sweepsOn } from './board';
import { softwareHere } from './ground';
import { jobOf, queueRunner } from './runner';
import { SETTINGS, type Settings } from './settings';
import { cancelSweep, listSweeps, onQueue, pauseSweep, resumeSweep, retrySweep, sweepStatus } from './sweeps';
import { HAS_REDIS, startRedis, type TestRedis } from './testing/redis';
import { work } from './worker';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-sweep-'));
const at = (...names: string[]): string => path.join(top, ...names);
afterAll(() => rm(top, { recursive: true }));

/** Impatient: what takes a minute among machines takes a second here. */
const HURRIED: Settings = {
  ...SETTINGS,
  ...{ lockMs: 2_000, renewMs: 400, stalledMs: 500, backoffMs: 50 },
  ...{ pollMs: 30, followMs: 50, beatMs: 150, recheckMs: 1_000, troubleMs: 200, pausedMs: 100 },
};
process.env.LAB_SWEEP_SETTINGS = JSON.stringify(HURRIED);
const LAB = [process.execPath, path.resolve('scripts/lab.mjs')];
const TILES = at('tiny.tiles');

const recipeOf = (seed: number, epochs?: number): Recipe => checkRecipe(tinySweep(seed, epochs));

describe.skipIf(!HAS_REDIS)('sweeps on a queue (redis-server)', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
    await writeFile(TILES, packedParts(tinyDataset(15)));
  });
  afterAll(() => redis.end());

  const said: string[] = [];
  const say = (line: string) => void said.push(line);

  const runner = (name: string, store: string) =>
    queueRunner({
      address: redis.address,
      store,
      name,
      command: `lab run ${name}`,
      quiet: true,
      settings: HURRIED,
    });

  const storeAt = async (name: string): Promise<string> => {
    await mkdir(at(name));
    return at(name);
  };

  const jobIn = (folder: string, seed: number, epochs?: number): Promise<Job> =>
    jobOf(recipeOf(seed, epochs), TILES, at(folder, `seed-${seed}`), []);

  /** Workers as processes; those that are left over end with the test. */
  const workers: ReturnType<typeof started>[] = [];
  const worker = (...more: string[]) => {
    const begun = started('worker', redis.address, '--jobs', '1', '--data', `tiny=${TILES}`, ...more);
    begun.process.stderr!.on('data', (text) => said.push(`worker ${begun.process.pid}: ${text}`.trim()));
    workers.push(begun);
    return begun.process;
  };
  afterEach(() => {
    for (const { process: each } of workers) {
      each.kill('SIGCONT');
      each.kill('SIGKILL');
    }
    workers.length = 0;
    said.length = 0;
  });

  const status = async (name: string): Promise<SweepStatus | null> =>
    onQueue(
      redis.address,
      () => {},
      async (board) => {
        const found = (await sweepsOn(board)).find((each) => each.name === name);
        return found ? sweepStatusSchema.parse(await sweepStatus(board, found.id)) : null;
      },
    );

  /** Waits for a moment of a sweep. */
  async function until(name: string, moment: (status: SweepStatus) => boolean): Promise<SweepStatus> {
    for (const end = Date.now() + 60_000; Date.now() < end; await pause(20)) {
      const found = await status(name);
      if (found && moment(found)) return found;
    }
    throw new Error(`It never came: ${JSON.stringify(await status(name))}\n${said.join('\n')}`);
  }

  test('two that overlap, by three workers, two killed and one stopped past its lock: the numbers of a run here', async () => {
    const seed = Number(process.env.VITE_LAB_SEED ?? 1);
    const next = uniform(seed, 'sweep');
    const store = await storeAt('store');
    const [first, second, third] = [worker(), worker(), worker()];
    const one = runner('one', store);
    const seeds = { one: [1, 2], two: [2, 3] };
    const jobsOf = (name: keyof typeof seeds) =>
      Promise.all(seeds[name].map((each) => jobIn(name, each, 12)));
    const running = Promise.all([
      one(await jobsOf('one'), say),
      runner('two', store)(await jobsOf('two'), say),
      // The same command in another terminal.
      runner('one', store)(
        (await jobsOf('one')).map((job) => ({ ...job, folder: `${job.folder}-again` })),
        say,
      ),
    ]);
    running.catch(() => {});

    const draw = (from: number, to: number) => from + Math.floor(next() * (to - from));
    const moments = [draw(1, 8), draw(9, 18), draw(19, 26)];
    console.log(
      `seed ${seed}: stopped after ${moments[0]} jobs, killed after ${moments[1]} and ${moments[2]} of one`,
    );
    // Stopped with all that it started, as by Ctrl-Z, in the midst of a job, until another has that.
    const own = (job: { worker?: string }) => job.worker?.includes(`-${third.pid}-`) === true;
    const before = await until(
      'one',
      ({ counts, jobs }) =>
        counts.done >= moments[0] && jobs.some((job) => job.state === 'running' && own(job)),
    );
    const family = [third.pid!, ...childrenOf(third.pid!)];
    for (const pid of family) process.kill(pid, 'SIGSTOP');
    const stopped = before.jobs.find((job) => job.state === 'running' && own(job))!;
    await until('one', ({ jobs }) =>
      jobs.some((job) => job.id === stopped.id && (job.state === 'done' || !own(job))),
    );
    for (const pid of family.reverse()) process.kill(pid, 'SIGCONT');

    await until('one', ({ counts }) => counts.done >= moments[1]);
    first.kill('SIGKILL');
    await until('one', ({ counts }) => counts.done >= moments[2]);
    second.kill('SIGKILL');
    await running;
    // The one that was stopped has done the rest, and ends as it is told to.
    const [, two] = [await status('one'), await status('two')];
    expect(two!.counts).toMatchObject({ total: 38, done: 38, failed: 0 });
    expect(two!.workers.map(({ name }) => own({ worker: name }))).toContain(true);
    third.kill('SIGTERM');
    expect(await workers[2].ended).toMatchObject({ code: 0 });
    expect((await status('two'))!.workers.filter(({ name }) => own({ worker: name }))).toEqual([]);

    // Of the records of three seeds each is there once.
    const records = await readdir(at('store', 'records'), { recursive: true });
    expect(records.filter((name) => name.endsWith('.json'))).toHaveLength(3 * 19 + 1);
    for (const each of [1, 2, 3]) {
      const here = at('here', `seed-${each}`);
      await writeFile(at('recipe.json'), JSON.stringify(recipeOf(each, 12)));
      expect(await lab('run', at('recipe.json'), '--data', TILES, '--out', here, '--quiet')).toMatchObject({
        code: 0,
      });
      const folders = Object.entries(seeds).flatMap(([name, own]) =>
        own.includes(each) ? [at(name, `seed-${each}`)] : [],
      );
      for (const folder of [...folders, ...(each < 3 ? [at('one', `seed-${each}-again`)] : [])]) {
        expect(await contents(folder), folder).toEqual(await contents(here));
      }
    }
  });
});

/** The processes that a process has started. */
const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );

/** A run's folder without times: records as values, networks as bytes. */
async function contents(folder: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const kind of ['stages', 'models']) {
    for (const name of (await readdir(path.join(folder, kind))).sort()) {
      const bytes = await readFile(path.join(folder, kind, name));
      found[name] = kind === 'models' ? bytes.toString('base64') : timeless(bytes.toString());
    }
  }
  return found;
}

const timeless = (text: string): unknown =>
  JSON.parse(text, (key, value) => (['seconds', 'latency', 'seal', 'checksum'].includes(key) ? 0 : value));

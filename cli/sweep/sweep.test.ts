/** Sweeps from end to end: a real Redis, real workers, which are killed and stopped; skipped by name without redis-server. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { packedParts } from '../../src/lab/data/readers/packed';
import { BadInput } from '../../src/lab/errors';
import { fingerprintOf } from '../../src/lab/files/fingerprint';
import { encodeModel } from '../../src/lab/files/modelFile';
import { uniform } from '../../src/lab/random';
import { checkRecipe, type Recipe } from '../../src/lab/recipe/schema';
import { type SweepJob, type SweepStatus, sweepStatusSchema } from '../../src/lab/sweep/status';
import { adaptingTable } from '../../src/lab/testing/reproduction';
import { tinySweep } from '../../src/lab/testing/sweep';
import { tinyDataset, tinyModel } from '../../src/lab/testing/tiny';
import { openArtefacts } from '../artefacts/open';
import { type Job, type Runner, Unfinished } from '../reproduce/jobs';
import { makeReport } from '../reproduce/make';
import { sessionsOf } from '../sessions';
import { lab, started } from '../testing/lab';
import { type Board, sweepsOn } from './board';
import { forgetSweep } from './forget';
import { softwareHere } from './ground';
import { jobOf, queueRunner } from './runner';
import { SETTINGS, type Settings } from './settings';
import { cancelSweep, listSweeps, onQueue, pauseSweep, resumeSweep, retrySweep, sweepStatus } from './sweeps';
import { HAS_REDIS, startRedis, type TestRedis } from './testing/redis';
import { REFUSED, type WorkerOptions, work } from './worker';

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
    // Stopped with all that it started, as by Ctrl-Z, in the midst of a job, until another has done that.
    const own = (job: { worker?: string }) => job.worker?.includes(`-${third.pid}-`) === true;
    const isAt = (job: SweepJob) => job.state === 'running' && own(job);
    let stopped: SweepJob | undefined;
    while (!stopped) {
      await until('one', ({ counts, jobs }) => counts.done >= moments[0] && jobs.some(isAt));
      const family = [third.pid!, ...childrenOf(third.pid!)];
      for (const pid of family) process.kill(pid, 'SIGSTOP');
      // What it asked of Redis just before may still have been done.
      await pause(50);
      const found = (await status('one'))!.jobs.find(isAt);
      if (found)
        await until('one', ({ jobs }) => jobs.some(({ id, state }) => id === found.id && state === 'done'));
      for (const pid of family.reverse()) process.kill(pid, 'SIGCONT');
      stopped = found;
    }

    await until('one', ({ counts }) => counts.done >= moments[1]);
    first.kill('SIGKILL');
    await until('one', ({ counts }) => counts.done >= moments[2]);
    second.kill('SIGKILL');
    await running;
    // The one that was stopped has done the rest, and ends as it is told to.
    const [last, two] = [await status('one'), await status('two')];
    expect(own(last!.jobs.find(({ id }) => id === stopped.id)!)).toBe(false);
    expect(last!.jobs.filter(({ attempts, reason }) => attempts > 0 || reason)).toEqual([]);
    expect(two!.counts).toMatchObject({ total: 38, done: 38, failed: 0 });
    expect(two!.workers.map(({ name }) => own({ worker: name }))).toContain(true);
    third.kill('SIGTERM');
    expect(await workers[2].ended).toMatchObject({ code: 0 });
    expect((await status('two'))!.workers.filter(({ name }) => own({ worker: name }))).toEqual([]);

    // Of the records of three seeds each is there once.
    const records = await readdir(at('store', 'records'), { recursive: true });
    expect(records.filter((name) => name.endsWith('.json'))).toHaveLength(3 * 19);
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

  /** A worker within this process; `changed`: what differs from how one would be started here. */
  async function workHere(changed: Partial<WorkerOptions>, stop = new AbortController()) {
    const heard: string[] = [];
    const code = await onQueue(redis.address, say, async (board) =>
      work({
        ...{ board, slots: 1, threads: 1, lab: LAB, stop: stop.signal, untilDone: true },
        ...{
          given: { tiny: TILES },
          software: await softwareHere(),
          say: (line: string) => void heard.push(line),
        },
        ...changed,
      }),
    );
    return { code, heard: heard.join('\n') };
  }

  /** A run that begins with a network, which a store may lose. */
  async function jobThatBegins(folder: string) {
    const model = tinyModel({ group: 'C1', head: 'pooled' });
    await writeFile(at('start.safetensors'), encodeModel(model));
    const start = [{ name: 'network', title: '', fingerprint: fingerprintOf(model) }];
    const recipe = checkRecipe({ ...adaptingTable.runs('small')[1].recipe, start });
    const job = await jobOf(recipe, TILES, at(folder, 'run'), [at('start.safetensors')]);
    return { job, model, start };
  }

  const call = <T>(name: string, ask: (board: Board, id: string) => Promise<T>): Promise<T> =>
    onQueue(redis.address, say, async (board) => {
      const { id } = (await sweepsOn(board)).find((each) => each.name === name)!;
      return ask(board, id);
    });

  test('Redis restarted in the midst, with its file: the sweep goes on; its sessions are those of the worker', async () => {
    const store = await storeAt('restarted');
    worker();
    const running = runner('restarted', store)([await jobIn('restarted', 5, 12)], say);
    running.catch(() => {});
    const { counts } = await until('restarted', (each) => each.counts.done >= 5);
    expect(counts.done).toBeLessThan(19);
    await redis.restart(300);
    await running;
    expect(said.join('\n')).toMatch(/Redis at .* is gone; waiting .*\n(.*\n)*.*is back\./);
    expect((await status('restarted'))!.counts).toMatchObject({ total: 19, done: 19 });
    const sessions = await sessionsOf(at('restarted', 'seed-5'));
    expect(sessions.length).toBeGreaterThan(10);
    for (const { backend, hardware } of sessions)
      expect([backend, hardware]).toEqual([expect.stringMatching(/^wasm/), expect.stringMatching(/cores/)]);
    // There, nothing is to be done: no worker is needed.
    const again = at('restarted', 'again');
    await runner('again', store)([{ ...(await jobIn('restarted', 5, 12)), folder: again }], say);
    expect(await contents(again)).toEqual(await contents(at('restarted', 'seed-5')));
  });

  test('a worker of another version, of other tiles, of another store refuses in a sentence; jobs wait for one that fits', async () => {
    const store = await storeAt('refused');
    const other = await storeAt('other');
    await writeFile(at('other.tiles'), packedParts(tinyDataset(14)));
    const running = runner('refused', store)([await jobIn('refused', 6, 1)], say);
    running.catch(() => {});
    await until('refused', ({ counts }) => counts.ready > 0 && counts.waiting > 0);
    const here = await softwareHere();
    const cases: [Partial<WorkerOptions>, RegExp][] = [
      [
        { software: { ...here, version: '9.9.9' } },
        /needs version 0\.1\.0 of the lab, and this is 9\.9\.9: check that version out/,
      ],
      [
        { software: { ...here, code: 'abc' } },
        /needs the lab's sources \w+, and here are abc, though both say/,
      ],
      [
        { software: { ...here, engine: 'wasm 1' } },
        /computes by wasm \w+, and this machine by wasm 1: build the kernels/,
      ],
      [
        { given: { tiny: at('other.tiles') } },
        /holds 42 tiles with the fingerprint \w+, but the sweep needs 45 .* --data tiny=<path>/,
      ],
      [{ given: {} }, /There is no data set named tiny .*\. Fetch or import the same tiles/],
      [{ store: other }, /"[^"]*other" is not the store of this sweep \([^)]*refused\)/],
      [{ store: at('nowhere') }, /cannot be used here: There is no folder/],
    ];
    for (const [changed, sentence] of cases) {
      const { code, heard } = await workHere(changed);
      expect([code, heard]).toEqual([REFUSED, expect.stringMatching(sentence)]);
      expect(heard.split('\n')).toHaveLength(1);
    }
    const { counts, jobs } = (await status('refused'))!;
    expect(counts).toMatchObject({ done: 0, failed: 0, running: 0 });
    expect(jobs.every(({ attempts }) => attempts === 0)).toBe(true);
    expect((await workHere({})).code).toBe(0);
    await running;
    expect((await status('refused'))!.counts.done).toBe(19);
  });

  test('tiles are looked at while a job is under way: others are refused, and no answer is taken for another', async () => {
    const store = await storeAt('while busy');
    await writeFile(at('more.tiles'), packedParts({ ...tinyDataset(16), name: 'more' }));
    const busy = runner('busy', store)([await jobIn('busy', 11, 150)], say);
    busy.catch(() => {});
    await until('busy', ({ counts }) => counts.ready > 0);
    const working = workHere({ given: { tiny: TILES, more: TILES } });
    await until('busy', ({ counts }) => counts.running > 0);
    const job = await jobOf(recipeOf(12, 1), at('more.tiles'), at('late', 'run'), []);
    const late = runner('late', store)([job], say);
    late.catch(() => {});
    const { code, heard } = await working;
    expect([code, heard]).toEqual([
      0,
      expect.stringMatching(/"late" .* is not for this worker: .* holds 45/),
    ]);
    await busy;
    expect((await status('late'))!.counts).toMatchObject({ done: 0, failed: 0 });
    expect((await workHere({ given: { more: at('more.tiles') } })).code).toBe(0);
    await late;
    const artefacts = await openArtefacts(store);
    for (const name of ['busy', 'late']) {
      const { counts, jobs } = (await status(name))!;
      expect(counts.done).toBe(19);
      // Each was done, and not only said to be.
      for (const { id, attempts } of jobs) expect([await artefacts.has(id), attempts]).toEqual([true, 0]);
    }
    await artefacts.close();
  });

  test('what fails for good is named with its reason, and so is what needs it; mended, it is retried', async () => {
    const store = await storeAt('dead');
    const { job, model, start } = await jobThatBegins('dead');
    const running = runner('dead', store)([job], say).catch((error) => error);
    const queued = await until('dead', ({ counts }) => counts.ready > 0 && counts.waiting > 0);
    const artefacts = await openArtefacts(store);
    await artefacts.forget(start[0].fingerprint);
    expect((await workHere({})).code).toBe(0);
    const error = await running;
    expect(error).toBeInstanceOf(Unfinished);
    const total = queued.counts.total;
    expect(error.message).toMatch(
      new RegExp(
        `^${total} of ${total} jobs failed .*, such as adapt: fine-tuned \\(.*which was not given.*retry`,
      ),
    );
    const dead = (await status('dead'))!;
    expect(dead.counts.failed).toBe(total);
    for (const { step, needs, reason } of dead.jobs) {
      const isDependent = (needs ?? []).length > 0;
      expect(reason, step).toMatch(
        isDependent
          ? /^It needs "adapt: .*", which failed: /
          : /^This recipe begins with the network "network"/,
      );
    }
    // The last check with the folds behind it, then the rest.
    const alone = await call('dead', (board, id) => retrySweep(board, id, dead.jobs.at(-1)!.id));
    expect(alone).toBe(6);
    expect(await call('dead', retrySweep)).toBe(total - alone);
    await artefacts.saveStage({ ...(await recordFor(start[0].fingerprint)) }, model);
    await artefacts.close();
    expect((await workHere({})).code).toBe(0);
    expect((await status('dead'))!.counts).toMatchObject({ total, done: total, failed: 0 });
    await runner('dead', store)([job], say);
    expect(await readdir(at('dead', 'run', 'models'))).toHaveLength(2);
  });

  test('what is retried while others go on is waited for by whoever follows', async () => {
    const store = await storeAt('mended');
    const { job, model, start } = await jobThatBegins('mended');
    const heard: string[] = [];
    const running = runner('mended', store)([job, await jobIn('mended', 13, 300)], (line) =>
      heard.push(line),
    );
    await until('mended', ({ counts }) => counts.ready > 1);
    const artefacts = await openArtefacts(store);
    await artefacts.forget(start[0].fingerprint);
    const working = workHere({ slots: 2 });
    await until('mended', ({ counts }) => counts.failed === job.ids.size && counts.running > 0);
    while (!heard.some((line) => line.includes('failed'))) await pause(20);
    await artefacts.saveStage({ ...(await recordFor(start[0].fingerprint)) }, model);
    await artefacts.close();
    expect(await call('mended', retrySweep)).toBe(job.ids.size);
    expect((await working).code).toBe(0);
    await running;
    expect(heard.some((line) => line.endsWith(': tried once more'))).toBe(true);
    expect((await status('mended'))!.counts).toMatchObject({ failed: 0, cancelled: 0 });
    expect(await readdir(at('mended', 'run', 'models'))).toHaveLength(2);
  });

  test('paused, nothing is begun; cancelled, all is taken off but what another sweep wants; put there again, it is made', async () => {
    const store = await storeAt('held');
    const held = runner('held', store)([await jobIn('held', 7, 1)], say).catch((error) => error);
    await until('held', ({ counts }) => counts.total === 19 && counts.ready > 0);
    const shared = runner('shared', store)(
      [{ ...(await jobIn('shared', 7, 1)), label: 'shared' }],
      say,
    ).catch((error) => error);
    await until('shared', ({ counts }) => counts.total === 19);
    await call('held', pauseSweep);
    await call('shared', pauseSweep);
    expect((await status('held'))!.paused).toBe(true);
    const stop = new AbortController();
    const working = workHere({}, stop);
    await until('held', ({ workers }) => workers.some(({ serves }) => serves.includes('tiny noise')));
    await pause(5 * HURRIED.pausedMs);
    expect((await status('held'))!.counts.done).toBe(0);
    // One of both is cancelled: the other still wants everything.
    expect(await call('held', cancelSweep)).toBe(0);
    expect((await status('shared'))!.counts).toMatchObject({ cancelled: 0 });
    expect(await call('shared', cancelSweep)).toBe(19);
    expect((await held).message).toMatch(/19 of 19 jobs failed or were cancelled/);
    expect(await shared).toBeInstanceOf(Unfinished);
    expect((await status('shared'))!.counts.cancelled).toBe(19);
    await call('shared', resumeSweep);
    stop.abort();
    expect((await working).code).toBe(0);
    const again = runner('shared', store)([{ ...(await jobIn('shared', 7, 1)), label: 'shared' }], say);
    again.catch(() => {});
    await until('shared', ({ counts }) => counts.ready > 0);
    expect((await workHere({})).code).toBe(0);
    await again;
    const lines = await onQueue(redis.address, say, listSweeps);
    expect(lines.find(({ name }) => name === 'shared')).toMatchObject({
      counts: { done: 19 },
      left: 0,
      paused: false,
    });
    await expect(onQueue(redis.address, say, (board) => sweepStatus(board, 'none'))).rejects.toThrow(
      /There is no sweep "none" .*shared/,
    );
  });

  test('a table, of which a run begins with what another left, is the same as made here', async () => {
    const store = await storeAt('table');
    const make = (out: string, runner?: Runner) =>
      makeReport({
        ...{ table: adaptingTable, scale: 'small' as const, seeds: [1], out: at(out), lab: LAB, say },
        ...{ given: { eurosat: TILES }, command: 'lab reproduce', ...(runner && { runner }) },
      });
    const stop = new AbortController();
    const working = workHere({ given: { eurosat: TILES }, untilDone: false }, stop);
    const swept = await make('table-swept', runner('table', store));
    stop.abort();
    expect((await working).code).toBe(0);
    const here = await make('table-here');
    expect(timelessReport(swept.report)).toEqual(timelessReport(here.report));
    expect(swept.report.environment.backend).toMatch(/^wasm/);
    const { counts, jobs } = (await status('table'))!;
    expect(counts).toMatchObject({ total: 10, done: 10 });
    expect(new Set(jobs.map((job) => job.run))).toEqual(
      new Set(['tiny-plain, seed 1', 'tiny-adapt, seed 1']),
    );
  });

  test('whoever leaves is told how to come back, and the sweep stays', async () => {
    const store = await storeAt('left');
    await writeFile(at('left.json'), JSON.stringify({ ...tinySweep(9, 1), name: 'left' }));
    const place = ['--on', redis.address, '--store', store];
    const terminal = started('run', at('left.json'), '--data', TILES, '--out', at('left', 'out'), ...place);
    await new Promise<void>((resolve) => {
      let heard = '';
      terminal.process.stderr!.on('data', (text) => {
        heard += text;
        if (heard.includes('new on the queue')) resolve();
      });
    });
    const { id } = (await status('left'))!;
    terminal.process.kill('SIGINT');
    const { code, err } = await terminal.ended;
    expect([code, err.trim().split('\n').at(-1)]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(`^The sweep ${id} goes on without this terminal\\. The same command again follows it`),
      ),
    ]);
    expect((await status('left'))!.counts).toMatchObject({ total: 19, done: 0, cancelled: 0 });
    expect(await call('left', cancelSweep)).toBe(19);
  });

  test('a worker whose store refuses gives its job back, waits, and takes it again', async () => {
    const store = await storeAt('full');
    const running = runner('full', store)([await jobIn('full', 8, 12)], say);
    running.catch(() => {});
    await until('full', ({ counts }) => counts.ready > 0 && counts.waiting > 0);
    const heard: string[] = [];
    const working = workHere({ say: (line) => void heard.push(line) });
    working.catch(() => {});
    await until('full', ({ counts }) => counts.done > 0);
    // A file where a folder is meant: not even root may write into it.
    await rename(at('full', 'records'), at('full', 'aside'));
    await writeFile(at('full', 'records'), '');
    while (!heard.some((line) => line.includes('tries again'))) await pause(50);
    await rm(at('full', 'records'));
    await rename(at('full', 'aside'), at('full', 'records'));
    expect((await working).code).toBe(0);
    await running;
    expect(
      (await status('full'))!.jobs.every(({ attempts, state }) => attempts === 0 && state === 'done'),
    ).toBe(true);
  });

  test('forgotten, a sweep leaves nothing in Redis but what others have; made again, it is found in the store', async () => {
    const store = await storeAt('forgotten');
    const job = async (name: string) => ({ ...(await jobIn(name, 10, 1)), label: name });
    const running = ['forgotten', 'like it'].map(async (name) => runner(name, store)([await job(name)], say));
    for (const name of ['forgotten', 'like it']) await until(name, ({ counts }) => counts.total === 19);
    await expect(call('forgotten', forgetSweep)).rejects.toThrow(
      /^19 jobs of forgotten are still on the queue, so nothing was forgotten/,
    );
    expect((await workHere({})).code).toBe(0);
    await Promise.all(running);
    await call('forgotten', forgetSweep);
    expect(await status('forgotten')).toBeNull();
    expect((await status('like it'))!.counts).toMatchObject({ total: 19, done: 19 });

    await rm(at('forgotten-run'), { recursive: true, force: true });
    await runner('forgotten', store)([{ ...(await job('forgotten')), folder: at('forgotten-run') }], say);
    expect(said.at(-2)).toMatch(/19 jobs: 19 done already, 0 new on the queue/);
    expect(await readdir(at('forgotten-run', 'models'))).not.toHaveLength(0);

    for (const { name } of await onQueue(redis.address, say, listSweeps)) await call(name, forgetSweep);
    const left = await onQueue(redis.address, say, (board) => board.redis.keys('*'));
    expect(left).toEqual([]);
    const { out } = await lab('sweep', redis.address);
    expect(out).toMatch(/^No sweep is on this queue/);
  });

  test('what cannot be is said in one sentence, before anything is put anywhere', async () => {
    const run = (...more: string[]) => lab('run', 'tiny', '--data', TILES, '--out', at('never'), ...more);
    const store = await storeAt('unused');
    const refused: [string[], RegExp][] = [
      [['--on', redis.address], /needs a place that all its machines see: name it with --store/],
      [['--store', store], /--store is for sweeps on a queue/],
      [
        ['--on', 'redis://:secret@host', '--store', store],
        /takes no user name and no password.*ORBIT_LAB_REDIS_PASSWORD/,
      ],
      [['--on', 'http://host', '--store', store], /named by the address of its Redis/],
      [['--on', 'redis://host/x', '--store', store], /the number of a database, not "x"/],
      [
        ['--on', 'redis://127.0.0.1:1/0', '--store', store],
        /No Redis answers at redis:\/\/127\.0\.0\.1:1\/0 \(.*ECONNREFUSED.*start one there/,
      ],
      [['--on', redis.address, '--store', at('nowhere')], /There is no folder/],
    ];
    for (const [more, sentence] of refused) {
      const { code, err } = await run(...more);
      expect([code, err]).toEqual([2, expect.stringMatching(sentence)]);
      expect(err).not.toContain('secret');
    }
    expect(await readdir(top)).not.toContain('never');
    expect((await lab('worker', 'redis://127.0.0.1:1/0')).err).toMatch(/^No Redis answers/);
  });
});

test.skipIf(!HAS_REDIS)(
  'the password of a Redis comes from the environment, and from nowhere else',
  async () => {
    const locked = await startRedis('--requirepass', 'open sesame');
    const ask = () => onQueue(locked.address, () => {}, listSweeps);
    try {
      await expect(ask()).rejects.toThrow(
        /does not let us in: it wants a password\. Set ORBIT_LAB_REDIS_PASSWORD/,
      );
      process.env.ORBIT_LAB_REDIS_PASSWORD = 'wrong';
      const error = await ask().catch((thrown) => thrown);
      expect(error).toBeInstanceOf(BadInput);
      expect(error.message).toMatch(/the password in ORBIT_LAB_REDIS_PASSWORD is not taken/);
      expect(error.message).not.toContain('wrong');
      process.env.ORBIT_LAB_REDIS_PASSWORD = 'open sesame';
      expect(await ask()).toEqual([]);
    } finally {
      delete process.env.ORBIT_LAB_REDIS_PASSWORD;
      await locked.end();
    }
  },
);

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

/** As who puts a run on a queue keeps a network that it begins with. */
const recordFor = async (id: string) => ({
  ...{ id, name: 'a network', kind: 'start', accuracy: 0, params: 0, macs: 0, bytes: 0, seconds: 0 },
});

const timelessReport = (report: object): unknown =>
  JSON.parse(
    JSON.stringify(report, (key, value) =>
      ['seconds', 'made', 'wallSeconds', 'environment'].includes(key) ? 0 : value,
    ),
  );

const timeless = (text: string): unknown =>
  JSON.parse(text, (key, value) => (['seconds', 'latency', 'seal', 'checksum'].includes(key) ? 0 : value));

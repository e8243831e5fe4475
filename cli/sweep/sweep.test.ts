/** The numbers of sweeps: whatever becomes of workers and of Redis, those of a run here. Skipped by name without redis-server. */
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/lab/files/checkpointFile';
import { uniform } from '../../src/lab/random';
import type { SweepJob } from '../../src/lab/sweep/status';
import { adaptingTable } from '../../src/lab/testing/reproduction';
import { openArtefacts } from '../artefacts/open';
import { refuse, startServer } from '../artefacts/testing/server';
import { readBytes } from '../node/files';
import type { Runner } from '../reproduce/jobs';
import { makeReport } from '../reproduce/make';
import { makeTask } from '../reproduce/makeTask';
import { KEPT, smallTask } from '../reproduce/testing/smallTask';
import { sessionsOf } from '../sessions';
import { lab } from '../testing/lab';
import { softwareHere } from './ground';
import { at, LAB, recipeOf, sweepBench, TILES } from './testing/bench';
import { HAS_REDIS } from './testing/redis';
import { REFUSED } from './worker';

describe.skipIf(!HAS_REDIS)('sweeps on a queue (redis-server)', () => {
  const { said, say, runner, trainer, storeAt, jobIn, workers, worker, status, until, workHere, redis } =
    sweepBench();

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

  test('Redis restarted in the midst, with its file: the sweep goes on; its sessions are those of the worker', async () => {
    const store = await storeAt('restarted');
    worker();
    const running = runner('restarted', store)([await jobIn('restarted', 5, 12)], say);
    running.catch(() => {});
    const { counts } = await until('restarted', (each) => each.counts.done >= 5);
    expect(counts.done).toBeLessThan(19);
    await redis().restart(300);
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

  test('on storage that speaks S3 and is busy now and then, a worker killed: the numbers of a run here', async () => {
    const server = await startServer();
    try {
      await server.bucket('sweeps');
      for (const [name, value] of Object.entries(server.environment)) vi.stubEnv(name, value);
      const store = 's3://sweeps/of/tests';
      const [first] = [worker(), worker()];
      const running = runner('far', store)([await jobIn('far', 15, 3)], say);
      running.catch(() => {});
      await until('far', ({ counts }) => counts.done >= 3);
      let asked = 0;
      server.fault = (request, response) => {
        if (++asked % 11 > 0) return false;
        request.resume();
        refuse(response, 503, 'SlowDown');
        return true;
      };
      first.kill('SIGKILL');
      await running;
      expect(asked).toBeGreaterThan(11);
      expect((await status('far'))!.counts).toMatchObject({ total: 19, done: 19, failed: 0 });
      await writeFile(at('far.json'), JSON.stringify(recipeOf(15, 3)));
      const here = at('far', 'here');
      expect((await lab('run', at('far.json'), '--data', TILES, '--out', here, '--quiet')).code).toBe(0);
      expect(await contents(at('far', 'seed-15'))).toEqual(await contents(here));
    } finally {
      vi.unstubAllEnvs();
      await server.stop();
    }
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

  test('the trainings of a task, a worker killed in the midst of one: checkpoints and figures of a run here', async () => {
    const store = await storeAt('task');
    const task = smallTask({ fresh: 12, goingOn: 2 });
    const make = (out: string, name?: string) =>
      makeTask({
        ...{ task, scale: 'tiny' as const, seeds: [1], out: at(out), quiet: true, say },
        ...{ command: 'lab reproduce fluids', ...(name !== undefined && { trainer: trainer(name, store) }) },
      });
    const running = make('task-swept', 'task');
    running.catch(() => {});
    await until('task', ({ counts }) => counts.ready === 1 && counts.waiting === 2);
    const other = { ...(await softwareHere()), code: 'abc' };
    expect(await workHere({ software: other })).toEqual({
      ...{ code: REFUSED, heard: expect.stringContaining('here are abc') },
    });
    const both = [worker(), worker()];
    const {
      jobs: [plain],
    } = await until('task', ({ jobs: [{ state, epoch = 0 }] }) => state === 'running' && epoch > 0);
    both.find(({ pid }) => plain.worker!.includes(`-${pid}-`))!.kill('SIGKILL');
    const artefacts = await openArtefacts(store);
    const { history: left } = (await artefacts.loadCheckpoint(plain.id))!;
    const swept = await running;
    const { counts, jobs } = (await status('task'))!;
    expect(counts).toMatchObject({ total: 3, done: 3, failed: 0 });
    expect(jobs.map(({ run, step }) => [run, step])).toEqual(KEPT.map((id) => ['fluids, seed 1', id]));
    expect(jobs[0].worker).not.toBe(plain.worker);
    // What the one who was killed had done was not done again.
    expect(left.length).toBeLessThan(12);
    const whole = (await artefacts.loadTraining(plain.id))!.history;
    expect(whole.slice(0, left.length)).toEqual(left);
    expect(jobs[0]).toMatchObject({ epoch: 12, epochs: 12, loss: whole[11].validationLoss });
    await artefacts.close();

    const here = await make('task-here');
    expect(timelessReport(swept.report)).toEqual(timelessReport(here.report));
    const files = await checkpoints('task-here');
    expect(Object.keys(files)).toHaveLength(3);
    expect(await checkpoints('task-swept')).toEqual(files);

    // By another command, without a worker: all of it is there.
    await make('task-again', 'again');
    expect(said.find((line) => line.startsWith('Sweep') && line.includes('0 new'))).toContain(
      '3 jobs: 3 done already',
    );
    expect(await checkpoints('task-again')).toEqual(files);
  });
});

/** The checkpoints that a task has left, without times: as bytes. */
async function checkpoints(out: string): Promise<Record<string, string>> {
  const folder = at(out, 'runs', 'fluids-tiny', 'seed-1');
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) {
    const { history, ...numbers } = decodeCheckpoint(await readBytes(path.join(folder, name)), name);
    const untimed = history.map((epoch) => ({ ...epoch, seconds: 0 }));
    found[name] = Buffer.from(encodeCheckpoint({ ...numbers, history: untimed })).toString('base64');
  }
  return found;
}

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

const timelessReport = (report: object): unknown =>
  JSON.parse(
    JSON.stringify(report, (key, value) =>
      ['seconds', 'made', 'wallSeconds', 'environment'].includes(key) ? 0 : value,
    ),
  );

const timeless = (text: string): unknown =>
  JSON.parse(text, (key, value) => (['seconds', 'latency', 'seal', 'checksum'].includes(key) ? 0 : value));

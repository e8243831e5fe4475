/** What the tests of sweeps stand on: a Redis, tiny tiles, submitters and workers, all less patient than among machines. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { packedParts } from '../../../src/lab/data/readers/packed';
import { fingerprintOf } from '../../../src/lab/files/fingerprint';
import { encodeModel } from '../../../src/lab/files/modelFile';
import { checkRecipe, type Recipe } from '../../../src/lab/recipe/schema';
import { type SweepStatus, sweepStatusSchema } from '../../../src/lab/sweep/status';
import { adaptingTable } from '../../../src/lab/testing/reproduction';
import { tinySweep } from '../../../src/lab/testing/sweep';
import { tinyDataset, tinyModel } from '../../../src/lab/testing/tiny';
import type { Job } from '../../reproduce/jobs';
import { started } from '../../testing/lab';
import { type Board, sweepsOn } from '../board';
import { softwareHere } from '../ground';
import { jobOf, queueRunner, queueTrainer, type SweepOrder } from '../runner';
import { SETTINGS, type Settings } from '../settings';
import { onQueue, sweepStatus } from '../sweeps';
import { type WorkerOptions, work } from '../worker';
import { startRedis, type TestRedis } from './redis';

/** What takes a minute among machines takes a second here. */
export const HURRIED: Settings = {
  ...SETTINGS,
  ...{ lockMs: 2_000, renewMs: 400, stalledMs: 500, backoffMs: 50 },
  ...{ pollMs: 30, followMs: 50, beatMs: 150, recheckMs: 1_000, troubleMs: 200, pausedMs: 100 },
};

export const LAB = [process.execPath, path.resolve('scripts/lab.mjs')];

export const recipeOf = (seed: number, epochs?: number): Recipe => checkRecipe(tinySweep(seed, epochs));

export const top = await mkdtemp(path.join(tmpdir(), 'orbit-sweep-'));
export const at = (...names: string[]): string => path.join(top, ...names);
export const TILES = at('tiny.tiles');
afterAll(() => rm(top, { recursive: true }));

/** Within a suite: begins before its tests, and ends with all that they left. */
export function sweepBench() {
  process.env.LAB_SWEEP_SETTINGS = JSON.stringify(HURRIED);
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
    await writeFile(TILES, packedParts(tinyDataset(15)));
  });
  afterAll(() => redis.end());

  const said: string[] = [];
  const say = (line: string) => void said.push(line);

  const orderOf = (name: string, store: string): SweepOrder => ({
    ...{ address: redis.address, store, name, command: `lab run ${name}`, quiet: true, settings: HURRIED },
  });
  const runner = (name: string, store: string) => queueRunner(orderOf(name, store));
  const trainer = (name: string, store: string) => queueTrainer(orderOf(name, store));

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

  return {
    ...{
      said,
      say,
      runner,
      trainer,
      storeAt,
      jobIn,
      workers,
      worker,
      status,
      until,
      workHere,
      jobThatBegins,
      call,
    },
    redis: () => redis,
  };
}

/** As who puts a run on a queue keeps a network that it begins with. */
export const recordFor = async (id: string) => ({
  ...{ id, name: 'a network', kind: 'start', accuracy: 0, params: 0, macs: 0, bytes: 0, seconds: 0 },
});

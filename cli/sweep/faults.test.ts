/** What goes wrong in a sweep, and what becomes of it. Skipped by name without redis-server. */
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { packedParts } from '../../src/lab/data/readers/packed';
import { tinyDataset } from '../../src/lab/testing/tiny';
import { openArtefacts } from '../artefacts/open';
import { Unfinished } from '../reproduce/jobs';
import { softwareHere } from './ground';
import { jobOf } from './runner';
import { retrySweep } from './sweeps';
import { at, recipeOf, recordFor, sweepBench, TILES } from './testing/bench';
import { HAS_REDIS } from './testing/redis';
import { REFUSED, type WorkerOptions } from './worker';

describe.skipIf(!HAS_REDIS)('faults in a sweep (redis-server)', () => {
  const { say, runner, storeAt, jobIn, status, until, workHere, jobThatBegins, call } = sweepBench();

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
      // It ends, so it looks at nothing again.
      expect(heard).not.toContain('again now and then');
      expect(heard.split('\n')).toHaveLength(1);
    }
    const { counts, jobs } = (await status('refused'))!;
    expect(counts).toMatchObject({ done: 0, failed: 0, running: 0 });
    expect(jobs.every(({ attempts }) => attempts === 0)).toBe(true);
    expect((await workHere({})).code).toBe(0);
    await running;
    expect((await status('refused'))!.counts.done).toBe(19);
  });

  test('a worker that was there first stays whatever comes, and serves a sweep when its tiles are there', async () => {
    const store = await storeAt('late tiles');
    const stop = new AbortController();
    const heard: string[] = [];
    const working = workHere(
      { given: { tiny: at('late.tiles') }, untilDone: false, say: (line) => heard.push(line) },
      stop,
    );
    while (!heard.some((line) => line.includes('nothing to do'))) await pause(20);
    const running = runner('late tiles', store)([await jobIn('late tiles', 14, 1)], say);
    running.catch(() => {});
    while (!heard.some((line) => line.includes('late.tiles'))) await pause(20);
    const { workers } = await until('late tiles', (each) => each.workers.some(({ refuses }) => refuses));
    expect(workers.flatMap(({ refuses = [] }) => refuses).join()).toMatch(
      /no file or folder at .*late\.tiles/,
    );
    // Again and again it is looked at, and said once.
    await pause(1_500);
    expect(heard.filter((line) => line.includes('late.tiles'))).toEqual([
      expect.stringMatching(
        /"late tiles" \(\w+\) is not for this worker: .* It is looked at again now and then\.$/,
      ),
    ]);
    await copyFile(TILES, at('late.tiles'));
    await running;
    stop.abort();
    expect((await working).code).toBe(0);
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
    const dead = (await status('dead'))!;
    expect(dead.counts.failed).toBe(total);
    const alone = dead.jobs.filter(({ needs = [] }) => needs.length === 0).length;
    expect(error.message).toMatch(
      new RegExp(
        `^${alone} of ${total} jobs failed, such as adapt: fine-tuned \\(.*which was not given.*\\); for that, ${total - alone} more.*retry`,
      ),
    );
    for (const { step, needs, reason } of dead.jobs) {
      const isDependent = (needs ?? []).length > 0;
      expect(reason, step).toMatch(
        isDependent
          ? /^It needs "adapt: .*", which failed: /
          : /^This recipe begins with the network "network"/,
      );
    }
    // The last check with the folds behind it, then the rest.
    const again = await call('dead', (board, id) => retrySweep(board, id, dead.jobs.at(-1)!.id));
    expect(again).toBe(6);
    expect(await call('dead', retrySweep)).toBe(total - again);
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

  test('a worker whose store refuses gives its job back, waits, and takes it again', async () => {
    const store = await storeAt('full');
    const running = runner('full', store)([await jobIn('full', 8, 12)], say);
    running.catch(() => {});
    await until('full', ({ counts }) => counts.ready > 0 && counts.waiting > 0);
    // A training that was begun, and whose checkpoint rots meanwhile.
    const { id } = (await status('full'))!.jobs.find(({ needs = [] }) => needs.length === 0)!;
    const rotten = `checkpoints/${id.slice(0, 2)}/${id}.safetensors`;
    await mkdir(path.dirname(at('full', rotten)), { recursive: true });
    await writeFile(at('full', rotten), 'nothing');
    const heard: string[] = [];
    const working = workHere({ say: (line) => void heard.push(line) });
    working.catch(() => {});
    await until('full', ({ counts }) => counts.done > 0);
    expect(heard.filter((line) => line.includes('damaged'))).toEqual([
      expect.stringMatching(
        new RegExp(`^"${rotten}" in .*full is damaged.* set aside as "damaged/.*that training begins again`),
      ),
    ]);
    // A file where a folder is meant: not even root may write into it.
    await rename(at('full', 'records'), at('full', 'aside'));
    await writeFile(at('full', 'records'), '');
    while (!heard.some((line) => line.includes('tries again'))) await pause(50);
    await rename(at('full'), at('unmounted'));
    while (!heard.some((line) => / is away: .* this worker tries again in 1 s\.$/.test(line)))
      await pause(50);
    await rename(at('unmounted'), at('full'));
    await rm(at('full', 'records'));
    await rename(at('full', 'aside'), at('full', 'records'));
    expect((await working).code).toBe(0);
    await running;
    expect(
      (await status('full'))!.jobs.every(({ attempts, state }) => attempts === 0 && state === 'done'),
    ).toBe(true);
  });
});

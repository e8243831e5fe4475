/**
 * Two hundred hostile files, read one after the other in a process of its own. Each is a picture or one clear sentence,
 * within 10 seconds of processor time and 1 GB; a process that hangs is ended, and that fails.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOSTILE_COUNT, type HostileInput, hostileInputs } from './testing/hostile';
import type { HostileOutcome } from './testing/hostileChild';

const SECONDS = 10;
const BYTES = 1e9;
/** Wall time after which a process counts as hung: machines that run the tests are busy. */
const HUNG = 60_000;

let folder: string;
let child: ChildProcess;
let inputs: HostileInput[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'orbit-hostile-'));
  inputs = await hostileInputs(1);
  child = fork(path.join(import.meta.dirname, 'testing/hostileChild.ts'), {
    execArgv: ['--import', 'tsx', '--max-old-space-size=512'],
  });
  await answer();
}, 120_000);

afterAll(async () => {
  child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

/** What the process says next. */
function answer(): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const watchdog = setTimeout(() => reject(new Error('hung')), HUNG);
    const settle = (then: () => void) => {
      clearTimeout(watchdog);
      child.removeAllListeners();
      then();
    };
    child.once('message', (message) => settle(() => resolve(message)));
    child.once('exit', (code, signal) => settle(() => reject(new Error(`ended: ${signal ?? code}`))));
  });
}

test('each is a picture or a clear sentence, in time and in memory', async () => {
  expect(inputs).toHaveLength(HOSTILE_COUNT);
  const outcomes: (HostileOutcome & { name: string; grown: number })[] = [];
  let peak = 0;
  for (const [i, { name, bytes }] of inputs.entries()) {
    const file = path.join(folder, `${i}-${name}`);
    await writeFile(file, await bytes());
    const heard = answer();
    child.send(file);
    const outcome = (await heard.catch((error) => {
      throw new Error(`${name}: ${error.message}`);
    })) as HostileOutcome;
    outcomes.push({ ...outcome, name, grown: outcome.peak - peak });
    peak = outcome.peak;
    await rm(file);
  }

  const bad = outcomes.flatMap(({ name, said, fault, milliseconds, peak }) => [
    ...(fault ? [`${name}: ${fault}`] : []),
    ...(said.length === 0 && !fault ? [`${name}: not a word`] : []),
    ...said
      .filter((words) => words !== 'ok' && !isSentence(words))
      .map((words) => `${name}: unclear: ${words}`),
    ...(milliseconds > 1000 * SECONDS ? [`${name}: ${milliseconds} ms`] : []),
    ...(peak > BYTES ? [`${name}: ${peak} bytes`] : []),
  ]);
  expect(bad).toEqual([]);

  const by = (key: 'milliseconds' | 'grown') => outcomes.toSorted((a, b) => b[key] - a[key]).slice(0, 5);
  const whole = outcomes.filter(({ said }) => said.every((words) => words === 'ok')).length;
  console.info(
    [
      `${whole} of ${outcomes.length} hostile files are pictures after all, the others are refused`,
      `slowest: ${by('milliseconds')
        .map((o) => `${o.name} ${(o.milliseconds / 1000).toFixed(1)} s`)
        .join(', ')}`,
      `raised the peak most: ${by('grown')
        .map((o) => `${o.name} ${(o.grown / 1e6).toFixed(0)} MB`)
        .join(', ')}`,
      `peak of the process: ${(peak / 1e6).toFixed(0)} MB`,
    ].join('\n'),
  );
}, 600_000);

test('the same seed makes the same files, another seed others', async () => {
  const tail = async (seed: number) => (await hostileInputs(seed)).slice(-20).map(({ name }) => name);
  const first = inputs.slice(-20).map(({ name }) => name);
  expect(await tail(1)).toEqual(first);
  expect(await tail(2)).not.toEqual(first);
});

/** Ends in a full stop, and says what to do in more than a word or two. */
function isSentence(words: string): boolean {
  return /\.$/.test(words) && words.split(' ').length >= 4 && !/undefined|\[object|NaN|Error/.test(words);
}

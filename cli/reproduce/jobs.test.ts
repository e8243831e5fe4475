import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, test } from 'vitest';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-jobs-'));
afterAll(() => rm(top, { recursive: true }));

/** A run that tells its number, and has then nothing to do for ever: no signal to its parent and no end of input ends it. */
const RUN = `
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
  console.error(JSON.stringify({ type: 'warning', message: 'at ' + process.pid }));
  setInterval(() => {}, 1000);
`;

/** A table of one such run, in a folder. */
const TABLE = `
  const { runJobs } = await import('./cli/reproduce/jobs.ts');
  const { preset } = await import('./src/lab/recipe/presets.ts');
  const [folder, run] = process.argv.slice(1);
  const job = { label: 'run', recipe: preset('tiny'), data: 'none', dataHash: '', ids: new Map([['a', 'b']]), folder };
  await runJobs([job], (line) => console.log(line), [process.execPath, '-e', run]);
`;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test.concurrent.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends a table and its runs',
  // Of tests that run beside each other each has an `expect` of its own.
  async (signal, { expect }) => {
    const args = ['--import', 'tsx', '--input-type=module', '-e', TABLE, path.join(top, signal), RUN];
    const table = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => table.once('close', (...how) => resolve(how)));
    let said = '';
    const run = await new Promise<number>((resolve, reject) => {
      table.once('close', () => reject(new Error(`The table ended by itself: ${said}`)));
      table.stdout.setEncoding('utf8').on('data', (text) => {
        said += text;
        const [, pid] = /at (\d+)\n/.exec(said) ?? [];
        if (pid) resolve(Number(pid));
      });
    });
    try {
      expect(isAlive(run)).toBe(true);
      table.kill(signal);
      expect(await ended).toEqual([128 + constants.signals[signal], null]);
      await expect.poll(() => isAlive(run), { timeout: 10_000 }).toBe(false);
    } finally {
      if (isAlive(run)) process.kill(run, 'SIGKILL');
    }
  },
);

import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

/** Starts a process that starts another, which says its number and then has nothing to do for ever. */
const PARENT = `
  const { spawn } = require('node:child_process');
  const text = "const { endWithParent } = await import('./cli/node/parent.ts'); endWithParent(); console.log(process.pid); setInterval(() => {}, 1000);";
  spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, LAB_ENDS_WITH_INPUT: process.argv[1] },
  });
`;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

for (const [asked, lives] of [
  ['1', false],
  ['0', true],
] as const)
  test(`a parent that is killed outright: its child ${lives ? 'lives on where nobody asked' : 'ends with it'}`, async () => {
    const parent = spawn(process.execPath, ['-e', PARENT, asked], { stdio: ['ignore', 'pipe', 'inherit'] });
    const child = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (text) => resolve(Number(text))),
    );
    expect(isAlive(child)).toBe(true);
    parent.kill('SIGKILL');
    try {
      if (lives) await new Promise((resolve) => setTimeout(resolve, 1000));
      else await expect.poll(() => isAlive(child), { timeout: 10_000 }).toBe(false);
      expect(isAlive(child)).toBe(lives);
    } finally {
      if (isAlive(child)) process.kill(child, 'SIGKILL');
    }
  });

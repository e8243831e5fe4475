/** The command line where nobody reads what it writes any more, as in `lab … | head`. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const LAB = 'scripts/lab.mjs';

test.each([
  ['output', 'stdout', ['--help']],
  ['errors', 'stderr', ['nothing']],
] as const)('whose %s nobody reads ends, and says nothing of it', async (_, unread, args) => {
  const child = spawn(process.execPath, [LAB, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  child[unread].destroy();
  let said = '';
  child[unread === 'stdout' ? 'stderr' : 'stdout'].on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  expect({ code, said }).toEqual({ code: 141, said: '' });
});

test('which is read to its end is none of that', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [LAB, '--help']);
  expect(stdout).toContain('sweep [options] <redis> [sweep]');
  expect(stderr).toBe('');
});

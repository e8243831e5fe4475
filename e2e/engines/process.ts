/** Programs that the suite starts: found on the PATH, ended with all that they started themselves. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

/** The first of some names that is on the PATH. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(existsSync);
}

/** The first number in what a program says of its version, or 0. */
export function majorVersion(program: string): number {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  return Number(/\d+/.exec(stdout ?? '')?.[0] ?? 0);
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as import('node:net').AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Ends a program that leads a group of its own (`detached`), and the group with it. */
export async function endGroup(program: ChildProcess): Promise<void> {
  const { pid } = program;
  if (pid === undefined) return;
  const gone = new Promise<void>((resolve) => {
    if (program.exitCode !== null || program.signalCode !== null) resolve();
    else program.once('exit', () => resolve());
  });
  signal(pid, 'SIGTERM');
  const late = setTimeout(() => signal(pid, 'SIGKILL'), 5000);
  await gone;
  clearTimeout(late);
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name);
  } catch {
    // Gone already.
  }
}

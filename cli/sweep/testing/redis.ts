/** A Redis for tests: on a port of its own, in a folder of its own, ended by them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Debian has it in the package redis-server. */
export const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0;

export interface TestRedis {
  readonly address: string;
  /** Ends it, as a person does, and starts it again with its file. away: milliseconds in between. */
  restart(away: number): Promise<void>;
  end(): Promise<void>;
}

/** more: further options of `redis-server`. */
export async function startRedis(...more: string[]): Promise<TestRedis> {
  const folder = await mkdtemp(path.join(tmpdir(), 'orbit-redis-'));
  const port = await freePort();
  let server = await serve(port, folder, more);
  const stop = async () => {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  };
  return {
    address: `redis://127.0.0.1:${port}/0`,
    async restart(away) {
      await stop();
      await pause(away);
      server = await serve(port, folder, more);
    },
    async end() {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function serve(port: number, folder: string, more: readonly string[]): Promise<ChildProcess> {
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--appendonly',
    'yes',
    '--save',
    '',
    '--dir',
    folder,
  ];
  const server = spawn('redis-server', [...args, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}.`)));
    let said = '';
    server.stdout!.setEncoding('utf8').on('data', (text) => {
      said += text;
      if (said.includes('Ready to accept connections')) resolve();
    });
  });
  return server;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

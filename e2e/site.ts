/** A copy of the built site on a server of its own, that can be changed and cut off. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type PreviewServer, preview } from 'vite';

export interface Site {
  readonly url: string;
  /** The files that it serves. */
  readonly folder: string;
  /** Ends the server: from then on nothing answers at its address. */
  cut(): Promise<void>;
  remove(): Promise<void>;
}

/** Served as a static host does, without any headers and in a folder of it; or as `npm start` does. */
export type Host = 'static' | 'start';

/** `built`: the folder of the page that people open, or of that for tests, into which these can look. */
export async function serveSite(host: Host, built: 'dist' | 'dist-testing' = 'dist-testing'): Promise<Site> {
  const folder = await mkdtemp(path.join(tmpdir(), 'orbit-lab-site-'));
  await cp(built, folder, { recursive: true });
  const server = await preview({
    ...(host === 'static' && { configFile: false, base: '/class/lab/' }),
    logLevel: 'error',
    build: { outDir: folder },
    preview: { port: 0 },
  });
  return {
    url: server.resolvedUrls!.local[0],
    folder,
    cut: () => cut(server),
    async remove() {
      await cut(server);
      await rm(folder, { recursive: true });
    },
  };
}

async function cut({ httpServer }: PreviewServer): Promise<void> {
  if (!httpServer.listening) return;
  const closed = new Promise<void>((resolve) => httpServer.close(() => resolve()));
  (httpServer as Server).closeAllConnections();
  await closed;
}

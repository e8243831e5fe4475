/** Set-up of the tests in Node. Imports tfjs only when a suite asks for a backend: most suites do not. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setPlatform } from './platform';

setPlatform({
  backends: ['cpu', 'wasm'],
  async start(backend) {
    const { startNodeBackend } = await import('../../../cli/backend');
    return startNodeBackend(backend as 'cpu' | 'wasm');
  },
  async openShared(path) {
    const folder = `../shared/${path}`;
    if (!existsSync(folder)) return undefined;
    const { openDataset } = await import('../../../cli/data');
    return openDataset(folder);
  },
  readPublic: async (path) => new Uint8Array(await readFile(`public/${path}`)),
});

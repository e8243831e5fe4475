/** Set-up of the tests in Node. Imports tfjs only when a suite asks for a backend: most suites do not. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setPlatform } from '../../src/lab/testing/platform';

setPlatform({
  backends: ['cpu', 'wasm'],
  async start(backend) {
    const { startNodeBackend } = await import('../node/backend');
    return startNodeBackend(backend as 'cpu' | 'wasm' | 'auto');
  },
  async loadDecoders() {
    const { loadDecoders } = await import('../node/decoders');
    return loadDecoders();
  },
  async loadOnnxRuntime() {
    const { loadOnnxRuntime } = await import('../node/onnxRuntime');
    return loadOnnxRuntime();
  },
  async loadLiteRt() {
    const { loadLiteRt } = await import('../node/liteRt');
    return loadLiteRt();
  },
  async openShared(path) {
    const folder = `../shared/${path}`;
    if (!existsSync(folder)) return undefined;
    const { openDataset } = await import('../node/data');
    return openDataset(folder);
  },
  readPublic: async (path) => new Uint8Array(await readFile(`public/${path}`)),
});

/** Set-up of the tests in Chromium: WebGPU only, as Node covers the others. Says once per file which adapter runs. */
import { wasmPaths } from '../../worker/wasmPaths';
import { startBackend } from '../runtime/backend';
import { setPlatform } from './platform';

let announced = false;

setPlatform({
  backends: ['webgpu'],
  async start(backend) {
    const report = await startBackend(backend, { wasmPaths });
    if (!announced) console.info(`${report.backend} on ${report.adapter}`);
    announced = true;
    return report;
  },
  openShared: async () => undefined,
  readPublic: async (path) => new Uint8Array(await (await fetch(`/${path}`)).arrayBuffer()),
});

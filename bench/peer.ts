/** Runs in Chromium: ours and tfjs's layers API on one backend, as `window.measure(backend, tiles, batch)`. */
import { namedArch } from '../src/lab/families/gcnn/zoo';
import { type BackendName, startBackend } from '../src/lab/runtime/backend';
import { loadBuilt } from '../src/lab/runtime/kernels/files';
import { noiseDataset } from './noise';
import { layersThroughput, ourThroughput, type Throughput } from './throughput';

export interface Measured {
  readonly adapter: string;
  readonly ours: Throughput;
  readonly layers: Throughput | null;
}

async function measure(backend: BackendName, tiles: number, batch: number): Promise<Measured> {
  const { adapter } = await startBackend(backend, { kernels: { load: loadBuilt } });
  const arch = namedArch('c4-small');
  const ours = await ourThroughput(arch, noiseDataset(tiles, arch.input.size), batch);
  // tfjs registers no filter gradient for WASM, so its layers API can only infer there.
  return { adapter, ours, layers: await layersThroughput(arch, tiles, batch) };
}

declare global {
  interface Window {
    measure: typeof measure;
  }
}
window.measure = measure;

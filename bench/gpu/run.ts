/** Starts WebGPU where `navigator.gpu` is there already, says on what, and measures. */
import { startBackend } from '../../src/lab/runtime/backend';
import type { Say } from '../format';
import { DEFAULTS, type GpuSettings, measureGpu } from './measure';

/** What is told by words of the environment, or of an address: NETS=c4,base TILES=512 BATCH=64 MATMUL=2048 PEERS=0. */
export type Told = Readonly<Record<string, string | undefined>>;

/** Measures with what is told, else by default. */
export async function runGpu(where: string, told: Told, say: Say): Promise<void> {
  const { adapter, software } = await startBackend('webgpu');
  say([
    `WebGPU in ${where}, on ${adapter}${software ? ' (emulated: it says what works, not how fast)' : ''}`,
  ]);
  await measureGpu(settingsOf(told, DEFAULTS[software ? 'software' : 'real']), say);
}

function settingsOf({ NETS, TILES, BATCH, MATMUL, PEERS }: Told, usual: GpuSettings): GpuSettings {
  return {
    nets: NETS?.split(',') ?? usual.nets,
    tiles: Number(TILES ?? usual.tiles),
    batch: Number(BATCH ?? usual.batch),
    matmul: Number(MATMUL ?? usual.matmul),
    peers: PEERS === undefined ? usual.peers : PEERS !== '0',
  };
}

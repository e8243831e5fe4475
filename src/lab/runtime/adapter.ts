/** The graphics adapter under WebGPU, asked for without starting anything: page and engine look at the same. */

import { within } from '../within';

export interface Device {
  readonly adapter: string;
  /** Whether a GPU is emulated on the CPU: many times slower than WASM. */
  readonly software: boolean;
}

/** How long the browser may think about it, in milliseconds. */
const PATIENCE = 10_000;

/** The adapter that WebGPU would run on. Throws, with the reason as a clause, where there is none. */
export async function findAdapter(): Promise<Device> {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu;
  if (!gpu) throw new Error('not offered by this browser or runtime');
  const asked = gpu.requestAdapter({ powerPreference: 'high-performance' });
  const adapter = await within(PATIENCE, asked, () => {
    throw new Error('offered, but the browser does not answer which graphics adapter there is');
  });
  if (!adapter) throw new Error('offered, but no graphics adapter is available');
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const name = [...new Set([vendor, architecture, device, description])].filter(Boolean).join(' ');
  return { adapter: name || 'unnamed adapter', software: isFallbackAdapter || isSoftware(name) };
}

/** Whether a name is that of a GPU emulated on the CPU. */
export function isSoftware(adapter: string): boolean {
  return /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i.test(adapter);
}

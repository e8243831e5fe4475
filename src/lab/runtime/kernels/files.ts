/** Where a browser finds the kernels: built into the site, never fetched from elsewhere. */
import single from './built/single.wasm?url';
import threads from './built/threads.wasm?url';
import type { KernelHost } from './engine';

const addresses = { threads, single };

export const loadBuilt: KernelHost['load'] = async (build) => {
  const response = await fetch(addresses[build]);
  if (!response.ok) throw new Error(`the kernels could not be loaded (${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
};

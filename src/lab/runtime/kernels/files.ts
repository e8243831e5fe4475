/** Where a browser finds the kernels: built into the site, never fetched from elsewhere. */
import { messageOf } from '../../errors';
import { bytesAt } from '../steadyFetch';
import single from './built/single.wasm?url';
import threads from './built/threads.wasm?url';
import type { KernelHost } from './engine';

const addresses = { threads, single };

export const loadBuilt: KernelHost['load'] = async (build) => {
  try {
    return await bytesAt(addresses[build]);
  } catch (error) {
    throw new Error(`the kernels could not be loaded (${messageOf(error)})`, { cause: error });
  }
};

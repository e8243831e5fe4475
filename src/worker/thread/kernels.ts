/** The kernels in a browser's worker. */
import type { KernelHost } from '../../lab/runtime/kernels/engine';
import { loadBuilt } from '../../lab/runtime/kernels/files';

export const browserKernels: KernelHost = { load: loadBuilt };

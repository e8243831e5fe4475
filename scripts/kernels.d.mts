/** Builds the kernels where they are missing or older than their sources. */
export function ensureKernels(): Promise<void>;

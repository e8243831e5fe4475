/** Fine-tuning after pruning in blocks, as VBP goes about it (arXiv 2507.12988): ten epochs, taught by the unpruned network. */
export const BLOCK_TUNING = { scope: 'network', epochs: 10, distil: {} } as const;

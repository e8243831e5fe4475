/** What the page and the command line call: see src/lab/runtime/kernels. All memory is the caller's. */
export { help, runJob } from './threads';
export { packWeights, unpackGradient } from './weights';

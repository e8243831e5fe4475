/**
 * The one file that imports TensorFlow.js. Everything else writes `import * as tf from '…/runtime/tf'`.
 *
 * - From package roots only: two copies of tfjs-core in one bundle means "kernel already registered".
 * - From `@tensorflow/tfjs`, not from the core alone: it registers gradients and chained operators. (In the page that is
 *   and on the command line what tfjsParts.ts says; graphics backends are loaded by backend.ts, when they are asked for.)
 */
import { enableProdMode } from '@tensorflow/tfjs';

export * from '@tensorflow/tfjs';
export type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

// Production mode silences tfjs's banners and advice on the console; it changes no computation.
enableProdMode();

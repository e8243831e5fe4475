/**
 * The one file that imports TensorFlow.js. Everything else writes `import * as tf from '…/runtime/tf'`.
 *
 * - From package roots only: two copies of tfjs-core in one bundle means "kernel already registered".
 * - From the whole `@tensorflow/tfjs`, not from the core alone: it registers gradients and chained operators.
 */
import { enableProdMode } from '@tensorflow/tfjs';

export * from '@tensorflow/tfjs';
export { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

// Production mode silences tfjs's banners and advice on the console; it changes no computation.
enableProdMode();

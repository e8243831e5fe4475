/**
 * What the page and the command line take of `@tensorflow/tfjs`, under whose name their builds find this (vite.config.ts,
 * scripts/oneFile.mjs): tensors, gradients and plain JavaScript. Layers, converters and graphics backends would be most of the
 * worker's script, and a quarter of a second at the start of every command. Tests in Node take the whole package.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';

export * from '@tensorflow/tfjs-backend-cpu';
export * from '@tensorflow/tfjs-core';

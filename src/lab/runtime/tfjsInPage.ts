/**
 * What the page takes of `@tensorflow/tfjs`, under whose name the build finds this (vite.config.ts): tensors, gradients and
 * plain JavaScript. Layers, converters and graphics backends would be most of the worker's script; in Node, where scripts
 * are not sent anywhere, the whole package is taken.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';

export * from '@tensorflow/tfjs-backend-cpu';
export * from '@tensorflow/tfjs-core';

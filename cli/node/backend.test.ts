import { expect, test } from 'vitest';
import { BadInput } from '../../src/lab/errors';
import { startBackend } from '../../src/lab/runtime/backend';
import * as tf from '../../src/lab/runtime/tf';
import { startNodeBackend } from './backend';

test('auto in Node is WASM, and says why', async () => {
  const report = await startNodeBackend('auto');
  expect(report.backend).toBe('wasm');
  expect(tf.getBackend()).toBe('wasm');
  expect(report.reason).toMatch(/^WASM is the fastest that works here\. WebGPU was passed over: not offered/);
});

test('a backend asked for by name is never replaced by another', async () => {
  await expect(startBackend('webgpu')).rejects.toThrow(BadInput);
  await expect(startBackend('webgl')).rejects.toThrow(/WebGL cannot run here: not offered/);
});

test('starting WASM leaves the handling of uncaught errors to the process', async () => {
  const before = process.listenerCount('unhandledRejection');
  await startNodeBackend('wasm');
  expect(process.listenerCount('unhandledRejection')).toBe(before);
});

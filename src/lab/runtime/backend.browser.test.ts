import { expect, test } from 'vitest';
import { onDeviceLost, startBackend } from './backend';
import * as tf from './tf';
import { wasmPaths } from './wasmPaths';

test('passes a software WebGPU adapter over, and runs WASM instead', async () => {
  const report = await startBackend('auto', { wasmPaths });
  expect(report.backend).toBe('wasm');
  expect(report.adapter).toContain('SIMD');
  expect(report.considered[0]).toMatchObject({
    backend: 'webgpu',
    verdict: expect.stringMatching(/software adapter/),
  });
  expect(report.reason).toMatch(/WebGPU was passed over: only a software adapter/);
});

test('a lost GPU calls back, in words', async () => {
  const report = await startBackend('webgpu', { wasmPaths });
  expect(report.reason).toMatch(/emulated on the CPU/);
  const lost = new Promise<string>((resolve) => onDeviceLost(resolve));
  (tf.backend() as tf.WebGPUBackend).device.destroy();
  expect(await lost).toMatch(/^The GPU was lost \(destroyed\)/);
});

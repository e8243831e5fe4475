import { expect, test } from 'vitest';
import { testPlatform } from '../testing/platform';
import { onDeviceLost } from './backend';
import * as tf from './tf';

test('passes a software WebGPU adapter over, and runs WASM instead', async () => {
  const report = await testPlatform().start('auto');
  expect(report.backend).toBe('wasm');
  expect(report.adapter).toContain('SIMD');
  expect(report.considered[0]).toMatchObject({
    backend: 'webgpu',
    verdict: expect.stringMatching(/software adapter/),
  });
  expect(report.reason).toMatch(/WebGPU was passed over: only a software adapter/);
});

test('a lost GPU calls back, in words', async () => {
  const report = await testPlatform().start('webgpu');
  expect(report.reason).toMatch(/emulated on the CPU/);
  const lost = new Promise<string>((resolve) => onDeviceLost(resolve));
  (tf.backend() as tf.WebGPUBackend).device.destroy();
  expect(await lost).toMatch(/^The GPU was lost \(destroyed\)/);
  // Suites share a frame: the next one starts on a device that is there.
  delete tf.engine().registry.webgpu;
});

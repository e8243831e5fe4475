/**
 * One numeric suite, every backend: the body runs on plain JavaScript and on WASM in Node, and on WebGPU in the browser
 * (name the file `*.numeric.test.ts`).
 */
import { afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import type { BackendName } from '../runtime/backend';
import * as tf from '../runtime/tf';
import { testPlatform } from './platform';

/** Runs `body` once per backend of this platform, and fails where another than the named one runs. */
export function describeOnBackends(title: string, body: (backend: BackendName) => void): void {
  const { backends, start } = testPlatform();
  for (const backend of backends) {
    describe(`${title} [${backend}]`, () => {
      beforeAll(async () => {
        const report = await start(backend);
        expect(report.backend).toBe(backend);
        expect(tf.getBackend()).toBe(backend);
      });
      body(backend);
    });
  }
}

/** Inside a `describe`: every test has to free the tensors it makes. */
export function forbidLeaks(): void {
  let before = 0;
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    expect(tf.memory().numTensors, 'tensors in memory after the test').toBe(before);
  });
}

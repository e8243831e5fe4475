/** The numeric suites once more, with several threads. */
import { beforeAll, describe, expect } from 'vitest';
import type { KernelsBackend } from '../../src/lab/runtime/kernels/backend';
import * as tf from '../../src/lab/runtime/tf';
import { convolutionSuite } from '../../src/lab/testing/numeric/convolutions';
import { integerSuite } from '../../src/lab/testing/numeric/integers';
import { layerSuite } from '../../src/lab/testing/numeric/layers';
import { orbitSuite } from '../../src/lab/testing/numeric/orbits';
import { startNodeBackend } from './backend';

const THREADS = 3;

describe(`with ${THREADS} threads`, () => {
  beforeAll(async () => {
    await startNodeBackend('wasm', THREADS);
    expect((tf.backend() as KernelsBackend).kernels.threads).toBe(THREADS);
  });

  describe('group convolution', () => convolutionSuite('wasm'));
  describe('layers', () => layerSuite('wasm'));
  describe('the integer product', () => integerSuite());
  describe('the orbit layer', () => orbitSuite('wasm'));
});

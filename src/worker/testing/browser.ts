/** Set-up of the tests in Chromium: WebGPU only, as Node covers the others. Says once per file which adapter runs. */
import { afterAll, expect } from 'vitest';
import { onDeviceError, startBackend } from '../../lab/runtime/backend';
import * as tf from '../../lab/runtime/tf';
import { setPlatform } from '../../lab/testing/platform';
import { loadDecoders } from '../thread/decoders';
import { browserKernels } from '../thread/kernels';
import { loadLiteRt } from '../thread/liteRt';
import { loadOnnxRuntime } from '../thread/onnxRuntime';

let announced = false;
const troubles: string[] = [];

/** A shader that does not compile gives zeros and says so only here. */
afterAll(() => expect(troubles, 'errors reported by the GPU').toEqual([]));

setPlatform({
  backends: ['webgpu'],
  async start(backend) {
    const report = await startBackend(backend, { kernels: browserKernels, threads: 2 });
    // By default tfjs computes small tensors on the CPU, and a test of tiny shapes would never see a shader.
    if (backend === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
    onDeviceError((why) => troubles.push(why));
    if (!announced) console.info(`${report.backend} on ${report.adapter}`);
    announced = true;
    return report;
  },
  loadDecoders,
  loadOnnxRuntime,
  loadLiteRt,
  openShared: async () => undefined,
  readPublic: async (path) => new Uint8Array(await (await fetch(`/${path}`)).arrayBuffer()),
});

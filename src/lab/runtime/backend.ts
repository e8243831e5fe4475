/**
 * Which engine computes, and why.
 *
 * The order is real WebGPU → WASM → WebGL, unless the host has measured, each tried on purpose: tfjs's own choice falls
 * back without saying so. A software GPU (a GPU emulated on the CPU) is many times slower than WASM, so `auto` passes
 * it over; asked for by name it runs, and the report says what it is.
 *
 * A backend that failed leaves tfjs unsound, and its GPU buffers are never given back: to change backend,
 * start a fresh worker.
 */
import { BadInput, messageOf } from '../errors';
import { type Device, findAdapter, isSoftware } from './adapter';
import './kernels/pointwise';
import { KernelsBackend, OWN } from './kernels/backend';
import './kernels/elementary';
import { type KernelHost, Kernels } from './kernels/engine';
import './kernels/matmul';
import { loadAs, loadFor, loadWith } from './onDemand';
import * as tf from './tf';

export const backendNames = ['webgpu', 'wasm', 'webgl', 'cpu'] as const;
export type BackendName = (typeof backendNames)[number];

/** What runs, on what, and why: plain data for the page, the command line and the history. */
export interface BackendReport {
  backend: BackendName;
  /** The device in words: a graphics adapter, or how the CPU is used. */
  adapter: string;
  /** True where a GPU is emulated on the CPU. */
  software: boolean;
  reason: string;
  /** Every backend that was tried, in order, with what came of it. */
  considered: { backend: BackendName; verdict: string }[];
}

/** What the host knows and the lab does not. */
export interface BackendHost {
  /** Where the kernels' files are and how threads are started; without it, WASM cannot run. */
  kernels?: KernelHost;
  /** How many threads compute, at most; by default one. */
  threads?: number;
  /** What is to be known of several threads on this host, as a sentence without its point. */
  ofThreads?: string;
  /** Which one `auto` tries first, and why, as a sentence without its end; for hosts that have measured. */
  first?: { readonly backend: BackendName; readonly because: string };
}

export const titles: Readonly<Record<BackendName, string>> = {
  webgpu: 'WebGPU',
  wasm: 'WASM',
  webgl: 'WebGL',
  cpu: 'Plain JavaScript',
};
const automatic: BackendName[] = ['webgpu', 'wasm', 'webgl'];
const FASTEST = (backend: BackendName): string => `${titles[backend]} is the fastest that works here`;

/**
 * Starts the preferred backend, or with `auto` the first that works, and reports the choice.
 * Throws `BadInput` where a backend asked for by name cannot run here.
 */
export async function startBackend(
  preference: BackendName | 'auto',
  host: BackendHost = {},
): Promise<BackendReport> {
  const { kernels, threads = 1, ofThreads, first } = host;
  if (kernels && !tf.findBackendFactory('wasm')) {
    tf.registerBackend('wasm', async () => new KernelsBackend(await Kernels.start(kernels, threads)));
  }
  const considered: BackendReport['considered'] = [];
  const order = first ? [first.backend, ...automatic.filter((name) => name !== first.backend)] : automatic;
  for (const backend of preference === 'auto' ? order : [preference]) {
    try {
      const device = await findDevice[backend]();
      if (preference === 'auto' && device.software) {
        throw new Error(`only a software adapter (${device.adapter}), which is slower than WASM`);
      }
      await activate(backend);
      const { adapter, software, aside } = { ...device, ...describeRunning(ofThreads) };
      const passedOver = considered.map((c) => `${titles[c.backend]} was passed over: ${c.verdict}`);
      const reason =
        preference === 'auto'
          ? [first?.backend === backend ? first.because : FASTEST(backend), ...passedOver].join('. ')
          : `${titles[backend]} was asked for by name${software ? '; it is emulated on the CPU, and slow' : ''}`;
      considered.push({ backend, verdict: `runs on ${adapter}` });
      return { backend, adapter, software, reason: `${[reason, ...aside].join('. ')}.`, considered };
    } catch (error) {
      considered.push({ backend, verdict: messageOf(error) });
    }
  }
  if (preference === 'auto') {
    const verdicts = considered.map((c) => `${titles[c.backend]}: ${c.verdict}`);
    throw new Error(`No backend runs here. ${verdicts.join('. ')}.`);
  }
  throw new BadInput(
    `${titles[preference]} cannot run here: ${considered[0].verdict}. Choose another backend, or "auto".`,
  );
}

/** Has half of the CPU's threads rest, where the kernels run on it, or all of them work again. */
export function restHalf(rest: boolean): void {
  runningKernels()?.restHalf(rest);
}

/** The threads that the kernels have, and how many of them work; null where another engine runs. */
export function kernelThreads(): { readonly all: number; readonly working: number } | null {
  const kernels = runningKernels();
  return kernels ? { all: kernels.threads, working: kernels.working } : null;
}

/** Has so many of the kernels' threads work, where they run, and the others rest. Results do not change by it. */
export function useThreads(count: number): void {
  runningKernels()?.useThreads(count);
}

function runningKernels(): Kernels | undefined {
  const backend = tf.getBackend() === OWN ? tf.backend() : undefined;
  return backend instanceof KernelsBackend ? backend.kernels : undefined;
}

/** What the running engine's memory held at most since `forgetPeak`, and what it can hold, in bytes; null where it cannot be told. */
export function memoryPeak(): { readonly peak: number; readonly most: number } | null {
  const backend = tf.getBackend() === OWN ? tf.backend() : undefined;
  if (!(backend instanceof KernelsBackend)) return null;
  const { heap, most } = backend.kernels;
  return { peak: heap.peak, most };
}

/** From now on `memoryPeak` looks. */
export function forgetPeak(): void {
  const backend = tf.getBackend() === OWN ? tf.backend() : undefined;
  if (backend instanceof KernelsBackend) backend.kernels.heap.forgetPeak();
}

/** Calls back once, in words, when the GPU device under the running WebGPU backend is lost. */
export function onDeviceLost(callback: (why: string) => void): void {
  if (tf.getBackend() !== 'webgpu') return;
  const backend = tf.backend() as tf.WebGPUBackend;
  backend.device.lost.then(({ reason, message }) => callback(`The GPU was lost (${reason}): ${message}`));
}

/** Calls back with every error the GPU reports outside a call, such as running out of memory. */
export function onDeviceError(callback: (why: string) => void): void {
  if (tf.getBackend() !== 'webgpu') return;
  const backend = tf.backend() as tf.WebGPUBackend;
  backend.device.addEventListener('uncapturederror', ({ error }) =>
    callback(`The GPU reports: ${error.message}`),
  );
}

/** What each backend would run on; throws with the reason where it cannot. */
const findDevice: Record<BackendName, () => Device | Promise<Device>> = {
  webgpu: findAdapter,
  wasm() {
    if (typeof WebAssembly === 'undefined') throw new Error('not offered by this browser or runtime');
    if (!hasSimd()) throw new Error('offered, but without SIMD, which the kernels are made of');
    return { adapter: 'the CPU, SIMD', software: false };
  },
  webgl() {
    if (typeof OffscreenCanvas === 'undefined') throw new Error('not offered by this browser or runtime');
    const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
    if (!gl) throw new Error('no WebGL 2 context could be made');
    const named = gl.getExtension('WEBGL_debug_renderer_info');
    const name = String(gl.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
    return { adapter: name, software: isSoftware(name) };
  },
  cpu: () => ({ adapter: 'the CPU, in JavaScript', software: false }),
};

/** What is known of the CPU's kernels only when they run: how many threads, and why no more. */
function describeRunning(ofThreads?: string): { readonly adapter?: string; readonly aside: string[] } {
  const backend = tf.backend();
  if (!(backend instanceof KernelsBackend)) return { aside: [] };
  const { threads, oneThreadBecause } = backend.kernels;
  return {
    adapter: `the CPU, ${threads === 1 ? 'one thread' : `${threads} threads`}, SIMD`,
    aside: [
      ...(oneThreadBecause ? [`It has one thread: ${oneThreadBecause}`] : []),
      ...(threads > 1 && ofThreads ? [ofThreads] : []),
    ],
  };
}

/** A module with one function that makes a vector. */
function hasSimd(): boolean {
  return WebAssembly.validate(
    Uint8Array.from([
      ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
      ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
    ]),
  );
}

// They register themselves.
loadAs('webgpu', () => import('@tensorflow/tfjs-backend-webgpu'));
loadWith('webgpu', () => import('./webgpu/adam'));
loadWith('webgpu', () => import('./webgpu/product'));
loadAs('webgl', () => import('@tensorflow/tfjs-backend-webgl'));

/** Makes the backend the running one, and proves it with a product whose answer is known. */
async function activate(name: BackendName): Promise<void> {
  await loadFor(name);
  const factory = tf.findBackendFactory(name);
  if (!factory) throw new Error('not part of this build');
  // Calling the factory here keeps the error, which `setBackend` would only print before returning false.
  tf.engine().registry[name] ??= await startNamed(factory);
  await tf.setBackend(name);
  if (tf.getBackend() !== name) throw new Error(`tfjs started ${tf.getBackend()} in its place`);

  const product = tf.tidy(() =>
    tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])),
  );
  const values = Array.from(await product.data());
  product.dispose();
  if (values.join() !== '19,22,43,50') throw new Error(`it computes wrong numbers (${values.join()})`);
}

/** The factory's backend; the WASM one rejects with a bare `{ message }`, which becomes a real error. */
async function startNamed(
  factory: NonNullable<ReturnType<typeof tf.findBackendFactory>>,
): Promise<tf.KernelBackend> {
  try {
    return await factory();
  } catch (error) {
    throw error instanceof Error
      ? error
      : new Error((error as { message?: string }).message ?? String(error));
  }
}

/**
 * Our own kernels in plain TypeScript for the backends whose tensors lie in this thread's memory (WASM, cpu).
 * A fused loop over typed arrays beats a chain of WASM calls wherever the work is memory-bound, and sums in
 * float64 at no cost. Backends without such memory (WebGPU, WebGL) use the composed form of the operation, or
 * a program of the same name.
 */
import * as tf from './tf';
import { usesPrograms } from './webgpu/program';

export interface HostKernel {
  readonly name: string;
  /** Shapes of the outputs. */
  shapes(inputs: readonly (readonly number[])[], attrs: KernelAttrs): number[][];
  /** Fills the outputs (zeroed beforehand only on request: write every element). */
  compute(
    inputs: readonly Float32Array[],
    outputs: readonly Float32Array[],
    attrs: KernelAttrs,
    inputShapes: readonly (readonly number[])[],
  ): void;
}

export type KernelAttrs = Readonly<Record<string, number | boolean>>;

/** What the kernels need of tfjs's cpu backend, of which ours is one. */
interface CpuMemory {
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): tf.TensorInfo;
  data: { get(id: object): { values: Float32Array } };
}

/** Registers a kernel for the WASM and cpu backends. */
export function registerHostKernel(kernel: HostKernel): void {
  for (const backendName of ['wasm', 'cpu'] as const) {
    tf.registerKernel({
      kernelName: kernel.name,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) =>
        run(kernel, Object.values(inputs) as tf.TensorInfo[], backend as CpuMemory, attrs as KernelAttrs),
    });
  }
}

/** Whether the running backend can run host kernels. */
export function hasHostKernels(): boolean {
  return tf.getBackend() === 'wasm' || tf.getBackend() === 'cpu';
}

/** Whether this kernel can run: as a loop, or as the program that WebGPU has of its name. */
export function canRun({ name }: HostKernel): boolean {
  return hasHostKernels() || (usesPrograms() && tf.getKernel(name, 'webgpu') !== undefined);
}

/** Runs a registered kernel on the current backend; inputs in the kernel's order. */
export function runHostKernel(
  kernel: HostKernel,
  inputs: readonly tf.Tensor[],
  attrs: KernelAttrs = {},
): tf.Tensor[] {
  const named = Object.fromEntries(inputs.map((tensor, i) => [`input${i}`, tensor]));
  return tf.engine().runKernel(kernel.name, named, attrs) as tf.Tensor[];
}

function run(
  kernel: HostKernel,
  inputs: tf.TensorInfo[],
  memory: CpuMemory,
  attrs: KernelAttrs,
): tf.TensorInfo[] {
  const inputShapes = inputs.map((info) => info.shape);
  const shapes = kernel.shapes(inputShapes, attrs);
  const arrays = shapes.map((shape) => new Float32Array(shape.reduce((a, b) => a * b, 1)));
  kernel.compute(
    inputs.map((info) => memory.data.get(info.dataId).values),
    arrays,
    attrs,
    inputShapes,
  );
  return arrays.map((values, i) => memory.makeTensorInfo(shapes[i], 'float32', values));
}

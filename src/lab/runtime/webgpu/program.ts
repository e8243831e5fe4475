/**
 * WGSL programs of the lab under tfjs's WebGPU backend: written by tfjs's own hand into its queue of commands, so that
 * they run in order with tfjs's programs, on the same buffers, and are timed with them. Rules:
 * - A program reads and writes whole buffers by name; what it writes is made new, and every element has to be written.
 * - Numbers are told by uniforms; only what a loop must know beforehand is part of the text, and then of the key.
 * - Within WebGPU's default limits: 8 buffers, 256 threads and 16 KB of memory for a workgroup, 65,535 workgroups a side.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import {
  getBackend,
  getKernel,
  type KernelConfig,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

export type { WebGPUBackend };

type Named<T> = Readonly<Record<string, T>>;

export interface Program {
  /** Its name: programs of one key have one text. */
  readonly key: string;
  /** Buffers by name, with what they are arrays of. All have to occur in the text. */
  readonly reads: Named<string>;
  readonly writes: Named<string>;
  /** Members of `u`. */
  readonly numbers: Named<'i32' | 'f32'>;
  /** Threads of a workgroup, across and down. */
  readonly size: readonly [number, number];
  /** What stands before `main`. */
  readonly declarations?: string;
  /**
   * The body of `main`, where `group` and `groups` are the workgroup's place and their number, `local` the thread's place
   * in it and `thread` its number, `index` its number among all; all i32.
   */
  readonly body: string;
}

export interface Launch {
  readonly reads: Named<TensorInfo>;
  /** Shapes of what is made. */
  readonly writes: Named<readonly number[]>;
  readonly numbers: Named<number>;
  /** Workgroups across, down and deep. */
  readonly groups: readonly [number, number, number];
}

export const THREADS = 256;
const MOST_GROUPS = 65_535;

/** Workgroups for so many threads, of which each takes its `index`. */
export function flatGroups(count: number, threads = THREADS): Launch['groups'] {
  const total = Math.max(1, Math.ceil(count / threads));
  const across = Math.ceil(total / Math.ceil(total / MOST_GROUPS));
  return [across, Math.ceil(total / across), 1];
}

/** A program as tfjs records it. It tells programs apart by their class. */
interface Recorded {
  readonly constructor: { readonly name: string };
  readonly pipeline: GPUComputePipeline;
  readonly dispatch: Launch['groups'];
  readonly pixelsOpType: number;
}

/** What a program needs of tfjs 4.22.0 (the last release) that its types keep private. */
interface Recorder {
  /** Where there are some, every program is submitted and timed alone. */
  activeTimers: { readonly name: string; readonly query: Promise<number> }[] | null;
  recordAndSubmit(
    program: Recorded,
    output: TensorInfo,
    others: readonly TensorInfo[],
    uniforms: readonly { type: 'int32' | 'float32'; data: number[] }[],
  ): void;
}

/** Has every program told of that is run from now on, tfjs's too, by its name; returns what ends that. */
export function watchPrograms(backend: WebGPUBackend, told: (name: string) => void): () => void {
  const recorder = backend as unknown as Recorder;
  const record = recorder.recordAndSubmit;
  recorder.recordAndSubmit = (program, ...rest) => {
    told(program.constructor.name);
    record.call(backend, program, ...rest);
  };
  return () => {
    recorder.recordAndSubmit = record;
  };
}

/** Milliseconds of every program that runs in the meantime, by its name; none where the GPU cannot time them. */
export async function timePrograms(
  backend: WebGPUBackend,
  work: () => Promise<void>,
): Promise<{ readonly name: string; readonly milliseconds: number }[]> {
  if (!backend.device.features.has('timestamp-query')) return [];
  const recorder = backend as unknown as Recorder;
  const timers: NonNullable<Recorder['activeTimers']> = [];
  recorder.activeTimers = timers;
  try {
    await work();
  } finally {
    recorder.activeTimers = null;
  }
  return Promise.all(timers.map(async ({ name, query }) => ({ name, milliseconds: await query })));
}

const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

/** Runs a program; returns what it writes, in the order of `program.writes`. */
export function launch(backend: WebGPUBackend, program: Program, asked: Launch): TensorInfo[] {
  const outputs = Object.keys(program.writes).map((name) =>
    backend.makeTensorInfo([...asked.writes[name]], 'float32'),
  );
  const inputs = Object.keys(program.reads).map((name) => asked.reads[name]);
  for (const { dataId } of [...outputs, ...inputs]) backend.uploadToGPU(dataId);
  const [first, ...others] = [...outputs, ...inputs];
  const uniforms = Object.entries(program.numbers).map(([name, type]) => ({
    type: type === 'i32' ? ('int32' as const) : ('float32' as const),
    data: [asked.numbers[name]],
  }));
  const pipeline = pipelineOf(backend.device, program);
  (backend as unknown as Recorder).recordAndSubmit(
    // Of this kind, uniforms begin with the output's strides and nothing else: of one dimension, a single number.
    { constructor: { name: program.key }, pipeline, dispatch: asked.groups, pixelsOpType: 0 },
    { ...first, shape: [1] },
    others,
    uniforms,
  );
  return outputs;
}

/** Runs a program that writes one buffer. */
export const launchOne = (backend: WebGPUBackend, program: Program, asked: Launch): TensorInfo =>
  launch(backend, program, asked)[0];

function pipelineOf(device: GPUDevice, program: Program): GPUComputePipeline {
  let ready = pipelines.get(device);
  if (!ready) {
    ready = new Map();
    pipelines.set(device, ready);
  }
  let pipeline = ready.get(program.key);
  if (!pipeline) {
    const label = program.key;
    const module = device.createShaderModule({ label, code: textOf(program) });
    pipeline = device.createComputePipeline({
      label,
      layout: 'auto',
      compute: { module, entryPoint: 'main' },
    });
    ready.set(program.key, pipeline);
  }
  return pipeline;
}

function textOf({ reads, writes, numbers, size, declarations = '', body }: Program): string {
  const buffers = [
    ...Object.entries(writes).map(([name, type]) => `var<storage, read_write> ${name}: array<${type}>;`),
    ...Object.entries(reads).map(([name, type]) => `var<storage, read> ${name}: array<${type}>;`),
    'var<uniform> u: Numbers;',
  ];
  const members = Object.entries(numbers).map(([name, type]) => `${name}: ${type},`);
  return `
struct Numbers { stride_: i32, ${members.join(' ')} };
${buffers.map((buffer, i) => `@group(0) @binding(${i}) ${buffer}`).join('\n')}
${declarations}
@compute @workgroup_size(${size.join(', ')})
fn main(
  @builtin(workgroup_id) group_: vec3u,
  @builtin(num_workgroups) groups_: vec3u,
  @builtin(local_invocation_id) local_: vec3u,
  @builtin(local_invocation_index) thread_: u32,
) {
  let group = vec3i(group_);
  let groups = vec3i(groups_);
  let local = vec3i(local_);
  let thread = i32(thread_);
  let index = ((group.z * groups.y + group.y) * groups.x + group.x) * ${size[0] * size[1]} + thread;
  ${body}
}`;
}

let isSetAside = false;

/** Whether the lab's programs run: on WebGPU they do. */
export const usesPrograms = (): boolean => getBackend() === 'webgpu' && !isSetAside;

/** Leaves everything to tfjs's own programs, to be compared with, until told otherwise. */
export function setProgramsAside(aside: boolean): void {
  isSetAside = aside;
}

type Inputs = Named<TensorInfo>;

/** Registers an operation of the lab on WebGPU. */
export function registerProgram(
  kernelName: string,
  compute: (backend: WebGPUBackend, inputs: Inputs, attrs: Named<unknown>) => TensorInfo | TensorInfo[],
): void {
  registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, backend, attrs }) =>
      compute(backend as WebGPUBackend, inputs as Inputs, attrs as Named<unknown>),
  });
}

/**
 * Takes the place of one of tfjs's operations on WebGPU. Where `compute` returns nothing, and where the lab's programs are
 * set aside, tfjs's own runs.
 */
export function replaceProgram(
  kernelName: string,
  compute: (backend: WebGPUBackend, inputs: Inputs, attrs: Named<unknown>) => TensorInfo | undefined,
): void {
  const { kernelFunc } = getKernel(kernelName, 'webgpu') as KernelConfig;
  unregisterKernel(kernelName, 'webgpu');
  registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: (asked) => {
      const { inputs, backend, attrs } = asked;
      const ours = usesPrograms()
        ? compute(backend as WebGPUBackend, inputs as Inputs, attrs as Named<unknown>)
        : undefined;
      return ours ?? kernelFunc(asked);
    },
  });
}

/** Lends what an operation needs in between. */
export function release(backend: WebGPUBackend, ...infos: readonly TensorInfo[]): void {
  for (const { dataId } of infos) backend.disposeData(dataId);
}

const kept = new Map<string, Program>();

/** A program whose text depends on few things, all of them in its key: made once. */
export function keptProgram(key: string, make: () => Omit<Program, 'key'>): Program {
  let program = kept.get(key);
  if (!program) {
    program = { key, ...make() };
    kept.set(key, program);
  }
  return program;
}

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, each) => product * each, 1);

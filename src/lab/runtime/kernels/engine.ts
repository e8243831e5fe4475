/**
 * The kernels (kernels) loaded over one memory, with as many helping threads as the host starts. Everything here is
 * addresses and numbers; backend.ts makes tensors of it.
 */
import { Heap } from './heap';

/** What the host gives: the two builds, and how a helping thread is started. */
export interface KernelHost {
  /** The build whose memory threads share, and the one without. */
  readonly load: (build: 'threads' | 'single') => Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Starts a thread that calls `serve(thread, start)` of the module over the memory, or undefined where there are none.
   * It has to be able to run while this thread waits.
   */
  readonly startThread?: (start: ThreadStart) => HelperThread;
}

export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Its number, from 1: this thread is 0. */
  readonly thread: number;
  /** The number of the latest job. */
  readonly job: number;
}

export interface HelperThread {
  /** Settles when it serves; rejects where it could not start. */
  readonly ready: Promise<void>;
  end(): void;
}

interface Exports {
  runJob(operation: number, job: number, chunks: number, helpers: number, patience: bigint): number;
  serve(thread: number, start: number): void;
  jobNumber(): number;
  packWeights(job: number): void;
  unpackGradient(job: number): void;
}

/** A word of a job: a whole number, or a float. */
export type Word = number | { readonly float: number };

/** Numbers of the operations (kernels/operations.ts). */
export const OPERATIONS = {
  convolve: 0,
  filterGradient: 1,
  sumMoments: 2,
  finishMoments: 3,
  norm: 4,
  sumNormGradient: 5,
  finishNormGradient: 6,
  normGradient: 7,
  pool: 8,
  poolGradient: 9,
  poolGroup: 10,
  poolGroupGradient: 11,
  toPlanes: 12,
  fromPlanes: 13,
  multiply: 14,
  adam: 15,
} as const;

/** Sums over tiles are taken in so many chunks, whatever the number of threads: so bits do not depend on it. */
export const CHUNKS = 8;

/** Longest job that is waited for, before its threads count as lost. */
const PATIENCE_NS = 60_000_000_000n;

export class Kernels {
  readonly heap: Heap;
  private readonly jobWords: number;
  private scratch = { start: 0, bytes: 0 };

  private constructor(
    private readonly exports: Exports,
    private readonly memory: WebAssembly.Memory,
    private readonly helpers: readonly HelperThread[],
  ) {
    this.heap = new Heap(memory);
    this.jobWords = this.heap.allocate(256);
  }

  /** `threads`: with this one; more than one needs shared memory. */
  static async load(host: KernelHost, threads: number): Promise<Kernels> {
    const shared = threads > 1;
    const bytes = await host.load(shared ? 'threads' : 'single');
    const module = await WebAssembly.compile(bytes);
    const memory = shared ? sharedMemory() : new WebAssembly.Memory({ initial: 64 });
    const instance = await WebAssembly.instantiate(module, { env: { memory, abort } });
    const exports = instance.exports as unknown as Exports;
    const start = host.startThread;
    const helpers = shared && start ? startHelpers(start, module, memory, threads, exports.jobNumber()) : [];
    try {
      await Promise.all(helpers.map(({ ready }) => ready));
    } catch (error) {
      for (const helper of helpers) helper.end();
      throw error;
    }
    return new Kernels(exports, memory, helpers);
  }

  get threads(): number {
    return this.helpers.length + 1;
  }

  end(): void {
    for (const helper of this.helpers) helper.end();
  }

  floats(start: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, start, length);
  }

  words(start: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, start, length);
  }

  owns(array: ArrayBufferView): boolean {
    return array.buffer === this.memory.buffer;
  }

  /** Whole numbers in a block of their own. */
  table(values: ArrayLike<number>): number {
    const start = this.heap.allocate(values.length * 4);
    this.words(start, values.length).set(values);
    return start;
  }

  /** A piece of scratch for every thread: where the first begins. What it holds is lost with the next job. */
  scratchFor(bytesEach: number): { start: number; bytesEach: number } {
    const each = Math.ceil(bytesEach / 64) * 64;
    const bytes = each * this.threads;
    if (this.scratch.bytes < bytes) {
      if (this.scratch.bytes > 0) this.heap.release(this.scratch.start);
      this.scratch = { start: this.heap.allocate(bytes), bytes };
    }
    return { start: this.scratch.start, bytesEach: each };
  }

  /** Runs an operation in chunks over all threads. */
  run(operation: number, words: readonly Word[], chunks: number): void {
    const job = this.fill(words);
    const done = this.exports.runJob(operation, job, chunks, this.helpers.length, PATIENCE_NS);
    if (!done) throw new Error('A thread of the kernels stopped answering.');
  }

  packWeights(words: readonly Word[]): void {
    this.exports.packWeights(this.fill(words));
  }

  unpackGradient(words: readonly Word[]): void {
    this.exports.unpackGradient(this.fill(words));
  }

  private fill(words: readonly Word[]): number {
    const whole = new Int32Array(this.memory.buffer, this.jobWords, words.length);
    const floats = new Float32Array(this.memory.buffer, this.jobWords, words.length);
    words.forEach((word, i) => {
      if (typeof word === 'number') whole[i] = word;
      else floats[i] = word.float;
    });
    return this.jobWords;
  }
}

/** Shared memory says beforehand how far it may grow, and not every device grants the whole of what can be addressed. */
function sharedMemory(): WebAssembly.Memory {
  for (let maximum = 65536; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: 64, maximum, shared: true });
    } catch (error) {
      if (maximum <= 4096) throw error;
    }
  }
}

function startHelpers(
  start: NonNullable<KernelHost['startThread']>,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  threads: number,
  job: number,
): HelperThread[] {
  return Array.from({ length: threads - 1 }, (_, i) => start({ module, memory, thread: i + 1, job }));
}

function abort(): never {
  throw new Error('A kernel gave up.');
}

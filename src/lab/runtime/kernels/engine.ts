/**
 * The kernels (kernels) loaded over one memory, with as many helping threads as the host starts. Everything here is
 * addresses and numbers; backend.ts makes tensors of it.
 */
import { messageOf } from '../../errors';
import { within } from '../../within';
import { Heap } from './heap';
import { ACTIVE, abort, FINISHED, type ThreadStart } from './thread';

/** What the host gives: the two builds, and how a helping thread is started. */
export interface KernelHost {
  /** The build whose memory threads share, and the one without. */
  readonly load: (build: 'threads' | 'single') => Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Starts a thread that helps (thread.ts) with the module over the memory; without it, there are none. It has to
   * be able to run while this thread waits.
   */
  readonly startThread?: (start: ThreadStart) => HelperThread;
  /** Why there are none, as the end of a sentence. */
  readonly withoutThreads?: string;
}

export interface HelperThread {
  /** Settles when it serves; rejects where it could not start. */
  readonly ready: Promise<void>;
  end(): void;
}

interface Exports {
  runJob(operation: number, job: number, chunks: number, helpers: number): number;
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
  depthwise: 16,
  depthwiseInputGradient: 17,
  sumDepthwiseFilterGradient: 18,
  finishDepthwiseFilterGradient: 19,
  sumChannelMoments: 20,
  channelTable: 21,
  channelNorm: 22,
  sumChannelGradient: 23,
  finishChannelGradient: 24,
  channelGradient: 25,
  add: 26,
  findBounds: 27,
  findLevels: 28,
  multiplyIntegers: 29,
  orbitWeights: 30,
  orbitWeightGradient: 31,
  orbitMaps: 32,
  orbitMapGradient: 33,
  orbitHidden: 34,
  orbitResponseGradient: 35,
  orbitBiasGradient: 36,
  times: 37,
  gelu: 38,
  geluGradient: 39,
  attention: 40,
  attentionGradient: 41,
  layerNorm: 42,
  layerNormGradient: 43,
  finishLayerNormGradient: 44,
  fieldComponents: 45,
  fieldRows: 46,
  winograd: 47,
  packWinograd: 48,
} as const;

/** Sums over tiles are taken in so many chunks, whatever the number of threads: so bits do not depend on it. */
export const CHUNKS = 8;

/** How long threads are waited for when this one has done its part, before they count as lost, in milliseconds. */
const PATIENCE = 60_000;
/** … to start. */
const START_PATIENCE = 10_000;
/** … in the first job, by which they show that they answer. */
const FIRST_PATIENCE = 3000;

export class Kernels {
  readonly heap: Heap;
  private readonly jobWords: number;
  private scratch = { start: 0, bytes: 0 };
  /** How many helpers take part. */
  private active: number;

  private constructor(
    private readonly exports: Exports,
    private readonly memory: WebAssembly.Memory,
    private readonly helpers: readonly HelperThread[],
    /** Why there is but one thread, where more were asked for. */
    readonly oneThreadBecause?: string,
    /** Bytes that memory may grow to. */
    readonly most = PAGES * 65536,
  ) {
    this.heap = new Heap(memory);
    this.active = helpers.length;
    this.words(ACTIVE, 1)[0] = this.active;
    this.jobWords = this.heap.allocate(256);
  }

  /**
   * The kernels with so many threads, this one among them. Where the host has none, or they do not answer, with one; and
   * `oneThreadBecause` says why.
   */
  static async start(host: KernelHost, threads: number): Promise<Kernels> {
    if (threads < 2) return Kernels.startOne(host);
    if (!host.startThread) return Kernels.startOne(host, host.withoutThreads);
    try {
      return await Kernels.startThreads(host.load, host.startThread, threads);
    } catch (error) {
      return Kernels.startOne(host, messageOf(error));
    }
  }

  private static async startOne(host: KernelHost, because?: string): Promise<Kernels> {
    const module = await WebAssembly.compile(await host.load('single'));
    const memory = new WebAssembly.Memory({ initial: 64 });
    return new Kernels(await instantiate(module, memory), memory, [], because);
  }

  private static async startThreads(
    load: KernelHost['load'],
    startThread: NonNullable<KernelHost['startThread']>,
    threads: number,
  ): Promise<Kernels> {
    const module = await WebAssembly.compile(await load('threads'));
    const { memory, maximum } = sharedMemory();
    const exports = await instantiate(module, memory);
    const helpers: HelperThread[] = [];
    try {
      for (let thread = 1; thread < threads; thread++) helpers.push(startThread({ module, memory, thread }));
      await within(START_PATIENCE, Promise.all(helpers.map(({ ready }) => ready)), () => {
        throw new Error('its threads did not start in time');
      });
      const kernels = new Kernels(exports, memory, helpers, undefined, maximum * 65536);
      if (!kernels.answers()) throw new Error('its threads do not answer');
      return kernels;
    } catch (error) {
      for (const helper of helpers) helper.end();
      throw error;
    }
  }

  /** Whether all threads take part in a job: a row of numbers, turned into a column. */
  private answers(): boolean {
    const [x, y] = [this.heap.allocate(4 * CHUNKS), this.heap.allocate(4 * CHUNKS)];
    this.floats(x, CHUNKS).set(Array.from({ length: CHUNKS }, (_, i) => i));
    const job = this.fill([x, y, 1, 1]);
    const done = this.runAll(OPERATIONS.toPlanes, job, CHUNKS, FIRST_PATIENCE);
    const right = this.floats(y, CHUNKS).every((value, i) => value === i);
    this.heap.release(x);
    this.heap.release(y);
    return done && right;
  }

  get threads(): number {
    return this.helpers.length + 1;
  }

  /** Has half of the threads rest, or all of them work again. Results do not change by it. */
  restHalf(rest: boolean): void {
    this.useThreads(rest ? Math.floor(this.threads / 2) : this.threads);
  }

  /** How many threads work, this one among them. */
  get working(): number {
    return this.active + 1;
  }

  /** Has so many threads work, this one among them, at least one and at most all; the others rest. */
  useThreads(count: number): void {
    this.active = Math.min(this.threads, Math.max(1, count)) - 1;
    this.words(ACTIVE, 1)[0] = this.active;
  }

  end(): void {
    for (const helper of this.helpers) helper.end();
  }

  floats(start: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, start, length);
  }

  bytes(start: number, length: number): Int8Array {
    return new Int8Array(this.memory.buffer, start, length);
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
    const done = this.runAll(operation, this.fill(words), chunks, PATIENCE);
    if (!done) throw new Error('A thread of the kernels stopped answering.');
  }

  /** Whether all threads are done in time. */
  private runAll(operation: number, job: number, chunks: number, patience: number): boolean {
    // Those that rest are asked too, for they count themselves; where all do, none is woken.
    const helpers = this.active === 0 ? 0 : this.helpers.length;
    if (this.exports.runJob(operation, job, chunks, helpers)) return true;
    const finished = this.words(FINISHED, 1);
    for (const began = performance.now(); performance.now() - began < patience; ) {
      const count = Atomics.load(finished, 0);
      if (count === helpers) return true;
      Atomics.wait(finished, 0, count, 100);
    }
    return false;
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

/** All that 32 bits can address, in pages of 64 KiB. */
const PAGES = 65536;

/** Shared memory says beforehand how far it may grow, and not every device grants the whole of what can be addressed. */
function sharedMemory(): { readonly memory: WebAssembly.Memory; readonly maximum: number } {
  for (let maximum = PAGES; ; maximum /= 2) {
    try {
      return { memory: new WebAssembly.Memory({ initial: 64, maximum, shared: true }), maximum };
    } catch (error) {
      if (maximum <= 4096) throw error;
    }
  }
}

async function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Exports> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, abort } });
  return exports as unknown as Exports;
}

/**
 * Blocks of the kernels' memory: best fit over a list of free ranges, neighbours joined again when freed. Every block
 * begins at a multiple of 64 bytes and has 16 bytes behind it that may be read, for vectors that begin in a block's last
 * numbers.
 */

const PAGE = 65536;
const ALIGN = 64;
const SLACK = 16;

/** Below this lie the kernels' own words (kernels/threads.ts). */
const FIRST = 65536;

interface Range {
  start: number;
  bytes: number;
}

export class Heap {
  /** By address. */
  private readonly free: Range[] = [];
  private readonly sizes = new Map<number, number>();
  private end: number;
  private used = 0;
  private most = 0;

  constructor(private readonly memory: WebAssembly.Memory) {
    this.end = Math.max(FIRST, memory.buffer.byteLength);
    if (this.end > FIRST) this.free.push({ start: FIRST, bytes: this.end - FIRST });
  }

  /** Bytes in blocks. */
  get bytes(): number {
    return this.used;
  }

  /** Bytes that memory has grown to. */
  get reserved(): number {
    return this.end;
  }

  /** The most bytes that were in blocks at once since `forgetPeak`. */
  get peak(): number {
    return this.most;
  }

  forgetPeak(): void {
    this.most = this.used;
  }

  /** Blocks that were not freed. */
  get blocks(): number {
    return this.sizes.size;
  }

  /** The address of a new block. Throws `RangeError` where memory cannot grow any more. */
  allocate(bytes: number): number {
    const size = Math.ceil((bytes + SLACK) / ALIGN) * ALIGN;
    let best = -1;
    for (let i = 0; i < this.free.length; i++) {
      const { bytes: room } = this.free[i];
      if (room >= size && (best < 0 || room < this.free[best].bytes)) best = i;
      if (room === size) break;
    }
    if (best < 0) {
      this.grow(size);
      best = this.free.length - 1;
    }
    const range = this.free[best];
    const { start } = range;
    if (range.bytes === size) this.free.splice(best, 1);
    else {
      range.start += size;
      range.bytes -= size;
    }
    this.sizes.set(start, size);
    this.used += size;
    if (this.used > this.most) this.most = this.used;
    return start;
  }

  release(start: number): void {
    const bytes = this.sizes.get(start);
    if (bytes === undefined) throw new Error(`There is no block at ${start}.`);
    this.sizes.delete(start);
    this.used -= bytes;
    let [low, high] = [0, this.free.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.free[middle].start < start) low = middle + 1;
      else high = middle;
    }
    const [before, after] = [this.free[low - 1], this.free[low]];
    const joinsBefore = before && before.start + before.bytes === start;
    const joinsAfter = after && start + bytes === after.start;
    if (joinsBefore) {
      before.bytes += bytes + (joinsAfter ? after.bytes : 0);
      if (joinsAfter) this.free.splice(low, 1);
    } else if (joinsAfter) {
      after.start = start;
      after.bytes += bytes;
    } else this.free.splice(low, 0, { start, bytes });
  }

  /** Makes a last free range of at least `size` bytes. A quarter more than there was, so that growing stays rare. */
  private grow(size: number): void {
    const last = this.free.at(-1);
    const lastReachesEnd = last && last.start + last.bytes === this.end;
    const missing = size - (lastReachesEnd ? last.bytes : 0);
    const wanted = Math.ceil(Math.max(missing, this.end / 4) / PAGE);
    try {
      this.memory.grow(wanted);
    } catch {
      this.memory.grow(Math.ceil(missing / PAGE));
    }
    const end = this.memory.buffer.byteLength;
    if (lastReachesEnd) last.bytes += end - this.end;
    else this.free.push({ start: this.end, bytes: end - this.end });
    this.end = end;
  }
}

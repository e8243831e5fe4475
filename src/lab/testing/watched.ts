/** A data set that counts how often the pixels of each of its tiles are read; for tests only. */
import type { Dataset } from '../data/dataset';
import { tileLength } from '../data/tiles';

export interface Watched {
  readonly dataset: Dataset;
  /** Values read of each tile, one at a time or as a piece. */
  readonly reads: Uint32Array;
  /** The pixels themselves: reading these is not counted. */
  readonly pixels: Uint8Array;
}

export function watchTiles(dataset: Dataset): Watched {
  const { pixels, count } = dataset;
  const length = tileLength(dataset);
  const reads = new Uint32Array(count);
  const piece = (method: 'subarray' | 'slice') => (from?: number, to?: number) => {
    const found = pixels[method](from, to);
    const first = method === 'subarray' ? found.byteOffset - pixels.byteOffset : (from ?? 0);
    for (let i = 0; i < found.length; i++) reads[Math.floor((first + i) / length)]++;
    return found;
  };
  const watched = new Proxy(pixels, {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) reads[Math.floor(Number(key) / length)]++;
      if (key === 'subarray' || key === 'slice') return piece(key);
      if (key === 'buffer' || key === Symbol.iterator) reads.fill(1); // Whoever takes all may read all.
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { dataset: { ...dataset, pixels: watched }, reads, pixels };
}

/** A recipe that trains, distils, prunes in every way and fine-tunes, looking at validation tiles alone. */
export const NEVER_TESTED = (() => {
  const settings = { epochs: 2, batch: 8, learningRate: 0.02 };
  // So eager that it runs whatever is lost.
  const finetune = {
    kind: 'finetune',
    settings: { ...settings, scope: 'network', tolerance: 0, excellent: 0 },
  };
  return {
    version: 2,
    name: 'never tested',
    arch: { id: 'tiny', size: 8 },
    stages: [
      { kind: 'train', settings },
      { kind: 'check', part: 'val' },
      { kind: 'distil', student: { hidden: 5 }, settings },
      { kind: 'prune-fields', ratio: 0.3, method: 'taylor', compensation: 'norms' },
      { ...finetune },
      { kind: 'prune', ratio: 0.5, method: 'variance', compensation: 'ridge' },
      { ...finetune, settings: { ...finetune.settings, scope: 'head' } },
      { kind: 'quantise' },
      { kind: 'check', part: 'val' },
    ],
  };
})();

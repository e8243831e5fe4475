/**
 * The parts a data set came in. They are kept in the keys (`train/cat/00012`, `test/cat/00003`), so they
 * survive packing, subsets and the browser's storage; what is in an official part stays in it when split.
 */

import type { SplitName } from './dataset';

const PART = /^(train|val|valid|validation|test)\/[^/]+\//;

/** The official part a key names, if any. */
function partOf(key: string): SplitName | undefined {
  const part = PART.exec(key)?.[1];
  return part === 'train' || part === 'test' || part === undefined ? part : 'val';
}

/**
 * The official part of each tile, or undefined when there is none to respect: then some key names no part,
 * or there are not both tiles to train on and tiles to test on.
 */
export function officialParts(keys: readonly string[]): readonly SplitName[] | undefined {
  const parts: SplitName[] = [];
  for (const key of keys) {
    const part = partOf(key);
    if (!part) return undefined;
    parts.push(part);
  }
  return parts.includes('train') && parts.includes('test') ? parts : undefined;
}

/** The part a file of a set holds, by its own name (`t10k-images…`, `test_batch.bin`): its bytes do not say. */
export function partOfFile(path: string): 'train' | 'test' {
  return /(^|[^a-z])(t10k|test)/i.test(path.slice(path.lastIndexOf('/') + 1)) ? 'test' : 'train';
}

/** `train/cat/00012`. */
export function partKey(part: SplitName, className: string, index: number): string {
  return `${part}/${className}/${String(index).padStart(5, '0')}`;
}

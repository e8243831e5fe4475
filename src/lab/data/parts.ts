/**
 * The parts a data set came in: what is in an official part stays in it when the set is split, so that no test tile
 * ever teaches. A published set's files tell them by its keys (`train/cat/00012`, `test/cat/00003`); of a folder that
 * names its parts otherwise, or of a file that lists them, the data set says so itself (`Dataset.parts`).
 */

import { plain } from '../plain';
import type { Dataset, SplitName } from './dataset';

export const SPLIT_NAMES: readonly SplitName[] = ['train', 'val', 'test'];

/** What the folder of a part, or the cell of a list, may be called, in any case. */
const NAMES: ReadonlyMap<string, SplitName> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['val', 'val'],
  ['valid', 'val'],
  ['validation', 'val'],
  ['test', 'test'],
  ['testing', 'test'],
]);

/** The part that is called so, if any. */
export function partNamed(name: string): SplitName | undefined {
  return NAMES.get(name.trim().toLowerCase());
}

/** Keys by which a part has always been known: hashes of data sets, and so what was trained on them, count on it. */
const PART = /^(train|val|valid|validation|test)\/[^/]+\//;

/**
 * The official part of each tile, or undefined when there is none to respect: then the data set names none, and some
 * key names none, or there are not both tiles to train on and tiles to test on.
 */
export function officialParts({
  keys,
  parts,
}: Pick<Dataset, 'keys' | 'parts'>): readonly SplitName[] | undefined {
  return parts ? Array.from(parts, (part) => SPLIT_NAMES[part]) : partsOfKeys(keys);
}

function partsOfKeys(keys: readonly string[]): readonly SplitName[] | undefined {
  const parts: SplitName[] = [];
  for (const key of keys) {
    const part = PART.exec(key)?.[1];
    if (!part) return undefined;
    parts.push(partNamed(part)!);
  }
  return parts.includes('train') && parts.includes('test') ? parts : undefined;
}

/**
 * A sentence for a set that an earlier version read, which took folders such as `Train` and `Test` for nothing: it is split
 * at random until it is read again. null for any other.
 */
export function unkeptParts({
  title,
  keys,
  parts,
}: Pick<Dataset, 'title' | 'keys' | 'parts'>): string | null {
  if (officialParts({ keys, parts }) || keys.length === 0) return null;
  const folders = keys.map((key) => key.split('/').slice(0, -1));
  for (let level = 0; level < folders[0].length; level++) {
    const names = new Set(folders.map((each) => each[level] ?? ''));
    const found = new Set([...names].map(partNamed));
    if (found.has(undefined) || !found.has('train') || found.size < 2) continue;
    return (
      `The pictures of "${plain(title)}" lay in the folders ${[...names]
        .sort()
        .map((name) => plain(name))
        .join(', ')}, but it was imported by an earlier version ` +
      'that did not keep such parts: it is split at random, so what was meant for testing may be trained on. Import it again to keep them.'
    );
  }
  return null;
}

/** What a data set has to say of its parts itself: nothing where its keys say the same. */
export function partsBeside(
  keys: readonly string[],
  parts: readonly SplitName[] | null,
): Pick<Dataset, 'parts'> {
  if (!parts || partsOfKeys(keys)?.join() === parts.join()) return {};
  return { parts: Uint8Array.from(parts, (part) => SPLIT_NAMES.indexOf(part)) };
}

/** "30 train, 30 test". */
export function partCounts(parts: readonly SplitName[]): string {
  return SPLIT_NAMES.map((part) => [part, parts.filter((each) => each === part).length] as const)
    .filter(([, n]) => n > 0)
    .map(([part, n]) => `${n} ${part}`)
    .join(', ');
}

/** The part a file of a set holds, by its own name (`t10k-images…`, `test_batch.bin`): its bytes do not say. */
export function partOfFile(path: string): 'train' | 'test' {
  return /(^|[^a-z])(t10k|test)/i.test(path.slice(path.lastIndexOf('/') + 1)) ? 'test' : 'train';
}

/** `train/cat/00012`. */
export function partKey(part: SplitName, className: string, index: number): string {
  return `${part}/${className}/${String(index).padStart(5, '0')}`;
}

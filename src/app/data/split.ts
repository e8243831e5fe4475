/** Where the tiles of a data set go, from their numbers alone. */
import { useMemo } from 'react';
import { classParts, DEFAULT_FRACTIONS, lackOf, SPLIT_NAMES } from '../../lab/data/split/splits';
import { usePlan } from '../../state/train/plan';
import type { DatasetFacts } from '../../storage/rows';

/** For each class, for each of its tiles, an index into `SPLIT_NAMES`; null for a class that cannot be split. */
export type Parts = readonly (Uint8Array | null)[];

/** The names of the parts, as a column says them. */
export const PART_TITLES = { train: 'Train', val: 'Validation', test: 'Test' } as const;

/** The parts under the split seed of the next training run. */
export function useParts({ counts, official }: Pick<DatasetFacts, 'counts' | 'official'>): Parts {
  const seed = usePlan(({ plan }) => plan.splitSeed);
  return useMemo(
    () =>
      counts.map((tiles, label) =>
        lackOf('', tiles, official, label) !== null
          ? null
          : classParts(tiles, label, DEFAULT_FRACTIONS, seed, official),
      ),
    [counts, official, seed],
  );
}

/** Tiles in each part of one class, in the order of `SPLIT_NAMES`. */
export function partSizes(parts: Uint8Array | null): number[] {
  return SPLIT_NAMES.map((_, part) => (parts ? parts.filter((each) => each === part).length : 0));
}

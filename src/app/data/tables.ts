/** The Data view's table as a plain value, to be saved. */
import { DEFAULT_FRACTIONS, SPLIT_NAMES } from '../../lab/data/split/splits';
import type { Table } from '../../state/page/table';
import type { DatasetFacts } from '../../storage/rows';
import { PART_TITLES, type Parts, partSizes } from './split';

/** Tiles of each class and part; null where a class is too small to be split. */
export function splitTable(
  { id, title, classes, counts, count, official }: Omit<DatasetFacts, 'sheet'>,
  parts: Parts,
  splitSeed: number,
): Table {
  return {
    name: `split ${id}`,
    title: `Tiles of each class of ${title}, and the split`,
    columns: [
      'class',
      ...SPLIT_NAMES.map((part) => `${PART_TITLES[part].toLowerCase()} (tiles)`),
      'all (tiles)',
    ],
    rows: classes.map((name, label) => [
      name,
      ...partSizes(parts[label]).map((size) => (parts[label] ? size : null)),
      counts[label],
    ]),
    source: {
      data: title,
      n: count,
      'split seed': splitSeed,
      split: official
        ? 'the data set’s own parts'
        : SPLIT_NAMES.map((part) => DEFAULT_FRACTIONS[part]).join(' / '),
    },
  };
}

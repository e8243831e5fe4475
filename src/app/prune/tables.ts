/** The Prune view's charts and tables as plain values, to be saved. Shares are in per cent, as on the page. */

import type { Sheet } from '../../lab/prune/sheet';
import type { CurveName } from '../../stores/curves';
import type { Cell, Table } from '../../stores/table';
import type { Opened } from '../../worker/protocol';
import { COMPENSATION_LOOKS, METHOD_LOOKS } from './methods';

type Source = Readonly<Record<string, Cell>>;

/** "synthetic 32", for file names. */
export const dataName = ({ dataset }: Opened): string => `${dataset.ref} ${dataset.size}`;

/** Where figures of the network on the bench come from, on `n` validation tiles. */
export function pruneSource({ nets, dataset, split, seed }: Opened, n: number): Source {
  return { model: nets.main.title, ...dataSource(dataset.title, split.seed, n), seed };
}

const dataSource = (data: string, splitSeed: number, n: number): Source => ({
  data,
  split: 'validation',
  'split seed': splitSeed,
  n,
});

/** "L2, compensation none". */
export const curveTitle = ({ method, compensation }: CurveName): string =>
  `${METHOD_LOOKS[method].name}, compensation ${COMPENSATION_LOOKS[compensation].name.toLowerCase()}`;

/** All curves, shown or not: a row for each number of removed neurons, from none to all but one. */
export function curveTable(sheet: Sheet, opened: Opened): Table {
  const { units, params, bytes, macs, tiles, curves } = sheet;
  return {
    name: `curve ${dataName(opened)}`,
    title: 'Validation accuracy against the share of hidden neurons removed',
    columns: [
      'neurons removed',
      'neurons removed (%)',
      'parameters',
      'stored (bytes)',
      'multiply-adds',
      ...curves.map((curve) => `accuracy (%): ${curveTitle(curve)}`),
    ],
    rows: Array.from({ length: units }, (_, removed) => {
      const kept = units - removed;
      return [
        removed,
        (100 * removed) / units,
        params[kept],
        bytes[kept],
        macs[kept],
        ...curves.map(({ accuracy }) => 100 * accuracy[0][kept]),
      ];
    }),
    source: pruneSource(opened, tiles),
  };
}

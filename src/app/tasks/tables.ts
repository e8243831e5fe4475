/** The charts of the other tasks as plain values, to be saved: the figures in full, as shares. */
import type { FlowOfNetwork } from '../../lab/fluids/shown';
import type { Way } from '../../lab/tasks/adapting';
import type { Table } from '../../state/page/table';
import { WAY_NAMES } from '../../state/words/tasks';

/** What a trained network made of the flow that is shown. */
export interface Seen {
  readonly way: Way;
  readonly network: FlowOfNetwork;
  /** Time from one step to the next. */
  readonly interval: number;
}

/** A column for each network, a row for each step; `number`: of the flow. */
export function rollOutTable(of: 'errors' | 'divergences', seen: readonly Seen[], number: number): Table {
  const what = of === 'errors' ? 'error' : 'divergence';
  return {
    name: `roll-out ${what} flow ${number}`,
    title: `${what === 'error' ? 'Error' : 'Divergence'} of the roll-out of flow ${number}`,
    columns: ['step', 'time', ...seen.map(({ way }) => `${WAY_NAMES[way]} (share)`)],
    rows: seen[0].network[of].map((_, i) => [
      i + 1,
      (i + 1) * seen[0].interval,
      ...seen.map(({ network }) => network[of][i]),
    ]),
    source: { flow: number, split: 'none: a flow that nothing was learned from' },
  };
}

/** Precision of each network at each quarter turn, on the test scenes. */
export function precisionTable(
  rows: readonly { way: Way; angles: readonly number[] }[],
  seed: number,
): Table {
  return {
    name: 'precision by turn',
    title: 'Mean average precision at each quarter turn',
    columns: ['network', ...[0, 90, 180, 270].map((degrees) => `${degrees}° (share)`)],
    rows: rows.map(({ way, angles }) => [WAY_NAMES[way], ...angles]),
    source: { split: 'test', seed },
  };
}

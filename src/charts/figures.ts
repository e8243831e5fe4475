/** How figures of a report are drawn: each source with its own mark, in the page and in the reports' pictures. */
import type { DotRow } from '../lab/reproduce/dots';
import type { PlacedMark } from './DotTrack';
import type { MarkLook } from './marks';

const SEED: MarkLook = { shape: 'circle', colour: 'var(--accent)', size: 0.8 };
const MEAN: MarkLook = { shape: 'bar', colour: 'var(--accent)' };
const PAPER: MarkLook = { shape: 'diamond', colour: 'var(--vermillion)', hollow: true };
const REFERENCE: MarkLook = { shape: 'square', colour: 'var(--purple)', hollow: true };

/** What others printed lies below what the lab measured. */
export const marksOf = ({ mean, values, paper, reference }: DotRow): PlacedMark[] => [
  ...(reference === undefined ? [] : [{ ...REFERENCE, at: reference }]),
  ...(paper === undefined ? [] : [{ ...PAPER, at: paper }]),
  { ...MEAN, at: mean },
  ...values.map((at) => ({ ...SEED, at })),
];

export interface Source {
  readonly name: string;
  readonly looks: readonly MarkLook[];
}

/** The sources that have a mark in some row. */
export function sourcesOf(rows: readonly DotRow[]): Source[] {
  return [
    { name: 'the lab: a dot for each seed, a bar for their mean', looks: [MEAN, SEED] },
    ...(rows.some(({ paper }) => paper !== undefined) ? [{ name: 'the paper', looks: [PAPER] }] : []),
    ...(rows.some(({ reference }) => reference !== undefined)
      ? [{ name: 'PyTorch reference', looks: [REFERENCE] }]
      : []),
  ];
}

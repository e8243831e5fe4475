/** A chart or a table of the page as a plain value: what its CSV and JSON files are written from. */

import type { Cell } from '../../lab/csv';

export type { Cell };

export interface Table {
  /** What is inside, as the file's name says it: "curve synthetic 32". */
  readonly name: string;
  /** The same for people: the heading of the picture. */
  readonly title: string;
  /** With their units: "share removed (%)". */
  readonly columns: readonly string[];
  /** As many cells as columns; figures in full, not rounded as on the page. */
  readonly rows: readonly (readonly Cell[])[];
  /**
   * Where the figures come from, by names that are no columns: model, data, split, n, seed, as far as there are any.
   * Whoever saves the table adds the page's link.
   */
  readonly source: Readonly<Record<string, Cell>>;
}

/** "orbit-lab-curve-synthetic-32.csv". */
export const fileName = (name: string, extension: string): string => `orbit-lab-${slug(name)}.${extension}`;

/** A name as part of a file's: letters and digits of any script, dots and hyphens. */
export const slug = (name: string): string =>
  name.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-').replaceAll(/^[-.]+|-+$/g, '') || 'unnamed';

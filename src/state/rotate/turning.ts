/** What the Rotate view is set to: what of it a link can say. Everything it makes of that lies in `looking.ts`. */

import { z } from 'zod';
import { create } from 'zustand';
import { CELL, FITS } from '../../lab/pictures/cut';
import { MOST_NETS } from '../../worker/protocol/choices';

/** The part of a picture that is the tile: a way to fit it, or a cell of a scene by its number. */
const partSchema = z.union([z.enum(FITS), z.coerce.number().int().min(0)]);
export type Part = z.infer<typeof partSchema>;

/** In whole degrees, counter-clockwise. */
const angleSchema = z.coerce.number().int().min(0).max(359);
const netsSchema = z
  .string()
  .transform((text) => text.split(',').filter(Boolean).slice(0, MOST_NETS))
  .refine(({ length }) => length > 0);

export const OVERLAPS = [0, 50, 75] as const;
export type Overlap = (typeof OVERLAPS)[number];
/** Sides of a cell that can be chosen, in pixels: of less no network knows anything. */
export const CELLS = { least: 8, most: 1024 } as const;
const cellSchema = z.coerce.number().int().min(CELLS.least).max(CELLS.most);
const overlapSchema = z.coerce.number().pipe(z.literal(OVERLAPS));

export interface Turning {
  readonly angle: number;
  /**
   * The networks, as texts: the id of one beside the page, `run:<id>:<stage>` for one kept of a run, `pruned` for the one
   * on the bench as it is pruned there. null: those that suit the picture.
   */
  readonly nets: readonly string[] | null;
  /** The sample that is shown; null where it is a picture of the reader's own, which no link can carry. */
  readonly sample: string | null;
  /** null: what suits the picture: of a scene the cell in its middle, else all of the middle. */
  readonly part: Part | null;
  /** How much of a cell of a scene the next one covers, in per cent. */
  readonly overlap: Overlap;
  /** Side of a cell of a scene, in pixels. */
  readonly cell: number;
}

export const DEFAULT_TURNING: Turning = {
  ...{ angle: 0, nets: null, sample: 'highway', part: null },
  ...{ overlap: 0, cell: CELL },
};

export const useTurning = create<Turning>()(() => DEFAULT_TURNING);

/** `rotate.angle=90&rotate.nets=…&rotate.sample=…&rotate.part=…&rotate.overlap=…&rotate.cell=…`; what is missing or misspelt takes its default. */
export function turningFrom(given: Readonly<Record<string, string>>): Turning {
  return {
    angle: angleSchema.catch(DEFAULT_TURNING.angle).parse(given['rotate.angle'] ?? DEFAULT_TURNING.angle),
    nets: netsSchema.safeParse(given['rotate.nets']).data ?? null,
    sample: given['rotate.sample'] || DEFAULT_TURNING.sample,
    part: partSchema.safeParse(given['rotate.part']).data ?? null,
    overlap: overlapSchema.safeParse(given['rotate.overlap']).data ?? DEFAULT_TURNING.overlap,
    cell: cellSchema.safeParse(given['rotate.cell']).data ?? DEFAULT_TURNING.cell,
  };
}

/** The inverse; what has its default is left out. */
export function turningFields({ angle, nets, sample, part, overlap, cell }: Turning): Record<string, string> {
  const fields: [string, string | null][] = [
    ['angle', angle === DEFAULT_TURNING.angle ? null : String(angle)],
    ['nets', nets && nets.length > 0 ? nets.join(',') : null],
    ['sample', sample === DEFAULT_TURNING.sample ? null : sample],
    ['part', part === null ? null : String(part)],
    ['overlap', overlap === DEFAULT_TURNING.overlap ? null : String(overlap)],
    ['cell', cell === DEFAULT_TURNING.cell ? null : String(cell)],
  ];
  return Object.fromEntries(
    fields.flatMap(([key, value]) => (value === null ? [] : [[`rotate.${key}`, value]])),
  );
}

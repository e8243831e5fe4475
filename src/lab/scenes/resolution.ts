/** How much ground a pixel covers, and whether that is what a network was trained on. */
import { z } from 'zod';
import { EUROSAT_CLASSES } from '../data/readers/eurosat';
import type { AnyModel } from '../nn/model';
import { CELL } from '../pictures/cut';
import { metresPerPixel } from '../pictures/ground';
import type { Picture } from '../pictures/picture';

/** Of EuroSAT's tiles, in metres; the synthetic tiles are painted at the same scale. */
const EUROSAT_METRES = 10;
/** A pixel this many times as large or as small shows other things: 15 m for 10 m still passes. */
const FAR = 1.5;

const originSchema = z.object({ data: z.object({ metres: z.number().positive() }) });

/** Metres along a pixel of the tiles that a network was trained on; null where nobody knows. */
export function trainedMetres({
  provenance,
  classes,
}: Pick<AnyModel, 'provenance' | 'classes'>): number | null {
  const told = originSchema.safeParse(provenance).data?.data.metres;
  const isEurosat = classes.join() === EUROSAT_CLASSES.join();
  return told ?? (isEurosat ? EUROSAT_METRES : null);
}

/**
 * A warning where a picture's pixels are far from those a network was trained on, with the cell that covers as much ground
 * as a tile of then, whatever the `cell` that is chosen; null where they are near, or one of the two is unknown.
 */
export function resolutionWarning(
  trained: number | null,
  { georeference }: Pick<Picture, 'georeference'>,
  cell: number,
): string | null {
  const there = georeference && metresPerPixel(georeference);
  if (!there || !trained) return null;
  if (there < trained * FAR && there > trained / FAR) return null;
  const same = Math.max(1, Math.round((CELL * trained) / there));
  const isChosen = same === cell;
  const enlarged = there > trained ? 'enlarged; details it knows are not in the picture' : 'averaged down';
  return (
    `A pixel of this picture covers ${figure(there)} m, but the network was trained at ${figure(trained)} m: what it ` +
    `says may mean little. Cells of ${same}×${same} pixels ${isChosen ? 'show' : 'would show'} it as much ground as its tiles did (${enlarged}).`
  );
}

const figure = (metres: number): string => String(Number(metres.toPrecision(3)));

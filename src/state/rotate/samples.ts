/** Pictures to begin with: synthetic tiles that no network was trained on, and a scene made of such. */

import { EUROSAT_CLASSES } from '../../lab/data/readers/eurosat';
import { SYNTHETIC_PER_CLASS, SYNTHETIC_SEED, syntheticTile } from '../../lab/data/synthetic';
import { syntheticScene } from '../../lab/data/synthetic/mosaic';
import { CELL, type Pixels } from '../../lab/pictures/cut';
import type { Picture } from '../../lab/pictures/picture';
import { breathe } from '../../lab/runtime/breathe';
import { finish } from '../../lab/stage/events';

const CLASSES = ['Highway', 'River', 'Residential', 'AnnualCrop', 'PermanentCrop', 'SeaLake'] as const;

export type SampleId = Lowercase<(typeof CLASSES)[number]> | 'scene';

export const SAMPLES: readonly { readonly id: SampleId; readonly name: string }[] = [
  ...CLASSES.map((name) => ({ id: name.toLowerCase() as SampleId, name: `${name}, synthetic` })),
  { id: 'scene', name: 'Scene of synthetic tiles' },
];

/** The first tile of a class that is in no data set of this page. */
const TILE = SYNTHETIC_PER_CLASS;

/** Paints a sample, with pauses in which the page answers. */
export async function paintSample(id: SampleId): Promise<Picture> {
  if (id === 'scene') return asPicture(await finish(syntheticScene()));
  await breathe();
  const label = EUROSAT_CLASSES.findIndex((name) => name.toLowerCase() === id);
  const data = syntheticTile(label, TILE, SYNTHETIC_SEED);
  return asPicture({ width: CELL, height: CELL, data });
}

const asPicture = ({ width, height, data }: Pixels): Picture => ({
  ...{ width, height, data },
  ...{ notes: [], ownRange: false, georeference: null },
});

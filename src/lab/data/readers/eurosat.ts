/** What makes a data set EuroSAT (Helber et al., 2019), and what it may then be called. */

/** The ten land-cover classes, in the order of the original set (and of the alphabet), with their tiles. */
const TILES = {
  AnnualCrop: 3000,
  Forest: 3000,
  HerbaceousVegetation: 3000,
  Highway: 2500,
  Industrial: 2500,
  Pasture: 2000,
  PermanentCrop: 2500,
  Residential: 3000,
  River: 2500,
  SeaLake: 3000,
} as const;

export const EUROSAT_CLASSES = Object.keys(TILES) as readonly (keyof typeof TILES)[];

/** Tiles of the whole set. */
export const EUROSAT_COUNT = 27_000;

/** Side of its tiles, in pixels. */
const SIZE = 64;

/** What a data set is told by. */
interface Told {
  readonly classes: readonly string[];
  readonly size: number;
  readonly keys: readonly string[];
}

/**
 * `EuroSAT` for the whole set, `EuroSAT subset, n = 1,079` for a part; undefined for anything else. Anyone may have tiles
 * of these ten classes: it is EuroSAT where every tile has the size and the name of one of its own, too.
 */
export function eurosatTitle({ classes, size, keys }: Told): string | undefined {
  if (size !== SIZE || classes.join() !== EUROSAT_CLASSES.join() || !keys.every(isOfEurosat))
    return undefined;
  return keys.length === EUROSAT_COUNT
    ? 'EuroSAT'
    : `EuroSAT subset, n = ${keys.length.toLocaleString('en-US')}`;
}

/** `River/River_12.jpg`, of as many as there are. */
function isOfEurosat(key: string): boolean {
  const [, folder, name, number] = /^(?:.*\/)?(\w+)\/(\w+)_(\d+)\.(?:jpe?g|tiff?)$/i.exec(key) ?? [];
  return (
    folder !== undefined && folder === name && +number >= 1 && +number <= TILES[folder as keyof typeof TILES]
  );
}

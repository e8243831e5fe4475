/** What makes a data set EuroSAT (Helber et al., 2019), and what it may then be called. */

/** The ten land-cover classes, in the order of the original set (and of the alphabet). */
export const EUROSAT_CLASSES = [
  'AnnualCrop',
  'Forest',
  'HerbaceousVegetation',
  'Highway',
  'Industrial',
  'Pasture',
  'PermanentCrop',
  'Residential',
  'River',
  'SeaLake',
] as const;

/** Tiles of the whole set. */
export const EUROSAT_COUNT = 27_000;

/** `EuroSAT` for the whole set, `EuroSAT subset, n = 1,079` for a part, undefined for other classes. */
export function eurosatTitle(classes: readonly string[], count: number): string | undefined {
  const same =
    classes.length === EUROSAT_CLASSES.length && EUROSAT_CLASSES.every((name, i) => name === classes[i]);
  if (!same) return undefined;
  return count === EUROSAT_COUNT ? 'EuroSAT' : `EuroSAT subset, n = ${count.toLocaleString('en-US')}`;
}

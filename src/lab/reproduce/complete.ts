/** How large the data sets of the paper are, and what of them is for testing by their publishers' word. */
import type { DataName } from './table';

export const COMPLETE: Readonly<Record<DataName, { readonly tiles: number; readonly test?: number }>> = {
  eurosat: { tiles: 27_000 },
  cifar10: { tiles: 60_000, test: 10_000 },
  'rotated-mnist': { tiles: 62_000, test: 50_000 },
};

/** Of a transformer: what the slider removes, and whether its blocks are ranked together. */
import type { Sheet } from '../../lab/prune/neurons/sheet';
import type { Way } from '../../worker/protocol/choices';

/** VBP's. */
export const DEFAULT_WAY: Way = { unit: 'mlp', ranking: 'network' };

/** Whether a sheet is of what is asked for; one of neurons or filters always is. */
export const isOf = ({ unit, ranking }: Way, sheet: Pick<Sheet, 'unit' | 'ranking'>): boolean =>
  sheet.unit === 'neuron' || sheet.unit === 'filter' || (sheet.unit === unit && sheet.ranking === ranking);

export const isSameWay = (a: Way, b: Way): boolean => a.unit === b.unit && a.ranking === b.ranking;

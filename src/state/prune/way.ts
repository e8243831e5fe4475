/** Of a transformer: what the slider removes, and whether its blocks are ranked together. Nothing to another network. */
import { create } from 'zustand';
import type { Way } from '../../worker/protocol/protocol';

/** VBP's. */
export const DEFAULT_WAY: Way = { unit: 'mlp', ranking: 'network' };

export const useWay = create<Way>()(() => DEFAULT_WAY);

export const isSameWay = (a: Way, b: Way): boolean => a.unit === b.unit && a.ranking === b.ranking;

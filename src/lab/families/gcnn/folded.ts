/** A convolution's filters as plain arrays of grid values, alone and with the norm behind them folded in. */

import type { Param, Params } from '../../nn/model';
import { type FoldedFilters, foldNorm, normNames } from '../../nn/norm';
import { combineBasis } from '../../symmetry/steerable';
import type { ArchSpec } from './arch';

/** The weights of convolution `index` (from 1) at its stored positions, [b, F_in, S_in, F_out], whatever they are combined from. */
export function gridFilters(arch: ArchSpec, params: Params, index: number): Param {
  const stored = params[`conv${index}.weight`];
  if (arch.filters === 'grid') return stored;
  const { kernel } = arch.blocks[index - 1];
  return { shape: [kernel ** 2, ...stored.shape.slice(1)], data: combineBasis(stored.data, kernel) };
}

/** The same times the norm's factor, with a bias for each output field. */
export function foldedFilters(arch: ArchSpec, params: Params, index: number): FoldedFilters {
  const bias = params[`conv${index}.bias`];
  return foldNorm(gridFilters(arch, params, index), params, normNames(`norm${index}`), bias);
}

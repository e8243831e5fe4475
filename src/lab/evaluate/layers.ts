/** A network as a list of its layers: plain values, whatever it came from. */
import type { LayerUnits, LayerWork, ParamLayout } from '../families/family';
import { paramLayouts } from '../families/layout';
import { familyOf } from '../families/registry';
import type { AnyArch } from '../nn/arch';
import { type Cost, layerCosts } from './cost';

export interface DescribedLayer extends Cost {
  readonly name: string;
  /** The field's word for it, like "depthwise". */
  readonly kind: string;
  /** What it makes, counted; null where it makes as many as it reads. */
  readonly makes: LayerUnits | null;
  /** How many fields, channels or numbers it reads; null where it has no weights. */
  readonly reads: number | null;
  /** What it leaves of one tile, channels last; null where nobody says. */
  readonly shape: readonly number[] | null;
  /** Of a convolution: the side of its kernel, and the positions (or functions) of it that have weights. */
  readonly kernel: number | null;
  readonly positions: number | null;
  /** What its weights are stored as; null where it has none. */
  readonly numbers: 'floats' | 'integers' | null;
}

/** A network to be held against another one. */
export interface DescribedNetwork {
  readonly name: string;
  /** What it is in words. */
  readonly words: string;
  readonly layers: readonly DescribedLayer[];
}

/** Every layer with parameters, in the order in which they are computed. */
export function describeNetwork(name: string, arch: AnyArch): DescribedNetwork {
  const family = familyOf(arch);
  const work = family.work(arch);
  const layouts = paramLayouts(arch);
  const layers = layerCosts(arch).map((cost, i) => describeLayer(cost, work[i], layouts));
  return { name, words: family.describe(arch).words, layers };
}

/** Where a family does not say it: the last axis of a weight is what comes out. */
const outputsOf = (kind: string, axes: readonly number[]): LayerUnits => ({
  unit: kind.includes('dense') ? 'neuron' : 'channel',
  count: axes.at(-1)!,
});

function describeLayer(
  cost: ReturnType<typeof layerCosts>[number],
  { layer, makes, shape, kernel }: LayerWork,
  layouts: readonly ParamLayout[],
): DescribedLayer {
  const weight = layouts.find(
    (each) => each.layer === layer && each.shape.length > 1 && cost.kind !== 'token',
  );
  const axes = weight?.shape ?? [];
  return {
    ...cost,
    makes: makes ?? (weight ? outputsOf(cost.kind, axes) : null),
    // [positions, in, group, out], [in, group, out] or [in, out]
    reads: weight ? axes[axes.length === 4 ? 1 : 0] : null,
    shape: shape ?? null,
    kernel: kernel ?? null,
    positions: axes.length === 4 ? axes[0] : null,
    numbers: weight ? (weight.int8 ? 'integers' : 'floats') : null,
  };
}

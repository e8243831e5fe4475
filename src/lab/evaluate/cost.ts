/**
 * What a network costs: parameters (trained values), bytes as stored here (running statistics included) and as
 * exported (filters expanded, norms folded in), both of the tensors in their safetensors file, and multiply-adds of one
 * forward pass of one tile as executed with expanded filters and folded norms. Bias additions, ReLU and pooling are not
 * counted.
 */

import type { LayerWork, ParamLayout, PortableLayout } from '../families/family';
import { paramLayouts } from '../families/layout';
import { familyOf } from '../families/registry';
import type { AnyArch } from '../nn/arch';
import { sizeOf } from '../nn/model';

export interface Cost {
  readonly params: number;
  readonly macs: number;
  /** Of the tensors as the lab's own file stores them. */
  readonly bytes: number;
  /** Of the tensors in the exported file, which runs without the lab; null where the family has no such form. */
  readonly exported: number | null;
}

export interface LayerCost extends Cost, Pick<LayerWork, 'kind'> {
  readonly name: string;
}

/** Costs layer by layer, in order; a norm that is folded into its convolution takes nothing where it is exported. */
export function layerCosts<Arch extends AnyArch>(arch: Arch): LayerCost[] {
  const family = familyOf(arch);
  const layouts = paramLayouts(arch);
  const portable = 'refusal' in family.portable ? null : family.portable.tensors(arch);
  return family.work(arch).map(({ layer, kind, macs }) => {
    const own = layouts.filter((layout) => layout.layer === layer);
    return {
      ...{ name: layer, kind, macs },
      params: sum(own.map(({ role, shape }) => (role === 'carried' ? 0 : sizeOf(shape)))),
      bytes: sum(own.map(bytesOf)),
      exported: portable && sum(portable.filter((tensor) => tensor.layer === layer).map(bytesOf)),
    };
  });
}

/** The sums of `layerCosts`. */
export function totalCost<Arch extends AnyArch>(arch: Arch): Cost {
  const layers = layerCosts(arch);
  const isPortable = layers.every(({ exported }) => exported !== null);
  return {
    params: sum(layers.map(({ params }) => params)),
    macs: sum(layers.map(({ macs }) => macs)),
    bytes: sum(layers.map(({ bytes }) => bytes)),
    exported: isPortable ? sum(layers.map(({ exported }) => exported!)) : null,
  };
}

const bytesOf = ({ shape, int8 }: ParamLayout | PortableLayout): number => (int8 ? 1 : 4) * sizeOf(shape);

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

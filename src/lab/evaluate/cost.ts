/**
 * What a network costs: parameters (trained values), bytes (everything stored, running statistics included,
 * as in the safetensors file), and multiply-adds of one forward pass of one tile as executed with expanded
 * filters and folded norms. Bias additions, ReLU and pooling are not counted.
 */

import type { LayerWork, ParamLayout } from '../families/family';
import { paramLayouts } from '../families/layout';
import { familyOf } from '../families/registry';
import type { AnyArch } from '../nn/arch';
import { sizeOf } from '../nn/model';

export interface Cost {
  readonly params: number;
  readonly macs: number;
  readonly bytes: number;
}

export interface LayerCost extends Cost, Pick<LayerWork, 'kind'> {
  readonly name: string;
}

/** Costs layer by layer, in order. */
export function layerCosts<Arch extends AnyArch>(arch: Arch): LayerCost[] {
  const layouts = paramLayouts(arch);
  return familyOf(arch)
    .work(arch)
    .map(({ layer, kind, macs }) => ({
      ...{ name: layer, kind, macs },
      ...stored(layouts.filter((layout) => layout.layer === layer)),
    }));
}

/** The sums of `layerCosts`. */
export function totalCost<Arch extends AnyArch>(arch: Arch): Cost {
  return layerCosts(arch).reduce(
    (sum, layer) => ({
      params: sum.params + layer.params,
      macs: sum.macs + layer.macs,
      bytes: sum.bytes + layer.bytes,
    }),
    { params: 0, macs: 0, bytes: 0 },
  );
}

function stored(layouts: readonly ParamLayout[]): Pick<Cost, 'params' | 'bytes'> {
  let [params, bytes] = [0, 0];
  for (const { shape, role, int8 } of layouts) {
    if (role !== 'carried') params += sizeOf(shape);
    bytes += (int8 ? 1 : 4) * sizeOf(shape);
  }
  return { params, bytes };
}

/**
 * What a network costs: parameters (trained values), bytes (everything stored, running statistics included,
 * as in the safetensors file), and multiply-adds of one forward pass of one tile as executed with expanded
 * filters and folded norms. Bias additions, ReLU and pooling are not counted.
 */
import type { ArchSpec } from '../nn/arch';
import { blockLayouts, headInputs, isInt8, isTrainable, paramShapes, sizeOf } from '../nn/layout';
import { GROUPS } from '../symmetry/group';

export interface LayerCost {
  readonly name: string;
  readonly kind: 'lifting' | 'group convolution' | 'convolution' | 'norm' | 'dense';
  readonly params: number;
  readonly macs: number;
  readonly bytes: number;
}

export interface Cost {
  readonly params: number;
  readonly macs: number;
  readonly bytes: number;
}

/** Costs layer by layer, in order. */
export function layerCosts(arch: ArchSpec): LayerCost[] {
  const stored = storedByLayer(arch);
  const order = GROUPS[arch.group].order;
  const of = (name: string, kind: LayerCost['kind'], macs: number): LayerCost => ({
    name,
    kind,
    macs,
    ...stored.get(name)!,
  });
  const blocks = blockLayouts(arch).flatMap(({ index, filter, sizeIn }) => {
    const macs =
      sizeIn ** 2 * filter.kernel ** 2 * filter.fieldsIn * filter.sizeIn * filter.fieldsOut * order;
    const kind = arch.group === 'C1' ? 'convolution' : index === 1 ? 'lifting' : 'group convolution';
    const convolution = of(`conv${index}`, kind, macs);
    return stored.has(`norm${index}`) ? [convolution, of(`norm${index}`, 'norm', 0)] : [convolution];
  });
  const orientations = arch.head.kind === 'orbit' ? order : 1;
  return [
    ...blocks,
    of('dense1', 'dense', orientations * headInputs(arch) * arch.head.hidden),
    of('dense2', 'dense', arch.head.hidden * arch.classes),
  ];
}

/** The sums of `layerCosts`. */
export function totalCost(arch: ArchSpec): Cost {
  return layerCosts(arch).reduce(
    (sum, layer) => ({
      params: sum.params + layer.params,
      macs: sum.macs + layer.macs,
      bytes: sum.bytes + layer.bytes,
    }),
    { params: 0, macs: 0, bytes: 0 },
  );
}

function storedByLayer(arch: ArchSpec): Map<string, { params: number; bytes: number }> {
  const layers = new Map<string, { params: number; bytes: number }>();
  for (const [name, shape] of paramShapes(arch)) {
    const layer = name.split('.')[0];
    const sum = layers.get(layer) ?? { params: 0, bytes: 0 };
    layers.set(layer, {
      params: sum.params + (isTrainable(name) ? sizeOf(shape) : 0),
      bytes: sum.bytes + (isInt8(arch, name) ? 1 : 4) * sizeOf(shape),
    });
  }
  return layers;
}

/**
 * What a network costs: parameters (trained values), bytes (everything stored, running statistics included,
 * as in the safetensors file), and multiply-adds of one forward pass of one tile as executed with expanded
 * filters and folded norms. Bias additions, ReLU and pooling are not counted.
 */

import { type AnyArch, isComparator } from '../families/anyArch';
import { blockLayouts, headInputs, isInt8, isTrainable, paramShapes, sizeOf } from '../families/gcnn/layout';
import { mobileLayers, weightShape } from '../families/mobile/layout';
import type { MobileSpec } from '../families/mobile/spec';
import { GROUPS } from '../symmetry/group';

export interface LayerCost {
  readonly name: string;
  readonly kind: 'lifting' | 'group convolution' | 'convolution' | 'depthwise' | 'norm' | 'dense';
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
export function layerCosts(arch: AnyArch): LayerCost[] {
  const stored = storedByLayer(arch);
  const of: CostOf = (name, kind, macs) => ({ name, kind, macs, ...stored.get(name)! });
  const withNorm = (index: number, convolution: LayerCost): LayerCost[] =>
    stored.has(`norm${index}`) ? [convolution, of(`norm${index}`, 'norm', 0)] : [convolution];
  if (isComparator(arch)) return comparatorCosts(arch, of, withNorm);
  const order = GROUPS[arch.group].order;
  const blocks = blockLayouts(arch).flatMap(({ index, filter, sizeIn }) => {
    const macs =
      sizeIn ** 2 * filter.kernel ** 2 * filter.fieldsIn * filter.sizeIn * filter.fieldsOut * order;
    const kind = arch.group === 'C1' ? 'convolution' : index === 1 ? 'lifting' : 'group convolution';
    return withNorm(index, of(`conv${index}`, kind, macs));
  });
  const orientations = arch.head.kind === 'orbit' ? order : 1;
  return [
    ...blocks,
    of('dense1', 'dense', orientations * headInputs(arch) * arch.head.hidden),
    of('dense2', 'dense', arch.head.hidden * arch.classes),
  ];
}

type CostOf = (name: string, kind: LayerCost['kind'], macs: number) => LayerCost;

function comparatorCosts(
  spec: MobileSpec,
  of: CostOf,
  withNorm: (index: number, convolution: LayerCost) => LayerCost[],
): LayerCost[] {
  const layers = mobileLayers(spec).flatMap((layer) => {
    const { index, kind, sizeOut } = layer;
    return withNorm(index, of(`conv${index}`, kind, sizeOut ** 2 * sizeOf(weightShape(layer))));
  });
  return [...layers, of('dense', 'dense', spec.features * spec.classes)];
}

/** The sums of `layerCosts`. */
export function totalCost(arch: AnyArch): Cost {
  return layerCosts(arch).reduce(
    (sum, layer) => ({
      params: sum.params + layer.params,
      macs: sum.macs + layer.macs,
      bytes: sum.bytes + layer.bytes,
    }),
    { params: 0, macs: 0, bytes: 0 },
  );
}

function storedByLayer(arch: AnyArch): Map<string, { params: number; bytes: number }> {
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

/** A comparator as ordinary operators, its norms folded in. */
import type { Int8Param, Model, Param } from '../../nn/model';
import { foldNorm, normNames } from '../../nn/norm';
import { outputsFirst } from '../../symmetry/filters';
import { graphBuilder, INPUT, type LayerNumbers, type OperatorGraph } from '../operators';
import { type MobileLayer, mobileBlocks } from './layout';
import type { MobileSpec } from './spec';

export function mobileGraph(model: Model<MobileSpec>): OperatorGraph {
  const { arch, params, int8 } = model;
  const graph = graphBuilder();
  const bounds: [string, string] = [graph.float(0), graph.float(6)];
  let value = INPUT;
  for (const { layers, residual } of mobileBlocks(arch)) {
    const entering = value;
    for (const layer of layers) {
      const { index, kernel, stride, kind, channelsOut, active } = layer;
      value = graph.convolution(`conv${index}`, value, numbersOf(model, layer), {
        padding: (kernel - 1) / 2,
        stride,
        groups: kind === 'depthwise' ? channelsOut : 1,
      });
      if (active) value = graph.add('Clip', [value, ...bounds]);
    }
    if (residual) value = graph.add('Add', [value, entering]);
  }
  const features = graph.add('ReduceMean', [value], { axes: [2, 3], keepdims: 0 });
  const stored = int8?.['dense.weight'] ?? params['dense.weight'];
  const numbers = {
    weight: inOrder(stored, 1, [arch.classes, arch.features]),
    scale: params['dense.weight_scale'],
    bias: params['dense.bias'],
  };
  return graph.build(graph.linear('dense', features, numbers, arch.int8?.range ?? null));
}

function numbersOf({ params, int8 }: Model<MobileSpec>, layer: MobileLayer): LayerNumbers {
  const { index, kind, kernel, channelsIn, channelsOut } = layer;
  const name = `conv${index}.weight`;
  const shape = [channelsOut, kind === 'depthwise' ? 1 : channelsIn, kernel, kernel];
  const integers = int8?.[name];
  if (integers) {
    const [scale, bias] = [params[`${name}_scale`], params[`conv${index}.bias`]];
    return { weight: inOrder(integers, kernel ** 2, shape), scale, bias };
  }
  const { weights, bias } = foldNorm(params[name], params, normNames(`norm${index}`));
  const weight = inOrder({ shape, data: weights }, kernel ** 2, shape);
  return { weight, bias: { shape: [channelsOut], data: bias } };
}

/** Stored numbers [positions, in, out] with the output first. */
function inOrder(
  { data }: Param | Int8Param,
  positions: number,
  shape: readonly number[],
): Param | Int8Param {
  return { shape, data: outputsFirst(data, positions, shape[1]) } as Param | Int8Param;
}

/** A network from elsewhere as ordinary operators. */
import type { Int8Param, Param } from '../../nn/model';
import { outputsFirst } from '../../symmetry/filters';
import { GROUPS } from '../../symmetry/group';
import { turnSource } from '../../symmetry/turn';
import { type GraphBuilder, graphBuilder, INPUT, type LayerNumbers, type OperatorGraph } from '../operators';
import type { ImportedModel } from './model';
import { filterShape, type Left, shapesOf } from './shapes';
import { type ImportedLayer, isDepthwise, PICTURE } from './spec';

export function importedGraph(model: ImportedModel): OperatorGraph {
  const { arch } = model;
  const left = shapesOf(arch);
  const graph = graphBuilder();
  const values = new Map([[PICTURE, INPUT]]);
  for (const layer of arch.layers) {
    values.set(layer.name, operatorOf(graph, model, layer, values, left.get(layer.from)!));
  }
  return graph.build(values.get(arch.layers.at(-1)!.name)!);
}

function operatorOf(
  graph: GraphBuilder,
  model: ImportedModel,
  layer: ImportedLayer,
  values: ReadonlyMap<string, string>,
  read: Left,
): string {
  const value = values.get(layer.from)!;
  switch (layer.op) {
    case 'convolution': {
      const { stride, padding, groups, kernel } = layer;
      const inputs = filterShape(layer, read.width)[1];
      const shape = [layer.outputs, inputs, kernel, kernel];
      const numbers = numbersOf(model, layer.name, kernel ** 2, shape);
      return graph.convolution(layer.name, value, numbers, {
        stride,
        padding,
        groups: isDepthwise(layer) ? groups : 1,
      });
    }
    case 'scale': {
      const each = (part: string) => {
        const { data } = model.params[`${layer.name}.${part}`];
        return graph.constant(
          `${layer.name}.${part}`,
          [1, data.length, ...(read.size === null ? [] : [1, 1])],
          data,
        );
      };
      return graph.add('Add', [graph.add('Mul', [value, each('scale')]), each('shift')]);
    }
    case 'relu':
      return graph.add('Relu', [value]);
    case 'relu6':
      return graph.add('Clip', [value, graph.float(0), graph.float(6)]);
    case 'maximum pool':
      return graph.add('MaxPool', [value], windowOf(layer));
    case 'average pool':
      return graph.add('AveragePool', [value], windowOf({ ...layer, padding: 0 }));
    case 'average':
      return graph.add('ReduceMean', [value], { axes: [2, 3], keepdims: 0 });
    case 'field maximum':
    case 'field mean': {
      const positions = read.size === null ? [] : [read.size ** 2];
      const fields = read.width / layer.order;
      const apart = graph.reshape(value, [0, fields, layer.order, ...positions]);
      const op = layer.op === 'field mean' ? 'ReduceMean' : 'ReduceMax';
      const one = graph.add(op, [apart], { axes: [2], keepdims: 0 });
      return read.size === null ? one : graph.reshape(one, [0, fields, read.size, read.size]);
    }
    case 'sum':
      return graph.add('Add', [value, values.get(layer.and)!]);
    case 'flatten':
      return graph.reshape(value, [0, -1]);
    case 'turned dense': {
      const { elements, order } = GROUPS[layer.group];
      const [size, channels] = [read.size!, read.width];
      const sources = elements.flatMap((g) => Array.from(turnSource(size, g), BigInt));
      const turns = graph.constant(`${layer.name}.turns`, [order, size ** 2], BigInt64Array.from(sources));
      const flat = graph.reshape(value, [0, channels, size ** 2]);
      const turned = graph.add('Transpose', [graph.add('Gather', [flat, turns], { axis: 2 })], {
        perm: [0, 2, 1, 3],
      });
      const rows = graph.reshape(turned, [0, order, channels * size ** 2]);
      const numbers = numbersOf(model, layer.name, 1, [layer.outputs, channels * size ** 2]);
      const responses = graph.product(layer.name, rows, numbers, model.arch.int8?.range ?? null);
      // The maximum commutes with adding the bias, which comes after it.
      const largest = graph.add('ReduceMax', [responses], { axes: [1], keepdims: 0 });
      return graph.add('Add', [
        largest,
        graph.constant(`${layer.name}.bias`, numbers.bias.shape, numbers.bias.data),
      ]);
    }
    case 'dense': {
      const numbers = numbersOf(model, layer.name, 1, [layer.outputs, read.width]);
      return graph.linear(layer.name, value, numbers, model.arch.int8?.range ?? null);
    }
  }
}

const windowOf = ({ kernel, stride, padding }: { kernel: number; stride: number; padding: number }) => ({
  kernel_shape: [kernel, kernel],
  strides: [stride, stride],
  ...(padding > 0 && { pads: [padding, padding, padding, padding] }),
});

/** Stored numbers [positions, in, out] with the output first. */
function numbersOf(
  { params, int8 }: ImportedModel,
  name: string,
  positions: number,
  shape: readonly number[],
): LayerNumbers {
  const { data } = int8?.[`${name}.weight`] ?? params[`${name}.weight`];
  return {
    weight: { shape, data: outputsFirst(data, positions, shape[1]) } as Param | Int8Param,
    scale: params[`${name}.weight_scale`],
    bias: params[`${name}.bias`],
  };
}

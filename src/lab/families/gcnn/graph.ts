/** A network of group convolutions as ordinary operators, from its portable form (plain.ts). */
import { GROUPS } from '../../symmetry/group';
import { turnSource } from '../../symmetry/turn';
import { type GraphBuilder, graphBuilder, INPUT, layerNumbers, type OperatorGraph } from '../operators';
import { averagesMap } from './arch';
import { featureMap } from './layout';
import type { GcnnModel } from './model';
import { plainNetwork } from './plain';

export function gcnnGraph(model: GcnnModel): OperatorGraph {
  const { arch } = model;
  const { tensors } = plainNetwork(model);
  const graph = graphBuilder();
  let value = INPUT;
  for (const [i, { kernel, pool }] of arch.blocks.entries()) {
    const layer = `conv${i + 1}`;
    const maps = graph.convolution(layer, value, layerNumbers(tensors, layer), { padding: (kernel - 1) / 2 });
    value = graph.add('Relu', [maps]);
    if (pool) value = graph.add('MaxPool', [value], { kernel_shape: [2, 2], strides: [2, 2] });
  }
  const range = arch.int8?.range ?? null;
  const dense = (name: string, rows: string) => graph.linear(name, rows, layerNumbers(tensors, name), range);
  const pooled = overGroup(graph, model, value);
  const hidden = averagesMap(arch.head)
    ? graph.add('Relu', [dense('dense1', graph.add('ReduceMean', [pooled], { axes: [2], keepdims: 0 }))])
    : arch.head.kind === 'orbit'
      ? orbitHidden(graph, model, pooled)
      : graph.add('Relu', [dense('dense1', graph.reshape(pooled, [0, -1]))]);
  return graph.build(dense('dense2', hidden));
}

/** [N, F · |G|, s, s] → [N, F, s²]: the maximum of each field's channels, or their mean. */
function overGroup(graph: GraphBuilder, { arch }: GcnnModel, maps: string): string {
  const { order } = GROUPS[arch.group];
  const { size, fields } = featureMap(arch);
  if (order === 1) return graph.reshape(maps, [0, fields, size ** 2]);
  const apart = graph.reshape(maps, [0, fields, order, size ** 2]);
  const op = arch.head.kind === 'averaged' ? 'ReduceMean' : 'ReduceMax';
  return graph.add(op, [apart], { axes: [2], keepdims: 0 });
}

/** Every pattern of dense1 on the map in all orientations, and the largest response: [N, F, s²] → [N, hidden]. */
function orbitHidden(graph: GraphBuilder, model: GcnnModel, maps: string): string {
  const { arch } = model;
  const { elements, order } = GROUPS[arch.group];
  const { size, fields } = featureMap(arch);
  const sources = elements.flatMap((g) => Array.from(turnSource(size, g), BigInt));
  const turns = graph.constant('turns', [order, size ** 2], BigInt64Array.from(sources));
  // [N, F, |G|, s²] → [N, |G|, F, s²] → rows, all orientations of a tile one after the other.
  const turned = graph.add('Transpose', [graph.add('Gather', [maps, turns], { axis: 2 })], {
    perm: [0, 2, 1, 3],
  });
  const rows = graph.reshape(turned, [0, order, fields * size ** 2]);
  const numbers = layerNumbers(plainNetwork(model).tensors, 'dense1');
  const responses = graph.product('dense1', rows, numbers, arch.int8?.range ?? null);
  // The maximum commutes with adding the bias and with ReLU, so both come after it.
  const largest = graph.add('ReduceMax', [responses], { axes: [1], keepdims: 0 });
  const bias = graph.constant('dense1.bias', numbers.bias.shape, numbers.bias.data);
  return graph.add('Relu', [graph.add('Add', [largest, bias])]);
}

/** A transformer as ordinary operators, from its portable form (plain.ts). */
import { LAYER_EPSILON } from '../../nn/ops/tokens/layerNorm';
import { GROUPS } from '../../symmetry/group';
import { type GraphBuilder, graphBuilder, INPUT, layerNumbers, type OperatorGraph } from '../operators';
import { blockName, tokensOf } from './layout';
import type { VitModel } from './model';
import { plainVit } from './plain';

export function vitGraph(model: VitModel): OperatorGraph {
  const { arch } = model;
  const { order } = GROUPS[arch.group];
  const { tensors } = plainVit(model);
  const graph = graphBuilder();
  const width = arch.fields * order;
  const range = arch.int8?.range ?? null;
  const tensor = (name: string, shape = tensors[name].shape) =>
    graph.constant(name, shape, tensors[name].data);
  const map = (layer: string, rows: string) => graph.linear(layer, rows, layerNumbers(tensors, layer), range);
  const norm = (layer: string, rows: string) =>
    graph.add('LayerNormalization', [rows, tensor(`${layer}.scale`), tensor(`${layer}.shift`)], {
      axis: -1,
      epsilon: { float: LAYER_EPSILON },
    });

  const patches = graph.convolution('patch', INPUT, layerNumbers(tensors, 'patch'), {
    padding: 0,
    stride: arch.patch,
  });
  const rows = graph.add('Transpose', [graph.reshape(patches, [0, width, -1])], { perm: [0, 2, 1] });
  // An empty row in front, and then in each row what is added to it: the class token, or the patch's position.
  const padded = graph.add('Pad', [rows, graph.whole([0, 1, 0, 0, 0, 0])], {});
  const { data: positions } = tensors['position.token'];
  const added = Float32Array.from([...tensors['class.token'].data, ...positions]);
  let value = graph.add('Add', [padded, graph.constant('tokens', [tokensOf(arch), width], added)]);

  for (const [i, { heads }] of arch.blocks.entries()) {
    const block = blockName(i);
    const qkv = map(`${block}.qkv`, norm(`${block}.norm1`, value));
    const mixed = attention(graph, qkv, { tokens: tokensOf(arch), heads, depth: arch.headFields * order });
    value = graph.add('Add', [value, map(`${block}.proj`, mixed)]);
    const hidden = gelu(graph, map(`${block}.fc1`, norm(`${block}.norm2`, value)));
    value = graph.add('Add', [value, map(`${block}.fc2`, hidden)]);
  }
  const answering = graph.add('Slice', [value, graph.whole([0]), graph.whole([1]), graph.whole([1])]);
  const fields = graph.reshape(norm('norm', answering), [0, arch.fields, order]);
  const pooled = graph.add(arch.pooling === 'mean' ? 'ReduceMean' : 'ReduceMax', [fields], {
    axes: [2],
    keepdims: 0,
  });
  return graph.build(map('head', pooled));
}

interface Heads {
  readonly tokens: number;
  readonly heads: number;
  readonly depth: number;
}

/** [N, tokens, 3 · heads · depth] → [N, tokens, heads · depth]: softmax(q·kᵀ/√depth)·v, every head by itself. */
function attention(graph: GraphBuilder, qkv: string, { tokens, heads, depth }: Heads): string {
  const apart = graph.reshape(qkv, [0, tokens, 3, heads, depth]);
  const pick = (which: number, perm: readonly number[]) => {
    const index = graph.constant(`index_${which}`, [], BigInt64Array.of(BigInt(which)));
    return graph.add('Transpose', [graph.add('Gather', [apart, index], { axis: 2 })], { perm });
  };
  const [byHead, keys] = [
    [0, 2, 1, 3],
    [0, 2, 3, 1],
  ];
  const scores = graph.add('MatMul', [pick(0, byHead), pick(1, keys)]);
  const shares = graph.add('Softmax', [graph.add('Div', [scores, graph.float(Math.sqrt(depth))])], {
    axis: -1,
  });
  const mixed = graph.add('MatMul', [shares, pick(2, byHead)]);
  return graph.reshape(graph.add('Transpose', [mixed], { perm: byHead }), [0, tokens, heads * depth]);
}

/** x · ½(1 + erf(x/√2)) */
function gelu(graph: GraphBuilder, x: string): string {
  const erf = graph.add('Erf', [graph.add('Mul', [x, graph.float(Math.SQRT1_2)])]);
  const share = graph.add('Mul', [graph.add('Add', [erf, graph.float(1)]), graph.float(0.5)]);
  return graph.add('Mul', [x, share]);
}

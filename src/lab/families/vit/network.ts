/** A transformer opened to answer: expanded once, with weights from floats or from 8-bit integers. */
import { type Tensors, uploadParams } from '../../nn/live';
import type { Int8Param } from '../../nn/model';
import { type Int8Product, openInt8Product } from '../../nn/ops/int8Product';
import { fieldWeights } from '../../nn/ops/tokens/fieldLinear';
import * as tf from '../../runtime/tf';
import { expandGrid, type FilterShape } from '../../symmetry/filters';
import { GROUPS } from '../../symmetry/group';
import type { Classifier, OpenedModel } from '../family';
import { expandVit } from './expanded';
import { type Hooks, runVit } from './forward';
import { mapShape, tokenMaps } from './layout';
import type { VitSpec } from './spec';

export interface OpenVit extends Classifier {
  /** Pictures → logits, with whatever is to be seen or changed on the way. */
  run(x: tf.Tensor4D, hooks: Hooks): tf.Tensor2D;
}

/** Uploads a model's parameters to the running backend. */
export function openVit(model: OpenedModel<VitSpec>): OpenVit {
  const { arch } = model;
  const uploaded = { ...uploadParams(model.params), ...patchInFloats(model) };
  const plain = openPlain(arch, uploaded);
  tf.dispose(Object.values(uploaded));
  const integers = openMaps(model);
  const run = (x: tf.Tensor4D, hooks: Hooks): tf.Tensor2D =>
    tf.tidy(() => runVit(arch, plain, x, { product: (layer) => integers.get(layer)?.product, ...hooks }));
  return {
    run,
    logits: (x, observe) => run(x, { observe }),
    dispose: () => {
      tf.dispose(Object.values(plain));
      for (const each of integers.values()) each.dispose();
    },
  };
}

/** Expanded tensors of their own, to be disposed by whoever opened them. */
export function openPlain(spec: VitSpec, params: Tensors): Tensors {
  return tf.tidy(() => {
    const ready = ([name, each]: [string, tf.Tensor]) =>
      // Of what needs no expansion, a reference of its own.
      [name, each.rank === 3 ? fieldWeights(each as tf.Tensor3D, spec.group) : tf.clone(each)] as const;
    return Object.fromEntries(Object.entries(expandVit(spec, params)).map(ready));
  });
}

/** The filters of the patches as floats, where they are stored as integers: what reads pictures computes in floats. */
function patchInFloats({ params, int8 }: OpenedModel<VitSpec>): Tensors {
  const integers = int8?.['patch.weight'];
  if (!integers) return {};
  const scale = params['patch.weight_scale'].data;
  const values = Float32Array.from(integers.data, (value, i) => value * scale[i % scale.length]);
  return { 'patch.weight': tf.tensor(values, [...integers.shape]) };
}

/** The product in integers of every layer that has one. Equal integers are permuted, so it is as equivariant as before. */
function openMaps({ arch, params, int8 }: OpenedModel<VitSpec>): Map<string, Int8Product> {
  const open = new Map<string, Int8Product>();
  if (!arch.int8 || !int8) return open;
  const { range } = arch.int8;
  const add = (layer: string, expanded: Int8Param): void => {
    open.set(layer, openInt8Product(expanded, params[`${layer}.weight_scale`].data[0], range));
  };
  for (const map of tokenMaps(arch)) {
    add(map.layer, expandedIntegers(int8[`${map.layer}.weight`], mapShape(arch, map)));
  }
  add('head', int8['head.weight']);
  return open;
}

/** A stored integer weight as a matrix [in, out]. */
export function expandedIntegers({ data }: Int8Param, shape: FilterShape): Int8Param {
  const outputs = shape.fieldsOut * GROUPS[shape.group].order;
  const expanded = expandGrid(data, shape);
  return { shape: [expanded.length / outputs, outputs], data: expanded };
}

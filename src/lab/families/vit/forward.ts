/** Pictures to logits through a transformer that is expanded (expanded.ts): one function, in training and opened. */
import type { Tensors } from '../../nn/live';
import type { Product } from '../../nn/ops/dense';
import { splitMax } from '../../nn/ops/maxima';
import { attend } from '../../nn/ops/tokens/attention';
import { fieldLinear } from '../../nn/ops/tokens/fieldLinear';
import { gelu } from '../../nn/ops/tokens/gelu';
import '../../nn/ops/tokens/kernels';
import { linear } from '../../nn/ops/linear/linear';
import { layerNorm } from '../../nn/ops/tokens/layerNorm';
import { enterTokens, firstTokens, patchRows, tokenMaps } from '../../nn/ops/tokens/rows';
import * as tf from '../../runtime/tf';
import { GROUPS } from '../../symmetry/group';
import type { Observe } from '../family';
import { blockName, CLASS_TOKEN, tokensOf } from './layout';
import type { VitSpec } from './spec';

/** What may be looked at, changed or computed otherwise on the way. */
export interface Hooks {
  readonly observe?: Observe | undefined;
  /** Rows of tokens under the names of `observe`, of which `asMaps` makes maps: for whoever wants few of them. */
  rows?(name: string, rows: tf.Tensor2D): void;
  /** What a block's MLP reads behind its GELU [N · tokens, hidden · |G|], and its attention behind the heads; `block` from 0. */
  hidden?(block: number, value: tf.Tensor2D): tf.Tensor2D;
  mixed?(block: number, value: tf.Tensor2D): tf.Tensor2D;
  /** What the last layer reads [N, fields]. */
  pooled?(value: tf.Tensor2D): tf.Tensor2D;
  /** A layer's product in integers, where it has one. */
  product?(layer: string): Product | undefined;
}

/** x: normalised pictures [N, S, S, channels] → logits [N, classes]. */
export function runVit(spec: VitSpec, plain: Tensors, x: tf.Tensor4D, hooks: Hooks = {}): tf.Tensor2D {
  const tokens = tokensOf(spec);
  const map = (layer: string, rows: tf.Tensor2D): tf.Tensor2D => mapped(spec, plain, layer, rows, hooks);
  const norm = (layer: string, rows: tf.Tensor2D): tf.Tensor2D =>
    layerNorm(rows, plain[`${layer}.scale`] as tf.Tensor1D, plain[`${layer}.shift`] as tf.Tensor1D);
  const show = (name: string, rows: tf.Tensor2D): void => {
    hooks.rows?.(name, rows);
    if (hooks.observe) hooks.observe(name, asMaps(spec, name, rows));
  };

  let value = enterTokens(
    map('patch', patchRows(x, spec.patch)),
    plain['position.token'] as tf.Tensor2D,
    plain['class.token'] as tf.Tensor1D,
  );
  show('patches', value);
  spec.blocks.forEach(({ heads }, i) => {
    const block = blockName(i);
    const mixed = attend(map(`${block}.qkv`, norm(`${block}.norm1`, value)), { tokens, heads });
    value = tf.add(value, map(`${block}.proj`, hooks.mixed?.(i, mixed) ?? mixed));
    show(`attention${i + 1}`, value);
    const hidden = gelu(map(`${block}.fc1`, norm(`${block}.norm2`, value)));
    value = tf.add(value, map(`${block}.fc2`, hooks.hidden?.(i, hidden) ?? hidden));
    show(`mlp${i + 1}`, value);
  });
  const token = norm('norm', firstTokens(value, tokens));
  show(CLASS_TOKEN, token);
  return answer(spec, plain, token, hooks);
}

/** Tokens as maps: patches on their grid [N, s, s, C], the class token alone [N, 1, 1, C]. */
export function asMaps(spec: VitSpec, name: string, rows: tf.Tensor2D): tf.Tensor4D {
  if (name !== CLASS_TOKEN) return tokenMaps(rows, tokensOf(spec));
  return tf.reshape(rows, [rows.shape[0], 1, 1, rows.shape[1]]);
}

/** The class token [N, fields · |G|] → logits. */
function answer(spec: VitSpec, plain: Tensors, token: tf.Tensor2D, hooks: Hooks): tf.Tensor2D {
  const { order } = GROUPS[spec.group];
  const [tiles] = token.shape;
  const fields =
    order === 1 ? token : tf.reshape<tf.Rank.R2>(overGroup(spec, token, order), [tiles, spec.fields]);
  hooks.observe?.('pooled', fields);
  const logits = mapped(spec, plain, 'head', hooks.pooled?.(fields) ?? fields, hooks);
  hooks.observe?.('logits', logits);
  return logits;
}

/** What is made of the numbers of each field. */
function overGroup({ pooling }: VitSpec, token: tf.Tensor2D, order: number): tf.Tensor {
  const fields = token.size / order;
  if (pooling === 'mean') return tf.mean(tf.reshape(token, [fields, order]), 1);
  return splitMax(tf.reshape(token, [fields, order, 1]));
}

function mapped(
  { group }: VitSpec,
  plain: Tensors,
  layer: string,
  rows: tf.Tensor2D,
  hooks: Hooks,
): tf.Tensor2D {
  const bias = plain[`${layer}.bias`] as tf.Tensor1D;
  const product = hooks.product?.(layer);
  if (product) return tf.add(product(rows), bias);
  const weight = plain[`${layer}.weight`];
  if (weight.rank === 2) return linear(rows, weight as tf.Tensor2D, bias);
  return fieldLinear(rows, weight as tf.Tensor3D | tf.Tensor1D, bias, group);
}

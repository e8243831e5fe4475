/** Pictures to logits through a transformer that is expanded (expanded.ts): one function, in training and opened. */
import type { Tensors } from '../../nn/live';
import type { Product } from '../../nn/ops/dense';
import { splitMax } from '../../nn/ops/maxima';
import { attend } from '../../nn/ops/tokens/attention';
import { gelu } from '../../nn/ops/tokens/gelu';
import '../../nn/ops/tokens/kernels';
import { linear } from '../../nn/ops/linear/linear';
import { layerNorm } from '../../nn/ops/tokens/layerNorm';
import { enterTokens, firstTokens, patchRows, tokenMaps } from '../../nn/ops/tokens/rows';
import * as tf from '../../runtime/tf';
import { GROUPS } from '../../symmetry/group';
import type { Observe } from '../family';
import { blockName, tokensOf } from './layout';
import type { VitSpec } from './spec';

/** What may be looked at, changed or computed otherwise on the way. */
export interface Hooks {
  readonly observe?: Observe | undefined;
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
  const map = (layer: string, rows: tf.Tensor2D): tf.Tensor2D => mapped(plain, layer, rows, hooks);
  const norm = (layer: string, rows: tf.Tensor2D): tf.Tensor2D =>
    layerNorm(rows, plain[`${layer}.scale`] as tf.Tensor1D, plain[`${layer}.shift`] as tf.Tensor1D);
  const show = (name: string, rows: tf.Tensor2D): void => {
    if (hooks.observe) hooks.observe(name, tokenMaps(rows, tokens));
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
  return answer(spec, plain, norm('norm', firstTokens(value, tokens)), hooks);
}

/** The class token [N, fields · |G|] → logits. */
function answer(spec: VitSpec, plain: Tensors, token: tf.Tensor2D, hooks: Hooks): tf.Tensor2D {
  const { order } = GROUPS[spec.group];
  const [tiles, width] = token.shape;
  hooks.observe?.('class token', tf.reshape(token, [tiles, 1, 1, width]));
  const fields =
    order === 1
      ? token
      : (tf.reshape(splitMax(tf.reshape(token, [tiles * spec.fields, order, 1])), [
          tiles,
          spec.fields,
        ]) as tf.Tensor2D);
  hooks.observe?.('pooled', fields);
  const logits = mapped(plain, 'head', hooks.pooled?.(fields) ?? fields, hooks);
  hooks.observe?.('logits', logits);
  return logits;
}

function mapped(plain: Tensors, layer: string, rows: tf.Tensor2D, hooks: Hooks): tf.Tensor2D {
  const bias = plain[`${layer}.bias`] as tf.Tensor1D;
  const product = hooks.product?.(layer);
  if (product) return tf.add(product(rows), bias);
  return linear(rows, plain[`${layer}.weight`] as tf.Tensor2D, bias);
}

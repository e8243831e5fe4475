/**
 * Attention of the tokens of each tile to each other, in heads: out = softmax(q·kᵀ/√d)·v, each head with channels of its own.
 *
 * Rows of `qkv` are tokens, tile by tile; their channels are (q | k | v) × heads × d. With P the softmax, S its argument:
 *   dv = Pᵀ·dout   dP = dout·vᵀ   dS = P∘(dP − Σ_j P∘dP)   dq = dS·k/√d   dk = dSᵀ·q/√d
 */
import { exp } from '../../../elementary';
import { canRun, type HostKernel, registerHostKernel, runHostKernel } from '../../../runtime/hostKernel';
import * as tf from '../../../runtime/tf';
import { ATTENTION, ATTENTION_GRADIENT } from './names';

/** Tokens of a tile, and heads among which its channels are divided. */
export interface AttentionShape {
  readonly tokens: number;
  readonly heads: number;
}

/** → out [rows, heads · d], and P [tiles · heads, tokens, tokens]. */
export const attentionKernel: HostKernel = {
  name: ATTENTION,
  shapes: ([[rows, width]], { tokens, heads }) => [
    [rows, width / 3],
    [(rows / Number(tokens)) * Number(heads), Number(tokens), Number(tokens)],
  ],
  compute: ([qkv], [out, weights], attrs, [[rows, width]]) => {
    const shape = sizesOf(attrs, rows, width);
    const { tokens, depth, inner } = shape;
    const row = new Float64Array(tokens);
    for (const { q, k, v, o, p } of headsOf(shape)) {
      for (let i = 0; i < tokens; i++) {
        const query = q + i * width;
        let top = Number.NEGATIVE_INFINITY;
        for (let j = 0; j < tokens; j++) {
          const key = k + j * width;
          let sum = 0;
          for (let c = 0; c < depth; c++) sum += qkv[query + c] * qkv[key + c];
          row[j] = sum / Math.sqrt(depth);
          // What is no number stays one, and makes all of the row none.
          if (!(row[j] <= top)) top = row[j];
        }
        let total = 0;
        for (let j = 0; j < tokens; j++) {
          row[j] = exp(row[j] - top);
          total += row[j];
        }
        for (let j = 0; j < tokens; j++) weights[p + i * tokens + j] = row[j] / total;
        for (let c = 0; c < depth; c++) {
          let sum = 0;
          for (let j = 0; j < tokens; j++) sum += weights[p + i * tokens + j] * qkv[v + j * width + c];
          out[o + i * inner + c] = sum;
        }
      }
    }
  },
};

export const attentionGradientKernel: HostKernel = {
  name: ATTENTION_GRADIENT,
  shapes: ([qkv]) => [[...qkv]],
  compute: ([qkv, weights, dOut], [dx], attrs, [[rows, width]]) => {
    const shape = sizesOf(attrs, rows, width);
    const { tokens, depth, inner } = shape;
    const [slope, queries] = [new Float64Array(tokens), new Float64Array(depth)];
    const [keys, values] = [new Float64Array(tokens * depth), new Float64Array(tokens * depth)];
    for (const { q, k, v, o, p } of headsOf(shape)) {
      keys.fill(0);
      values.fill(0);
      for (let i = 0; i < tokens; i++) {
        const [query, dy, weight] = [q + i * width, o + i * inner, p + i * tokens];
        let mean = 0;
        for (let j = 0; j < tokens; j++) {
          const value = v + j * width;
          let sum = 0;
          for (let c = 0; c < depth; c++) {
            sum += dOut[dy + c] * qkv[value + c];
            values[j * depth + c] += weights[weight + j] * dOut[dy + c];
          }
          slope[j] = sum;
          mean += weights[weight + j] * sum;
        }
        queries.fill(0);
        for (let j = 0; j < tokens; j++) {
          const key = k + j * width;
          const d = (weights[weight + j] * (slope[j] - mean)) / Math.sqrt(depth);
          for (let c = 0; c < depth; c++) {
            queries[c] += d * qkv[key + c];
            keys[j * depth + c] += d * qkv[query + c];
          }
        }
        dx.set(queries, query);
      }
      for (let j = 0; j < tokens; j++) {
        dx.set(keys.subarray(j * depth, (j + 1) * depth), k + j * width);
        dx.set(values.subarray(j * depth, (j + 1) * depth), v + j * width);
      }
    }
  },
};

for (const kernel of [attentionKernel, attentionGradientKernel]) registerHostKernel(kernel);

interface Sizes extends AttentionShape {
  readonly tiles: number;
  /** Channels of a head, of all heads, and of a row of q, k and v. */
  readonly depth: number;
  readonly inner: number;
  readonly width: number;
}

function sizesOf(attrs: Readonly<Record<string, number | boolean>>, rows: number, width: number): Sizes {
  const [tokens, heads] = [Number(attrs.tokens), Number(attrs.heads)];
  const inner = width / 3;
  return { tokens, heads, tiles: rows / tokens, depth: inner / heads, inner, width };
}

/** Where each head of each tile begins: in q, k and v, in the output, in P. */
function* headsOf({ tiles, tokens, heads, depth, inner, width }: Sizes) {
  for (let tile = 0; tile < tiles; tile++) {
    for (let head = 0; head < heads; head++) {
      const q = tile * tokens * width + head * depth;
      const o = tile * tokens * inner + head * depth;
      yield { q, k: q + inner, v: q + 2 * inner, o, p: (tile * heads + head) * tokens * tokens };
    }
  }
}

/** Rows [tiles · tokens, 3 · heads · d] → [tiles · tokens, heads · d], differentiable. */
export function attend(qkv: tf.Tensor2D, shape: AttentionShape): tf.Tensor2D {
  if (!canRun(attentionKernel)) return byOperations(qkv, shape);
  const attrs = { ...shape };
  return tf.customGrad((input, save) => {
    const [out, weights] = runHostKernel(attentionKernel, [input as tf.Tensor], attrs);
    (save as tf.GradSaveFunc)([input as tf.Tensor, weights]);
    return {
      value: out,
      gradFunc: (dy: tf.Tensor, [saved, kept]: tf.Tensor[]) =>
        runHostKernel(attentionGradientKernel, [saved, kept, dy], attrs)[0],
    };
  })(qkv) as tf.Tensor2D;
}

function byOperations(qkv: tf.Tensor2D, { tokens, heads }: AttentionShape): tf.Tensor2D {
  const [rows, width] = qkv.shape;
  const [tiles, inner] = [rows / tokens, width / 3];
  const depth = inner / heads;
  const part = (at: number): tf.Tensor3D => {
    const own = tf.reshape(tf.slice(qkv, [0, at * inner], [rows, inner]), [tiles, tokens, heads, depth]);
    return tf.reshape(tf.transpose(own, [0, 2, 1, 3]), [tiles * heads, tokens, depth]);
  };
  const scores = tf.mul(tf.matMul(part(0), part(1), false, true), 1 / Math.sqrt(depth));
  const mixed = tf.matMul(tf.softmax(scores) as tf.Tensor3D, part(2));
  const apart = tf.transpose(tf.reshape(mixed, [tiles, heads, tokens, depth]), [0, 2, 1, 3]);
  return tf.reshape(apart, [rows, inner]);
}

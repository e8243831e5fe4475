/** How pictures become rows of tokens, a tile's first token its answer, and the others maps. */
import { canRun, type HostKernel, registerHostKernel, runHostKernel } from '../../../runtime/hostKernel';
import * as tf from '../../../runtime/tf';
import {
  ENTER_TOKENS,
  ENTER_TOKENS_GRADIENT,
  FIRST_TOKENS,
  FIRST_TOKENS_GRADIENT,
  REST_TOKENS,
  REST_TOKENS_GRADIENT,
} from './names';

/** Pictures [N, S, S, C] → their patches as rows [N · (S/p)², p · p · C]. No gradient flows to pictures. */
export function patchRows(x: tf.Tensor4D, patch: number): tf.Tensor2D {
  const [tiles, size, , channels] = x.shape;
  const side = size / patch;
  const lines = tf.reshape(x, [tiles * side, patch, side, patch * channels]);
  return tf.reshape(tf.transpose(lines, [0, 2, 1, 3]), [tiles * side * side, patch * patch * channels]);
}

const enterKernel: HostKernel = {
  name: ENTER_TOKENS,
  shapes: ([[rows, width], [patches]]) => [[rows + rows / patches, width]],
  compute: ([x, positions, first], [out], _, [[, width]]) => {
    const perTile = positions.length;
    for (let from = 0, to = 0; from < x.length; from += perTile) {
      out.set(first, to);
      to += width;
      for (let i = 0; i < perTile; i++) out[to++] = x[from + i] + positions[i];
    }
  },
};

const enterGradientKernel: HostKernel = {
  name: ENTER_TOKENS_GRADIENT,
  shapes: ([[rows, width]], { patches }) => [
    [rows - rows / (Number(patches) + 1), width],
    [Number(patches), width],
    [width],
  ],
  compute: ([dy], [dx, dPositions, dFirst], { patches }, [[, width]]) => {
    const perTile = Number(patches) * width;
    const [positions, first] = [new Float64Array(perTile), new Float64Array(width)];
    for (let from = 0, to = 0; from < dy.length; to += perTile) {
      for (let c = 0; c < width; c++) first[c] += dy[from++];
      dx.set(dy.subarray(from, from + perTile), to);
      for (let i = 0; i < perTile; i++) positions[i] += dy[from++];
    }
    dPositions.set(positions);
    dFirst.set(first);
  },
};

const firstKernel: HostKernel = {
  name: FIRST_TOKENS,
  shapes: ([[rows, width]], { tokens }) => [[rows / Number(tokens), width]],
  compute: ([x], [out], { tokens }, [[, width]]) => {
    const step = Number(tokens) * width;
    for (let from = 0, to = 0; from < x.length; from += step, to += width)
      out.set(x.subarray(from, from + width), to);
  },
};

const firstGradientKernel: HostKernel = {
  name: FIRST_TOKENS_GRADIENT,
  shapes: ([[tiles, width]], { tokens }) => [[tiles * Number(tokens), width]],
  compute: ([dy], [dx], { tokens }, [[, width]]) => {
    dx.fill(0);
    const step = Number(tokens) * width;
    for (let from = 0, to = 0; from < dy.length; from += width, to += step)
      dx.set(dy.subarray(from, from + width), to);
  },
};

const restKernel: HostKernel = {
  name: REST_TOKENS,
  shapes: ([[rows, width]], { tokens }) => [[rows - rows / Number(tokens), width]],
  compute: ([x], [out], { tokens }, [[, width]]) => {
    const step = Number(tokens) * width;
    for (let from = 0, to = 0; from < x.length; from += step, to += step - width)
      out.set(x.subarray(from + width, from + step), to);
  },
};

const restGradientKernel: HostKernel = {
  name: REST_TOKENS_GRADIENT,
  shapes: ([[rows, width]], { tokens }) => [[rows + rows / (Number(tokens) - 1), width]],
  compute: ([dy], [dx], { tokens }, [[, width]]) => {
    dx.fill(0);
    const step = Number(tokens) * width;
    for (let from = 0, to = width; from < dy.length; from += step - width, to += step)
      dx.set(dy.subarray(from, from + step - width), to);
  },
};

for (const kernel of [
  ...[enterKernel, enterGradientKernel, firstKernel, firstGradientKernel],
  ...[restKernel, restGradientKernel],
])
  registerHostKernel(kernel);

/**
 * Patches [N · P, C] plus their positions [P, C], behind a first token [C] of each tile: → [N · (P + 1), C], differentiable.
 */
export function enterTokens(patches: tf.Tensor2D, positions: tf.Tensor2D, first: tf.Tensor1D): tf.Tensor2D {
  const [rows, width] = patches.shape;
  const count = positions.shape[0];
  const tiles = rows / count;
  if (!canRun(enterKernel)) {
    const placed = tf.add(tf.reshape(patches, [tiles, count, width]), positions) as tf.Tensor3D;
    const leading = tf.tile(tf.reshape(first, [1, 1, width]), [tiles, 1, 1]);
    return tf.reshape(tf.concat([leading, placed], 1), [tiles * (count + 1), width]);
  }
  return tf.customGrad((...given) => {
    const [x, places, leading] = given.slice(0, 3) as tf.Tensor[];
    (given[3] as tf.GradSaveFunc)([]);
    return {
      value: runHostKernel(enterKernel, [x, places, leading])[0],
      gradFunc: (dy: tf.Tensor) => runHostKernel(enterGradientKernel, [dy], { patches: count }),
    };
  })(patches, positions, first) as tf.Tensor2D;
}

/** The first of every `tokens` rows, differentiable. */
export function firstTokens(x: tf.Tensor2D, tokens: number): tf.Tensor2D {
  return taken(x, tokens, [0, 1], firstKernel, firstGradientKernel);
}

/** All rows of tokens but the first of each tile, as maps [N, s, s, C], differentiable. */
export function tokenMaps(x: tf.Tensor2D, tokens: number): tf.Tensor4D {
  const [rows, width] = x.shape;
  const [tiles, side] = [rows / tokens, Math.sqrt(tokens - 1)];
  const rest = taken(x, tokens, [1, tokens - 1], restKernel, restGradientKernel);
  return tf.reshape(rest, [tiles, side, side, width]);
}

/** Some of each tile's rows, by their first and their number: as tfjs has it in plain JavaScript, number by number, is slow. */
function taken(
  x: tf.Tensor2D,
  tokens: number,
  [from, count]: readonly [number, number],
  kernel: HostKernel,
  gradient: HostKernel,
): tf.Tensor2D {
  const [rows, width] = x.shape;
  if (!canRun(kernel)) {
    const tiles = tf.reshape(x, [rows / tokens, tokens, width]) as tf.Tensor3D;
    return tf.reshape(tf.slice(tiles, [0, from, 0], [-1, count, -1]), [(rows / tokens) * count, width]);
  }
  return tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([]);
    return {
      value: runHostKernel(kernel, [input as tf.Tensor], { tokens })[0],
      gradFunc: (dy: tf.Tensor) => runHostKernel(gradient, [dy], { tokens })[0],
    };
  })(x) as tf.Tensor2D;
}

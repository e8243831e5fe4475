/**
 * Places of maps picked out by a table, any of them more than once or not at all, as one differentiable operation:
 *   out[n, i, c] = x[n, source[i], c]        gradient: dx[n, p, c] = Σ dy[n, i, c] over all i with source[i] = p
 */
import { canRun, type HostKernel, registerHostKernel, runHostKernel } from '../../runtime/hostKernel';
import * as tf from '../../runtime/tf';

const pickKernel: HostKernel = {
  name: 'OrbitPick',
  shapes: ([[rows, , depth], [picked]]) => [[rows, picked, depth]],
  compute: ([x, source], [out], { positions, depth }) => {
    const step = Number(positions) * Number(depth);
    for (let to = 0, first = 0; to < out.length; first += step) {
      for (let i = 0; i < source.length; i++) {
        let from = first + source[i] * Number(depth);
        for (const end = to + Number(depth); to < end; ) out[to++] = x[from++];
      }
    }
  },
};

const pickGradientKernel: HostKernel = {
  name: 'OrbitPickGradient',
  shapes: ([[rows, , depth]], { positions }) => [[rows, Number(positions), depth]],
  compute: ([dy, source], [dx], { positions, depth }) => {
    const step = Number(positions) * Number(depth);
    dx.fill(0);
    for (let at = 0, first = 0; at < dy.length; first += step) {
      for (let i = 0; i < source.length; i++) {
        let to = first + source[i] * Number(depth);
        for (const end = at + Number(depth); at < end; ) dx[to++] += dy[at++];
      }
    }
  },
};

registerHostKernel(pickKernel);
registerHostKernel(pickGradientKernel);

/** x: [rows, positions, depth] → [rows, as many as are picked, depth]. */
export function pickPlaces(x: tf.Tensor3D, source: Int32Array): tf.Tensor3D {
  const [, positions, depth] = x.shape;
  const attrs = { positions, depth };
  const table = () => tf.tensor1d(Float32Array.from(source));
  const isOurs = canRun(pickKernel);
  return tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([]);
    return {
      value: isOurs
        ? runHostKernel(pickKernel, [input as tf.Tensor, table()], attrs)[0]
        : tf.gather(input as tf.Tensor, tf.tensor1d(source, 'int32'), 1),
      gradFunc: (dy: tf.Tensor) =>
        isOurs
          ? runHostKernel(pickGradientKernel, [dy, table()], attrs)[0]
          : gatherCopies(dy as tf.Tensor3D, source, positions),
    };
  })(x) as tf.Tensor3D;
}

/** The gradient where memory is not ours: each place gathers its copies, those that are missing from a row of zeros. */
function gatherCopies(dy: tf.Tensor3D, source: Int32Array, positions: number): tf.Tensor {
  const [rows, picked, depth] = dy.shape;
  const copies: Int32Array[] = [];
  const seen = new Uint8Array(positions);
  for (let i = 0; i < picked; i++) {
    const place = source[i];
    const nth = seen[place]++;
    copies[nth] ??= new Int32Array(positions).fill(picked);
    copies[nth][place] = i;
  }
  const padded = tf.concat([dy, tf.zeros([rows, 1, depth])], 1);
  return copies
    .map((from): tf.Tensor => tf.gather(padded, tf.tensor1d(from, 'int32'), 1))
    .reduce((sum, each) => tf.add(sum, each));
}

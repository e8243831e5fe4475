/** All turned copies of maps, one after the other, as one differentiable operation. */
import { canRun, type HostKernel, registerHostKernel, runHostKernel } from '../../runtime/hostKernel';
import { loadWith } from '../../runtime/onDemand';
import * as tf from '../../runtime/tf';
import { TURN_ALL, TURN_ALL_GRADIENT } from './names';
import { permute } from './permute';

loadWith('webgpu', () => import('./webgpu/turns'));

const turnKernel: HostKernel = {
  name: TURN_ALL,
  shapes: ([[tiles, width]], { order }) => [[Number(order) * tiles, width]],
  compute: ([x, sources], [out], { order, fields }) => {
    const depth = Number(fields);
    const positions = sources.length / Number(order);
    for (let to = 0, row = 0; to < out.length; row++) {
      const turn = Math.floor((row * positions * depth) / x.length) * positions;
      const first = (row * positions * depth) % x.length;
      for (let p = 0; p < positions; p++) {
        let from = first + sources[turn + p] * depth;
        for (const end = to + depth; to < end; ) out[to++] = x[from++];
      }
    }
  },
};

const turnGradientKernel: HostKernel = {
  name: TURN_ALL_GRADIENT,
  shapes: ([[rows, width]], { order }) => [[rows / Number(order), width]],
  compute: ([dy, sources], [dx], { order, fields }) => {
    const depth = Number(fields);
    const positions = sources.length / Number(order);
    dx.fill(0);
    for (let at = 0, row = 0; at < dy.length; row++) {
      const turn = Math.floor((row * positions * depth) / dx.length) * positions;
      const first = (row * positions * depth) % dx.length;
      for (let p = 0; p < positions; p++) {
        let to = first + sources[turn + p] * depth;
        for (const end = at + depth; at < end; ) dx[to++] += dy[at++];
      }
    }
  },
};

registerHostKernel(turnKernel);
registerHostKernel(turnGradientKernel);

/**
 * x: maps flattened, [N, positions · fields] in the order (position, field); `sources`: for each turn, where every position
 * comes from → [turns · N, positions · fields], all tiles in the first turn first.
 */
export function turnAll(x: tf.Tensor2D, sources: readonly ArrayLike<number>[], fields: number): tf.Tensor2D {
  if (!canRun(turnKernel)) return turnOneByOne(x, sources, fields);
  const attrs = { order: sources.length, fields };
  const table = () => tf.tensor1d(Float32Array.from(sources.flatMap((each) => Array.from(each))));
  return tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([]);
    return {
      value: runHostKernel(turnKernel, [input as tf.Tensor, table()], attrs)[0],
      gradFunc: (dy: tf.Tensor) => runHostKernel(turnGradientKernel, [dy, table()], attrs)[0],
    };
  })(x) as tf.Tensor2D;
}

function turnOneByOne(x: tf.Tensor2D, sources: readonly ArrayLike<number>[], fields: number): tf.Tensor2D {
  const [tiles, width] = x.shape;
  const maps = tf.reshape(x, [tiles, width / fields, fields]);
  return tf.concat(
    sources.map((source) => tf.reshape(permute(maps, source, 1), [tiles, width]) as tf.Tensor2D),
  );
}

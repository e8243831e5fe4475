/** What is done to maps to see whether a network minds: turned, mirrored, and moved round the square by whole places. */
import * as tf from '../runtime/tf';
import { type Element, GROUPS, type GroupName } from '../symmetry/group';
import { channelsUnder, type Kind } from '../symmetry/kinds';
import { turnSource } from '../symmetry/turn';

export interface Action {
  readonly element: Element;
  /** Places to the right and down, after the turn, round the square. */
  readonly move: readonly [number, number];
}

/** What is asked of a network: these elements, and moves as well or not. */
export interface Symmetry {
  readonly elements: readonly Element[];
  readonly moves: boolean;
}

export const symmetryOf = (group: GroupName, moves: boolean): Symmetry => ({
  elements: GROUPS[group].elements,
  moves,
});

/** Where each number of size × size × channels comes from, and with which sign. */
export interface NumberMap {
  readonly source: Int32Array;
  readonly sign: Float32Array;
}

export function numberMap({ element, move }: Action, size: number, kinds: readonly Kind[]): NumberMap {
  const turned = turnSource(size, element);
  const channels = channelsUnder(kinds, element);
  const width = channels.source.length;
  const source = new Int32Array(size * size * width);
  const sign = new Float32Array(source.length);
  for (let p = 0; p < size * size; p++) {
    const x = ((p % size) - move[0] + size) % size;
    const y = (Math.floor(p / size) - move[1] + size) % size;
    const from = turned[y * size + x];
    for (let c = 0; c < width; c++) {
      source[p * width + c] = from * width + channels.source[c];
      sign[p * width + c] = channels.sign[c];
    }
  }
  return { source, sign };
}

/** Maps one after the other, each acted on. */
export function actOnMaps(data: Float32Array, { source, sign }: NumberMap): Float32Array {
  const out = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += source.length) {
    for (let i = 0; i < source.length; i++) out[start + i] = sign[i] * data[start + source[i]];
  }
  return out;
}

/** The same on live maps [N, s, s, channels], differentiable: the gradient is acted on by the inverse. */
export function actOnTensor(x: tf.Tensor4D, { source, sign }: NumberMap): tf.Tensor4D {
  const inverse = new Int32Array(source.length);
  const back = new Float32Array(source.length);
  for (let i = 0; i < source.length; i++) [inverse[source[i]], back[source[i]]] = [i, sign[i]];
  const move = (value: tf.Tensor, from: Int32Array, factor: Float32Array) => {
    const rows = tf.reshape(value, [x.shape[0], source.length]);
    return tf.reshape(tf.mul(tf.gather(rows, tf.tensor1d(from, 'int32'), 1), factor), x.shape);
  };
  return tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([]);
    return {
      value: move(input as tf.Tensor, source, sign),
      gradFunc: (dy: tf.Tensor) => move(dy, inverse, back),
    };
  })(x) as tf.Tensor4D;
}

/** So often a stream may name what changes nothing; then it is drawn from no longer. */
const TRIES = 100;

/**
 * One of the actions but the one that changes nothing, as a stream of uniform numbers draws it. A stream that never names
 * another (one that is constant) gets the first there is. Throws `RangeError` where there is none.
 */
export function drawAction({ elements, moves }: Symmetry, size: number, next: () => number): Action {
  const canMove = moves && size > 1;
  const turned = elements.find(isTurn);
  if (!turned && !canMove) throw new RangeError('Nothing but the identity to draw from.');
  for (let i = 0; i < TRIES; i++) {
    const element = elements[Math.floor(next() * elements.length)];
    const move = [0, 0].map(() => (moves ? Math.floor(next() * size) : 0)) as [number, number];
    if (isTurn(element) || move.some((each) => each > 0)) return { element, move };
  }
  return turned ? { element: turned, move: [0, 0] } : { element: elements[0], move: [1, 0] };
}

const isTurn = ({ turns, mirror }: Element): boolean => turns > 0 || mirror;

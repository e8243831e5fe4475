/**
 * Learning maps from maps, as a problem for the lab's training loop: the task's loss and, where asked for,
 *   λ·R,  R = mean over drawn g of ‖f(g·x) − g·f(x)‖²   (per number of the answer)
 * with one g for each step: its mean over the steps is the mean over all of them. Or instead the examples are turned
 * before they are learned (augmentation), what is to be answered with them.
 * What is drawn for a step comes from the step's own random numbers: a training that goes on draws the same.
 */
import type { Score } from '../evaluate/score';
import type { Tensors } from '../nn/live';
import * as tf from '../runtime/tf';
import type { Kind } from '../symmetry/kinds';
import type { BatchLoss, Problem } from '../train/problem';
import { type Action, actOnMaps, actOnTensor, drawAction, numberMap, type Symmetry } from './action';
import { answerSize, type SpatialArch, trainedNames } from './arch';
import { type OpenSpatial, openSpatial, trainSpatial } from './network';

export interface MapExamples {
  readonly count: number;
  /** What they are of, in the plural. */
  readonly called: string;
  /** Maps that are read, one after the other, of the network's input. */
  input(rows: ArrayLike<number>): Float32Array;
  /** What is to be answered, in maps of the answer's size. */
  target(rows: ArrayLike<number>): Float32Array;
  readonly targetKinds: readonly Kind[];
}

/** The loss of answers, both [N, s, s, …]. */
export type MapLoss = (answer: tf.Tensor4D, target: tf.Tensor4D) => tf.Scalar;

export interface Training {
  readonly arch: SpatialArch;
  readonly examples: MapExamples;
  readonly loss: MapLoss;
  readonly symmetry: Symmetry;
  /** λ; 0 for none. */
  readonly lambda: number;
  /** Whether examples are turned before they are learned. */
  readonly augment: boolean;
  /** Figures on the validation examples, in the middle of a training. */
  validate(network: OpenSpatial): Promise<Score>;
}

export function mapProblem(training: Training): Problem {
  const { arch, examples } = training;
  return {
    trainable: trainedNames(arch),
    examples: examples.count,
    called: examples.called,
    loss: (params, rows, _, draw) => lossOf(training, params, rows, draw),
    validate: async function* (params) {
      const network = openSpatial(arch, params);
      try {
        yield { type: 'progress', what: 'validation', done: 0, total: 1 };
        return await training.validate(network);
      } finally {
        network.dispose();
      }
    },
  };
}

function lossOf(training: Training, params: Tensors, rows: Uint32Array, draw: () => number): BatchLoss {
  const { arch, examples, loss, lambda, augment, symmetry } = training;
  const size = answerSize(arch);
  const steps = arch.size / size;
  let [input, target] = [examples.input(rows), examples.target(rows)];
  const action = lambda > 0 || augment ? actionOf(symmetry, size, steps, draw) : null;
  const turnedInput = action && actOnMaps(input, numberMap(action.read, arch.size, arch.input));
  if (action && turnedInput && augment) {
    input = turnedInput;
    target = actOnMaps(target, numberMap(action.answer, size, examples.targetKinds));
  }
  const targets = tf.tensor4d(target, [rows.length, size, size, target.length / (rows.length * size * size)]);
  const read = (data: Float32Array, count: number) =>
    tf.tensor4d(data, [count, arch.size, arch.size, data.length / (count * arch.size ** 2)]);
  if (lambda === 0 || !action || !turnedInput) {
    const { output, moments } = trainSpatial(arch, params, read(input, rows.length));
    return { loss: loss(output, targets), moments };
  }
  // Both in one batch: they share the norms' moments.
  const pair = new Float32Array(2 * input.length);
  pair.set(input);
  pair.set(turnedInput, input.length);
  const { output, moments } = trainSpatial(arch, params, read(pair, 2 * rows.length));
  const [upright, turned] = halves(output);
  const apart = tf.sub(turned, actOnTensor(upright, numberMap(action.answer, size, arch.output)));
  const penalty = tf.mean(tf.square(apart)) as tf.Scalar;
  const whole = tf.add(loss(upright, targets), tf.mul(penalty, lambda)) as tf.Scalar;
  return { loss: whole, moments, penalty };
}

function halves(x: tf.Tensor4D): [tf.Tensor4D, tf.Tensor4D] {
  const [count, height, width, channels] = x.shape;
  const half = (from: number) =>
    tf.slice(x, [from, 0, 0, 0], [count / 2, height, width, channels]) as tf.Tensor4D;
  return [half(0), half(count / 2)];
}

/** The same action on what is read and on the answer, whose places are `steps` of the other's. */
function actionOf(
  symmetry: Symmetry,
  size: number,
  steps: number,
  draw: () => number,
): { read: Action; answer: Action } {
  const answer = drawAction(symmetry, size, draw);
  const [right, down] = answer.move;
  return { read: { ...answer, move: [right * steps, down * steps] }, answer };
}

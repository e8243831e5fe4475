/** Losses of logits [N, classes], batch means: against class indices, and against a teacher's logits. */
import { hasHostKernels, runHostKernel } from '../runtime/hostKernel';
import { loadWith } from '../runtime/onDemand';
import * as tf from '../runtime/tf';
import { usesPrograms } from '../runtime/webgpu/program';
import { crossEntropyKernel, divergenceKernel } from './lossLoops';
import { CROSS_ENTROPY, DISTILLATION } from './names';

loadWith('webgpu', () => import('./webgpu/loss'));

/**
 * −mean log softmax(logits)[label]; the gradient is (softmax − one-hot)/N. logits: [N, classes].
 *
 * @param smoothing the share of the label's 1 that is spread evenly over all classes.
 * @param weights of the classes: each tile's part of the mean, value and gradient, times that of its label.
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  labels: ArrayLike<number>,
  smoothing = 0,
  weights?: readonly number[],
): tf.Scalar {
  const oneHot = oneHotRows(labels, logits.shape, smoothing);
  const lossOf = hasHostKernels() ? lossByLoop : usesPrograms() ? lossByProgram : lossByOperations;
  if (!weights) return differentiable(logits, (input) => lossOf(input, oneHot));
  const weightOf = tf.tensor2d(
    Float32Array.from(labels, (label) => weights[label]),
    [labels.length, 1],
  );
  // The value is linear in the targets; of the gradient the softmax is weighed, too.
  const weighed = tf.mul(oneHot, weightOf) as tf.Tensor2D;
  return differentiable(logits, (input) => {
    const [value] = lossOf(input, weighed);
    const [, slope] = lossOf(input, oneHot);
    return [value, tf.mul(slope, weightOf)];
  });
}

/** A loss of logits that is found together with its gradient. */
function differentiable(logits: tf.Tensor2D, lossOf: (logits: tf.Tensor) => tf.Tensor[]): tf.Scalar {
  return tf.customGrad((input, save) => {
    const [value, slope] = lossOf(input as tf.Tensor);
    (save as tf.GradSaveFunc)([slope]);
    return { value, gradFunc: (dy: tf.Tensor, [gradient]: tf.Tensor[]) => tf.mul(gradient, dy) };
  })(logits) as tf.Scalar;
}

/** The value, and the gradient. */
function lossByOperations(logits: tf.Tensor, oneHot: tf.Tensor): tf.Tensor[] {
  const [tiles] = logits.shape;
  const logProbability = logSoftmax(logits);
  return [
    tf.neg(tf.div(tf.sum(tf.mul(logProbability, oneHot)), tiles)),
    tf.div(tf.sub(tf.exp(logProbability), oneHot), tiles),
  ];
}

function lossByLoop(logits: tf.Tensor, oneHot: tf.Tensor): tf.Tensor[] {
  return runHostKernel(crossEntropyKernel, [logits, oneHot]);
}

function lossByProgram(logits: tf.Tensor, oneHot: tf.Tensor): tf.Tensor[] {
  return tf.engine().runKernel(CROSS_ENTROPY, { logits, oneHot }) as tf.Tensor[];
}

export interface DistillationWeights {
  /** α: the share of the labels; 1 − α is the teacher's. */
  readonly alpha: number;
  /** T: both distributions are softened by dividing the logits by it. */
  readonly temperature: number;
  /** Of the labels. */
  readonly smoothing?: number | undefined;
}

/** α·CE + (1−α)·T²·KL(teacher ‖ student), both softened by T in the second term (Hinton et al. 2015). */
export function distillationLoss(
  logits: tf.Tensor2D,
  labels: ArrayLike<number>,
  teacherLogits: tf.Tensor2D,
  { alpha, temperature, smoothing }: DistillationWeights,
): tf.Scalar {
  if (usesPrograms()) {
    const oneHot = oneHotRows(labels, logits.shape, smoothing);
    return differentiable(logits, (input) => {
      const inputs = { logits: input, oneHot, teacher: teacherLogits };
      return tf.engine().runKernel(DISTILLATION, inputs, { alpha, temperature }) as tf.Tensor[];
    });
  }
  const hard = tf.mul(crossEntropy(logits, labels, smoothing), alpha);
  const soft = divergence(teacherLogits, logits, temperature);
  return tf.add(hard, tf.mul(soft, (1 - alpha) * (temperature * temperature))) as tf.Scalar;
}

/** Mean KL(softmax(teacher/T) ‖ softmax(student/T)); the gradient is (q − p)/(T·N). */
function divergence(teacher: tf.Tensor2D, student: tf.Tensor2D, temperature: number): tf.Scalar {
  return differentiable(student, (input) =>
    hasHostKernels()
      ? runHostKernel(divergenceKernel, [input, teacher], { temperature })
      : divergenceByOperations(input, teacher, temperature),
  );
}

/** The value, and the gradient. */
function divergenceByOperations(student: tf.Tensor, teacher: tf.Tensor, temperature: number): tf.Tensor[] {
  const [tiles] = student.shape;
  // By the same operations as the student's, so that equal logits have exactly no divergence and no gradient.
  const logP = logSoftmax(tf.div(teacher, temperature));
  const logQ = logSoftmax(tf.div(student, temperature));
  const p = tf.exp(logP);
  return [
    tf.div(tf.sum(tf.mul(p, tf.sub(logP, logQ))), tiles),
    tf.div(tf.sub(tf.exp(logQ), p), temperature * tiles),
  ];
}

function logSoftmax(logits: tf.Tensor): tf.Tensor {
  const shifted = tf.sub(logits, tf.max(logits, 1, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)));
}

function oneHotRows(
  labels: ArrayLike<number>,
  [tiles, classes]: readonly [number, number],
  smoothing = 0,
): tf.Tensor2D {
  const rows = new Float32Array(tiles * classes).fill(smoothing / classes);
  for (let i = 0; i < tiles; i++) rows[i * classes + labels[i]] += 1 - smoothing;
  return tf.tensor2d(rows, [tiles, classes]);
}

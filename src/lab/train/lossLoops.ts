/**
 * The losses in one pass each over a few rows of logits, in float64, for backends whose tensors lie in this thread's
 * memory: value and gradient together. exp and log are the lab's own, the same in every engine. A logit that is no finite
 * number makes the loss NaN, of a class that is not the label's too.
 */

import { exp, log } from '../elementary';
import { type HostKernel, registerHostKernel } from '../runtime/hostKernel';

/** Logits, and the labels as rows of 0 and 1, or smoothed → mean cross-entropy, and its gradient. */
export const crossEntropyKernel: HostKernel = {
  name: 'OrbitCrossEntropyLoop',
  shapes: ([logits]) => [[], [...logits]],
  compute: ([logits, oneHot], [value, gradient], _, [[tiles, classes]]) => {
    let loss = 0;
    // Nothing of what is finite, NaN of what is not.
    let poison = 0;
    for (let row = 0; row < tiles; row++) {
      const logProbability = logSoftmax(logits, row * classes, classes, 1);
      for (let c = 0; c < classes; c++) {
        const at = row * classes + c;
        poison += logits[at] * 0;
        if (oneHot[at] !== 0) loss -= oneHot[at] * logProbability[c];
        gradient[at] = (exp(logProbability[c]) - oneHot[at]) / tiles;
      }
    }
    value[0] = loss / tiles + poison;
  },
};

/** Logits of student and teacher → mean KL(teacher ‖ student), both softened, and its gradient for the student. */
export const divergenceKernel: HostKernel = {
  name: 'OrbitDivergenceLoop',
  shapes: ([student]) => [[], [...student]],
  compute: ([student, teacher], [value, gradient], { temperature }, [[tiles, classes]]) => {
    const t = Number(temperature);
    let loss = 0;
    for (let row = 0; row < tiles; row++) {
      const logQ = logSoftmax(student, row * classes, classes, t);
      const logP = logSoftmax(teacher, row * classes, classes, t);
      for (let c = 0; c < classes; c++) {
        const p = exp(logP[c]);
        loss += p * (logP[c] - logQ[c]);
        gradient[row * classes + c] = (exp(logQ[c]) - p) / (t * tiles);
      }
    }
    value[0] = loss / tiles;
  },
};

for (const kernel of [crossEntropyKernel, divergenceKernel]) registerHostKernel(kernel);

/** Of a row's logits, divided by the temperature. */
function logSoftmax(logits: Float32Array, start: number, classes: number, temperature: number): Float64Array {
  const row = Float64Array.from(logits.subarray(start, start + classes), (value) => value / temperature);
  const top = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const sum = log(row.reduce((all, value) => all + exp(value - top), 0));
  return row.map((value) => value - top - sum);
}

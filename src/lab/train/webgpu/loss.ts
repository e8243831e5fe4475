/** Softmax cross-entropy on WebGPU, value and gradient at once: one workgroup, whose threads take rows in turn. */
import { launch, type Program, registerProgram, THREADS } from '../../runtime/webgpu/program';
import { CROSS_ENTROPY } from '../names';

const PROGRAM: Program = {
  key: 'cross-entropy',
  reads: { logits: 'f32', oneHot: 'f32' },
  writes: { loss: 'f32', gradient: 'f32' },
  numbers: { rows: 'i32', classes: 'i32' },
  size: [THREADS, 1],
  declarations: `var<workgroup> lanes: array<f32, ${THREADS}>;`,
  body: `
  var sum = 0.0;
  for (var row = thread; row < u.rows; row += ${THREADS}) {
    let first = row * u.classes;
    var top = logits[first];
    for (var c = 1; c < u.classes; c++) { top = max(top, logits[first + c]); }
    var all = 0.0;
    for (var c = 0; c < u.classes; c++) { all += exp(logits[first + c] - top); }
    let logAll = log(all);
    for (var c = 0; c < u.classes; c++) {
      let logProbability = logits[first + c] - top - logAll;
      sum -= logProbability * oneHot[first + c];
      gradient[first + c] = (exp(logProbability) - oneHot[first + c]) / f32(u.rows);
    }
  }
  lanes[thread] = sum;
  workgroupBarrier();
  for (var half = ${THREADS / 2}; half > 0; half /= 2) {
    if (thread < half) { lanes[thread] += lanes[thread + half]; }
    workgroupBarrier();
  }
  if (thread == 0) { loss[0] = lanes[0] / f32(u.rows); }`,
};

/** logits and one-hot labels [N, classes] → the mean loss, and its gradient. */
registerProgram(CROSS_ENTROPY, (backend, { logits, oneHot }) => {
  const [rows, classes] = logits.shape;
  return launch(backend, PROGRAM, {
    reads: { logits, oneHot },
    writes: { loss: [], gradient: [rows, classes] },
    numbers: { rows, classes },
    groups: [1, 1, 1],
  });
});

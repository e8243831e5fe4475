/**
 * Losses of logits on WebGPU, value and gradient at once: one workgroup, whose threads take rows in turn. Softmax
 * cross-entropy; and with a teacher's, α of it and 1 − α of T²·KL(teacher ‖ student), both softened by T.
 */
import { launch, type Program, registerProgram, THREADS } from '../../runtime/webgpu/program';
import { CROSS_ENTROPY, DISTILLATION } from '../names';

/** A row's logits, divided by a temperature: their largest, and the logarithm of the sum of what exp makes of the rest. */
const rowOf = (buffer: string): string => `
struct ${buffer}Row { top: f32, logAll: f32 };
fn ${buffer}RowAt(first: i32, temperature: f32) -> ${buffer}Row {
  var top = ${buffer}[first] / temperature;
  for (var c = 1; c < u.classes; c++) { top = max(top, ${buffer}[first + c] / temperature); }
  var all = 0.0;
  for (var c = 0; c < u.classes; c++) { all += exp(${buffer}[first + c] / temperature - top); }
  return ${buffer}Row(top, log(all));
}
fn ${buffer}LogProbability(at: i32, temperature: f32, row: ${buffer}Row) -> f32 {
  return ${buffer}[at] / temperature - row.top - row.logAll;
}`;

const LANES = `var<workgroup> lanes: array<f32, ${THREADS}>;`;

/** The mean over all rows of what each thread has. */
const MEAN = `
  lanes[thread] = sum;
  workgroupBarrier();
  for (var half = ${THREADS / 2}; half > 0; half /= 2) {
    if (thread < half) { lanes[thread] += lanes[thread + half]; }
    workgroupBarrier();
  }
  if (thread == 0) { loss[0] = lanes[0] / f32(u.rows); }`;

const CROSS: Program = {
  key: 'cross-entropy',
  reads: { logits: 'f32', oneHot: 'f32' },
  writes: { loss: 'f32', gradient: 'f32' },
  numbers: { rows: 'i32', classes: 'i32' },
  size: [THREADS, 1],
  declarations: `${LANES}${rowOf('logits')}`,
  body: `
  var sum = 0.0;
  for (var row = thread; row < u.rows; row += ${THREADS}) {
    let first = row * u.classes;
    let own = logitsRowAt(first, 1.0);
    for (var at = first; at < first + u.classes; at++) {
      let logProbability = logitsLogProbability(at, 1.0, own);
      sum -= logProbability * oneHot[at];
      gradient[at] = (exp(logProbability) - oneHot[at]) / f32(u.rows);
    }
  }${MEAN}`,
};

/** Where the student says what the teacher says, both are found by the same steps: nothing is left, to the last bit. */
const TAUGHT: Program = {
  key: 'distillation',
  reads: { logits: 'f32', oneHot: 'f32', teacher: 'f32' },
  writes: { loss: 'f32', gradient: 'f32' },
  numbers: { rows: 'i32', classes: 'i32', alpha: 'f32', soft: 'f32', temperature: 'f32' },
  size: [THREADS, 1],
  declarations: `${LANES}${rowOf('logits')}${rowOf('teacher')}`,
  body: `
  var sum = 0.0;
  for (var row = thread; row < u.rows; row += ${THREADS}) {
    let first = row * u.classes;
    let own = logitsRowAt(first, 1.0);
    let softened = logitsRowAt(first, u.temperature);
    let taught = teacherRowAt(first, u.temperature);
    for (var at = first; at < first + u.classes; at++) {
      let logProbability = logitsLogProbability(at, 1.0, own);
      let logQ = logitsLogProbability(at, u.temperature, softened);
      let logP = teacherLogProbability(at, u.temperature, taught);
      let p = exp(logP);
      sum += u.soft * p * (logP - logQ) - u.alpha * logProbability * oneHot[at];
      let hard = exp(logProbability) - oneHot[at];
      gradient[at] = (u.alpha * hard + u.soft * (exp(logQ) - p) / u.temperature) / f32(u.rows);
    }
  }${MEAN}`,
};

/** logits and one-hot labels [N, classes] → the mean loss, and its gradient. */
registerProgram(CROSS_ENTROPY, (backend, { logits, oneHot }) => {
  const [rows, classes] = logits.shape;
  return launch(backend, CROSS, {
    reads: { logits, oneHot },
    writes: { loss: [], gradient: [rows, classes] },
    numbers: { rows, classes },
    groups: [1, 1, 1],
  });
});

/** The same with a teacher's logits; α and T are attributes. */
registerProgram(DISTILLATION, (backend, { logits, oneHot, teacher }, attrs) => {
  const [rows, classes] = logits.shape;
  const [alpha, temperature] = [Number(attrs.alpha), Number(attrs.temperature)];
  return launch(backend, TAUGHT, {
    reads: { logits, oneHot, teacher },
    writes: { loss: [], gradient: [rows, classes] },
    numbers: { rows, classes, alpha, temperature, soft: (1 - alpha) * temperature ** 2 },
    groups: [1, 1, 1],
  });
});

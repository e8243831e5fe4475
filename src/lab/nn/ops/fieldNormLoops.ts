/**
 * The loops behind fieldNorm.ts, on plain arrays: channels last, channel = field·|G| + g, sums in float64.
 */

/** ε: added to a variance before its root is taken. */
export const NORM_EPSILON = 1e-5;

type Arrays = readonly Float32Array[];

/** Mean and biased variance per field of x (any number of rows of F·|G| channels). */
export function fieldMomentsLoop(
  x: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
  order: number,
): void {
  const channels = mean.length * order;
  const sum = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let i = 0; i < x.length; ) {
    for (let c = 0; c < channels; c++, i++) {
      const value = x[i];
      sum[c] += value;
      squares[c] += value * value;
    }
  }
  const count = (x.length / channels) * order;
  for (let f = 0; f < mean.length; f++) {
    const m = sumField(sum, f, order) / count;
    mean[f] = m;
    variance[f] = Math.max(0, sumField(squares, f, order) / count - m * m);
  }
}

/** Where an activation cuts z off: low ≤ value ≤ high. */
export interface Clip {
  readonly low: number;
  readonly high: number;
}

/** out = clip(norm(x)); what is not a number stays so. inputs: x, scale, shift, mean, variance. */
export function normClipLoop(
  inputs: Arrays,
  out: Float32Array,
  channels: number,
  { low, high }: Clip,
  epsilon: number,
): void {
  const [x, scale, shift, mean, variance] = inputs;
  const { a, b } = affine(channels, scale, shift, mean, variance, epsilon);
  for (let i = 0; i < x.length; ) {
    for (let c = 0; c < channels; c++, i++) {
      const z = a[c] * x[i] + b[c];
      out[i] = z > low ? (z < high ? z : high) : z <= low ? low : z;
    }
  }
}

/** The larger one; NaN where either is. Not Math.max, which also looks for −0. */
const larger = (a: number, b: number): number => (a > b || Number.isNaN(a) ? a : b);

/** out = pool(ReLU(norm(x))). inputs: x, scale, shift, mean, variance. */
export function normReluPoolLoop(
  inputs: Arrays,
  out: Float32Array,
  shape: readonly number[],
  epsilon: number,
): void {
  const [x, scale, shift, mean, variance] = inputs;
  const [tiles, height, width, channels] = shape;
  const { a, b } = affine(channels, scale, shift, mean, variance, epsilon);
  const right = channels;
  const down = width * channels;
  let o = 0;
  for (let row = 0; row < tiles * (height / 2); row++) {
    for (let column = 0; column < width / 2; column++) {
      const i = (row * 2 * width + column * 2) * channels;
      for (let c = 0; c < channels; c++, o++) {
        const p = i + c;
        const z0 = a[c] * x[p] + b[c];
        const z1 = a[c] * x[p + right] + b[c];
        const z2 = a[c] * x[p + down] + b[c];
        const z3 = a[c] * x[p + down + right] + b[c];
        const z = larger(larger(z0, z1), larger(z2, z3));
        out[o] = z <= 0 ? 0 : z;
      }
    }
  }
}

/**
 * inputs: x, dy, scale, shift, mean, variance → outputs: dx, d scale, d shift.
 *
 * Two passes. dz is nonzero only where the activation lets z through (and, with pooling, where z is largest in its
 * cell, where the shares of tied elements add up to dy); so the first pass sums dz and dz·x̂ without storing dz, and the second writes
 *   dx = a·dz − (k₁ + k₂·x)    with k₂ = a·inverse·mean(dz·x̂), k₁ = a·mean(dz) − k₂·centre.
 */
export function normGradientLoop(
  inputs: Arrays,
  outputs: Arrays,
  shape: readonly number[],
  after: Clip | 'pool',
  epsilon: number,
): void {
  const [x, dy, scale, shift, mean, variance] = inputs;
  const [dx, dScale, dShift] = outputs;
  const channels = shape[3];
  const order = channels / scale.length;
  const coefficients = affine(channels, scale, shift, mean, variance, epsilon);
  const sums =
    after === 'pool'
      ? pooledSums(x, dy, shape, coefficients)
      : clippedSums(x, dy, channels, coefficients, after);
  const count = (x.length / channels) * order;
  const { a, centre, inverse } = coefficients;
  const k1 = new Float64Array(channels);
  const k2 = new Float64Array(channels);
  for (let f = 0; f < scale.length; f++) {
    dShift[f] = sumField(sums.plain, f, order);
    dScale[f] = sumField(sums.projected, f, order);
    for (let c = f * order; c < (f + 1) * order; c++) {
      k2[c] = (a[c] * inverse[c] * dScale[f]) / count;
      k1[c] = (a[c] * dShift[f]) / count - k2[c] * centre[c];
    }
  }
  if (after === 'pool') pooledInputGradient(x, dy, dx, shape, coefficients, k1, k2);
  else clippedInputGradient(x, dy, dx, channels, coefficients, k1, k2, after);
}

interface Sums {
  /** Per channel: Σ dz and Σ dz·x̂. */
  readonly plain: Float64Array;
  readonly projected: Float64Array;
}

function clippedSums(
  x: Float32Array,
  dy: Float32Array,
  channels: number,
  coefficients: Affine,
  { low, high }: Clip,
): Sums {
  const { a, b, centre, inverse } = coefficients;
  const plain = new Float64Array(channels);
  const projected = new Float64Array(channels);
  for (let i = 0; i < x.length; ) {
    for (let c = 0; c < channels; c++, i++) {
      const z = a[c] * x[i] + b[c];
      // A product and no branch: signs are as good as random, and a mispredicted branch costs more than the rest.
      const dz = dy[i] * (Number(z > low) * Number(z < high));
      plain[c] += dz;
      projected[c] += dz * (x[i] - centre[c]) * inverse[c];
    }
  }
  return { plain, projected };
}

function clippedInputGradient(
  x: Float32Array,
  dy: Float32Array,
  dx: Float32Array,
  channels: number,
  { a, b }: Affine,
  k1: Float64Array,
  k2: Float64Array,
  { low, high }: Clip,
): void {
  for (let i = 0; i < x.length; ) {
    for (let c = 0; c < channels; c++, i++) {
      const value = x[i];
      const z = a[c] * value + b[c];
      const dz = dy[i] * (Number(z > low) * Number(z < high));
      dx[i] = a[c] * dz - k1[c] - k2[c] * value;
    }
  }
}

/** The element of a cell with the largest z has the largest x, or the smallest where a is negative. */
function pooledSums(x: Float32Array, dy: Float32Array, shape: readonly number[], coefficients: Affine): Sums {
  const { a, b, centre, inverse, sign } = coefficients;
  const [tiles, height, width, channels] = shape;
  const plain = new Float64Array(channels);
  const projected = new Float64Array(channels);
  const down = width * channels;
  let o = 0;
  for (let row = 0; row < tiles * (height / 2); row++) {
    for (let column = 0; column < width / 2; column++) {
      let p = (row * 2 * width + column * 2) * channels;
      for (let c = 0; c < channels; c++, o++, p++) {
        const s = sign[c];
        const winner = s * max4(s * x[p], s * x[p + channels], s * x[p + down], s * x[p + down + channels]);
        if (a[c] * winner + b[c] > 0) {
          plain[c] += dy[o];
          projected[c] += dy[o] * (winner - centre[c]) * inverse[c];
        }
      }
    }
  }
  return { plain, projected };
}

function pooledInputGradient(
  x: Float32Array,
  dy: Float32Array,
  dx: Float32Array,
  shape: readonly number[],
  { a, b, sign }: Affine,
  k1: Float64Array,
  k2: Float64Array,
): void {
  const [tiles, height, width, channels] = shape;
  const down = width * channels;
  let o = 0;
  for (let row = 0; row < tiles * (height / 2); row++) {
    for (let column = 0; column < width / 2; column++) {
      let p = (row * 2 * width + column * 2) * channels;
      for (let c = 0; c < channels; c++, o++, p++) {
        const s = sign[c];
        const x0 = x[p];
        const x1 = x[p + channels];
        const x2 = x[p + down];
        const x3 = x[p + down + channels];
        const winner = s * max4(s * x0, s * x1, s * x2, s * x3);
        let share = 0;
        if (a[c] * winner + b[c] > 0) {
          const ties = +(x0 === winner) + +(x1 === winner) + +(x2 === winner) + +(x3 === winner);
          share = (a[c] * dy[o]) / ties;
        }
        dx[p] = (x0 === winner ? share : 0) - k1[c] - k2[c] * x0;
        dx[p + channels] = (x1 === winner ? share : 0) - k1[c] - k2[c] * x1;
        dx[p + down] = (x2 === winner ? share : 0) - k1[c] - k2[c] * x2;
        dx[p + down + channels] = (x3 === winner ? share : 0) - k1[c] - k2[c] * x3;
      }
    }
  }
}

function max4(a: number, b: number, c: number, d: number): number {
  const left = a > b ? a : b;
  const right = c > d ? c : d;
  return left > right ? left : right;
}

interface Affine {
  /** Per channel: z = a·x + b, x̂ = (x − centre)·inverse. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly centre: Float64Array;
  readonly inverse: Float64Array;
  /** The sign of a, 1 for zero. */
  readonly sign: Float64Array;
}

function affine(
  channels: number,
  scale: Float32Array,
  shift: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
  epsilon: number,
): Affine {
  const order = channels / scale.length;
  const field = (c: number): number => Math.floor(c / order);
  const inverse = Float64Array.from(
    { length: channels },
    (_, c) => 1 / Math.sqrt(variance[field(c)] + epsilon),
  );
  const centre = Float64Array.from({ length: channels }, (_, c) => mean[field(c)]);
  const a = inverse.map((value, c) => value * scale[field(c)]);
  const b = a.map((value, c) => shift[field(c)] - value * centre[c]);
  return { a, b, centre, inverse, sign: a.map((value) => (value < 0 ? -1 : 1)) };
}

function sumField(perChannel: Float64Array, field: number, order: number): number {
  let sum = 0;
  for (let g = 0; g < order; g++) sum += perChannel[field * order + g];
  return sum;
}

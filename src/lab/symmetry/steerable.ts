/**
 * The band-limited functions that `steerable` filters are combined from: Gaussian rings times circular
 * harmonics, as e2cnn samples them (Weiler & Cesa 2019, "General E(2)-equivariant steerable CNNs").
 *
 *   rings    ρ = 0, 1, … (k−1)/2, profile exp(−(r−ρ)²/2σ²);  σ = 0.005 at ρ = 0, 0.4 at the outermost, else 0.6
 *   harmonics up to 0 at ρ = 0, 2 on the outermost ring, else 2ρ for odd ρ and 2ρ−1 for even ρ
 *   → 1, 6, 11, 18, 31 functions on 1×1 … 9×9; their span is closed under rot90 and mirroring.
 */
import { exp } from '../elementary';

export interface SteerableBasis {
  readonly kernel: number;
  /** Number of functions d. */
  readonly count: number;
  /** [k² × d], positions row by row; columns orthonormal. */
  readonly functions: Float32Array;
}

const cache = new Map<number, SteerableBasis>();

/** The orthonormal basis (Gram–Schmidt in float64, fixed order) for an odd kernel size k. */
export function steerableBasis(kernel: number): SteerableBasis {
  const known = cache.get(kernel);
  if (known) return known;
  const columns = orthonormalise(sampledFunctions(kernel));
  const functions = new Float32Array(kernel * kernel * columns.length);
  columns.forEach((column, j) => {
    for (let p = 0; p < column.length; p++) functions[p * columns.length + j] = column[p];
  });
  const basis = { kernel, count: columns.length, functions };
  cache.set(kernel, basis);
  return basis;
}

/** Coefficients [d, …] → grid weights [k², …]. */
export function combineBasis(coefficients: Float32Array, kernel: number): Float32Array {
  const { count, functions } = steerableBasis(kernel);
  const rest = coefficients.length / count;
  const grid = new Float32Array(kernel * kernel * rest);
  for (let p = 0; p < kernel * kernel; p++) {
    for (let r = 0; r < rest; r++) {
      let sum = 0;
      for (let j = 0; j < count; j++) sum += functions[p * count + j] * coefficients[j * rest + r];
      grid[p * rest + r] = sum;
    }
  }
  return grid;
}

/** Grid weights [k², …] → coefficients [d, …] of the nearest combination. */
export function projectOnBasis(grid: Float32Array, kernel: number): Float32Array {
  const { count, functions } = steerableBasis(kernel);
  const rest = grid.length / (kernel * kernel);
  const out = new Float32Array(count * rest);
  for (let j = 0; j < count; j++) {
    for (let r = 0; r < rest; r++) {
      let sum = 0;
      for (let p = 0; p < kernel * kernel; p++) sum += functions[p * count + j] * grid[p * rest + r];
      out[j * rest + r] = sum;
    }
  }
  return out;
}

function sampledFunctions(kernel: number): Float64Array[] {
  const outermost = (kernel - 1) / 2;
  const functions: Float64Array[] = [];
  for (let ring = 0; ring <= outermost; ring++) {
    const sigma = ring === 0 ? 0.005 : ring === outermost ? 0.4 : 0.6;
    for (let m = 0; m <= highestHarmonic(ring, outermost); m++) {
      for (const part of m === 0 ? (['real'] as const) : (['real', 'imaginary'] as const)) {
        functions.push(sample(kernel, ring, sigma, m, part));
      }
    }
  }
  return functions;
}

function highestHarmonic(ring: number, outermost: number): number {
  if (ring === 0) return 0;
  return ring === outermost ? 2 : 2 * ring - ((ring + 1) % 2);
}

/** One ring profile times Re or Im of e^{imθ}; e^{imθ} as a power of (x + iy)/r, so no sine is needed. */
function sample(
  kernel: number,
  ring: number,
  sigma: number,
  m: number,
  part: 'real' | 'imaginary',
): Float64Array {
  const out = new Float64Array(kernel * kernel);
  const centre = (kernel - 1) / 2;
  for (let p = 0; p < out.length; p++) {
    const x = (p % kernel) - centre;
    const y = centre - Math.floor(p / kernel);
    const r = Math.sqrt(x * x + y * y);
    if (r === 0 && m > 0) continue;
    let [re, im] = [1, 0];
    for (let i = 0; i < m; i++) [re, im] = [(re * x - im * y) / r, (re * y + im * x) / r];
    out[p] = exp(-((r - ring) * (r - ring)) / (2 * sigma * sigma)) * (part === 'real' ? re : im);
  }
  return out;
}

function orthonormalise(columns: Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const column of columns) {
    const v = column.slice();
    // Twice is enough: the second pass removes what rounding left of the first.
    for (let pass = 0; pass < 2; pass++) {
      for (const u of done) {
        const overlap = dot(u, v);
        for (let i = 0; i < v.length; i++) v[i] -= overlap * u[i];
      }
    }
    const norm = Math.sqrt(dot(v, v));
    done.push(v.map((value) => value / norm));
  }
  return done;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

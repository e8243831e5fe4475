/**
 * Two-dimensional incompressible flow on a periodic square of side 2π, in vorticity form:
 *   ∂ω/∂t + u·∇ω = ν∇²ω      ∇²ψ = −ω      u = U + ∂ψ/∂y      v = V − ∂ψ/∂x      ω = ∂v/∂x − ∂u/∂y
 * (U, V) is a steady drift of the whole. x goes along rows, y from row to row.
 *
 * Pseudo-spectral: derivatives in Fourier space, products on the grid, and of all fields only wave numbers |k| with 3|k| < n
 * are kept (the 2/3 rule), so that no product is aliased: without viscosity energy and enstrophy are kept exactly but for
 * the steps in time. Those are by Runge–Kutta of fourth order behind the integrating factor e^(νk²t): the viscous term is
 * exact, however large the step. The velocity is a curl: its divergence is that of rounding.
 */
import { exp } from '../elementary';
import { type Complex, complexZeros, type SquareTransform, squareTransform } from './fft';

export interface FlowSettings {
  /** Places along a side, a power of two. */
  readonly n: number;
  readonly viscosity: number;
  /** A velocity that everything has in common; none unless given. */
  readonly drift?: readonly [number, number];
}

/** Velocities on n × n places, row by row. */
export interface Velocity {
  readonly u: Float64Array;
  readonly v: Float64Array;
}

export interface Budget {
  /** Mean of ½|u|², without the drift. */
  readonly energy: number;
  /** Mean of ½ω². Energy falls by 2ν times this. */
  readonly enstrophy: number;
  /** Mean of ½|∇ω|². Enstrophy falls by 2ν times this. */
  readonly palinstrophy: number;
}

/** A flow at a time: the Fourier coefficients of its vorticity. */
export interface Flow {
  readonly settings: FlowSettings;
  readonly spectrum: Complex;
}

/** Wave number of the i-th coefficient of n. */
export const waveNumber = (i: number, n: number): number => (i <= n / 2 ? i : i - n);

/** Whether a wave number is kept on n places. */
const isKept = (k: number, n: number): boolean => 3 * Math.abs(k) < n;

/** The flow whose vorticity on the grid is this, but for its mean and for what is too fine to be kept. */
export function flowOf(vorticity: ArrayLike<number>, settings: FlowSettings): Flow {
  const { n } = settings;
  const spectrum = complexZeros(n * n);
  spectrum.re.set(vorticity);
  transformOf(n).forward(spectrum);
  keepCoarse(spectrum, n);
  return { settings, spectrum };
}

/** The vorticity on the grid. */
export function vorticityOf({ settings: { n }, spectrum }: Flow): Float64Array {
  const field = copyOf(spectrum);
  transformOf(n).backward(field);
  return field.re;
}

/** The velocity on `size` × `size` places of the same square: as many as the flow has, or any power of two that holds it. */
export function velocityOf({ settings, spectrum }: Flow, size: number = settings.n): Velocity {
  const { n, drift = [0, 0] } = settings;
  const both = complexZeros(size * size);
  const scale = (size * size) / (n * n);
  eachKept(n, (at, kx, ky) => {
    if (2 * Math.max(Math.abs(kx), Math.abs(ky)) >= size) {
      throw new RangeError(`A flow on ${n} places cannot be shown on ${size}.`);
    }
    const to = ((ky + size) % size) * size + ((kx + size) % size);
    const square = (kx * kx + ky * ky) / scale;
    const [re, im] = [spectrum.re[at] / square, spectrum.im[at] / square];
    // û = i ky ψ, v̂ = −i kx ψ; both grids are real, so they travel as u + iv.
    both.re[to] = -ky * im + kx * re;
    both.im[to] = ky * re + kx * im;
  });
  transformOf(size).backward(both);
  return { u: both.re.map((u) => u + drift[0]), v: both.im.map((v) => v + drift[1]) };
}

/** The flow after `steps` steps of `dt`. */
export function advance(flow: Flow, dt: number, steps: number): Flow {
  const { settings, spectrum } = flow;
  const step = stepper(settings, dt);
  let now = copyOf(spectrum);
  for (let i = 0; i < steps; i++) now = step(now);
  return { settings, spectrum: now };
}

/** Energy, enstrophy and palinstrophy of a flow. */
export function budgetOf({ settings: { n }, spectrum }: Flow): Budget {
  let [energy, enstrophy, palinstrophy] = [0, 0, 0];
  eachKept(n, (at, kx, ky) => {
    const square = kx * kx + ky * ky;
    const power = (spectrum.re[at] ** 2 + spectrum.im[at] ** 2) / (2 * n ** 4);
    energy += power / square;
    enstrophy += power;
    palinstrophy += power * square;
  });
  return { energy, enstrophy, palinstrophy };
}

/** One step of Runge–Kutta behind the integrating factor E = e^(−νk²dt/2). */
function stepper(settings: FlowSettings, dt: number): (now: Complex) => Complex {
  const { n, viscosity } = settings;
  const count = n * n;
  const half = new Float64Array(count);
  eachKept(n, (at, kx, ky) => {
    half[at] = exp((-viscosity * (kx * kx + ky * ky) * dt) / 2);
  });
  const change = changeOf(settings);
  const stage = complexZeros(count);
  return (now) => {
    const next = complexZeros(count);
    const parts = ['re', 'im'] as const;
    const a = change(now);
    for (const p of parts)
      for (let i = 0; i < count; i++) stage[p][i] = half[i] * (now[p][i] + (dt / 2) * a[p][i]);
    const b = change(stage);
    for (const p of parts)
      for (let i = 0; i < count; i++) stage[p][i] = half[i] * now[p][i] + (dt / 2) * b[p][i];
    const c = change(stage);
    for (const p of parts)
      for (let i = 0; i < count; i++) stage[p][i] = half[i] * (half[i] * now[p][i] + dt * c[p][i]);
    const d = change(stage);
    for (const p of parts) {
      for (let i = 0; i < count; i++) {
        const middle = half[i] * (2 * (b[p][i] + c[p][i]) + half[i] * a[p][i]) + d[p][i];
        next[p][i] = half[i] * half[i] * now[p][i] + (dt / 6) * middle;
      }
    }
    return next;
  };
}

/** −u·∇ω in Fourier space. Two real grids travel through one transform: u + iv, and ∂ω/∂x + i ∂ω/∂y. */
function changeOf({ n, drift = [0, 0] }: FlowSettings): (now: Complex) => Complex {
  const transform = transformOf(n);
  const count = n * n;
  return ({ re, im }) => {
    const [velocity, slope, product] = [complexZeros(count), complexZeros(count), complexZeros(count)];
    eachKept(n, (at, kx, ky) => {
      const square = kx * kx + ky * ky;
      velocity.re[at] = (-ky * im[at] + kx * re[at]) / square;
      velocity.im[at] = (ky * re[at] + kx * im[at]) / square;
      slope.re[at] = -kx * im[at] - ky * re[at];
      slope.im[at] = kx * re[at] - ky * im[at];
    });
    transform.backward(velocity);
    transform.backward(slope);
    for (let i = 0; i < count; i++) {
      product.re[i] = -(velocity.re[i] + drift[0]) * slope.re[i] - (velocity.im[i] + drift[1]) * slope.im[i];
    }
    transform.forward(product);
    keepCoarse(product, n);
    return product;
  };
}

/** Of every wave number that is kept, but for the mean: where its coefficient lies, kx and ky. */
function eachKept(n: number, visit: (at: number, kx: number, ky: number) => void): void {
  const most = Math.floor((n - 1) / 3);
  for (let ky = -most; ky <= most; ky++) {
    for (let kx = -most; kx <= most; kx++) {
      if (kx !== 0 || ky !== 0) visit(((ky + n) % n) * n + ((kx + n) % n), kx, ky);
    }
  }
}

/** Nothing but the wave numbers that are kept; no mean either. */
function keepCoarse({ re, im }: Complex, n: number): void {
  for (let i = 0; i < n * n; i++) {
    const [kx, ky] = [waveNumber(i % n, n), waveNumber(Math.floor(i / n), n)];
    if (i > 0 && isKept(kx, n) && isKept(ky, n)) continue;
    re[i] = 0;
    im[i] = 0;
  }
}

const copyOf = ({ re, im }: Complex): Complex => ({ re: re.slice(), im: im.slice() });

const transforms = new Map<number, SquareTransform>();
function transformOf(n: number): SquareTransform {
  const known = transforms.get(n) ?? squareTransform(n);
  transforms.set(n, known);
  return known;
}

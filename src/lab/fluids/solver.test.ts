import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GROUPS } from '../symmetry/group';
import { turnVelocity } from './action';
import { complexZeros, squareTransform } from './fft';
import { randomVorticity } from './flows';
import { divergence } from './measures';
import { advance, budgetOf, type Flow, flowOf, type Velocity, velocityOf, vorticityOf } from './solver';

const onGrid = (n: number, f: (x: number, y: number) => number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, i) =>
    f((2 * Math.PI * (i % n)) / n, (2 * Math.PI * Math.floor(i / n)) / n),
  );

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
};

const randomFlow = (seed: number, viscosity: number, n = 32): Flow =>
  flowOf(randomVorticity(n, seed), { n, viscosity });

test('the transform is what its definition says, and comes back', () => {
  const n = 8;
  const field = complexZeros(n * n);
  for (let i = 0; i < n * n; i++) [field.re[i], field.im[i]] = [((i * 37) % 11) - 5, ((i * 53) % 7) - 3];
  const before = { re: field.re.slice(), im: field.im.slice() };
  const slow = complexZeros(n * n);
  for (let k = 0; k < n * n; k++) {
    for (let j = 0; j < n * n; j++) {
      const angle = (-2 * Math.PI * ((j % n) * (k % n) + Math.floor(j / n) * Math.floor(k / n))) / n;
      slow.re[k] += before.re[j] * Math.cos(angle) - before.im[j] * Math.sin(angle);
      slow.im[k] += before.re[j] * Math.sin(angle) + before.im[j] * Math.cos(angle);
    }
  }
  const transform = squareTransform(n);
  transform.forward(field);
  expect(largest(field.re, slow.re)).toBeLessThan(1e-11);
  expect(largest(field.im, slow.im)).toBeLessThan(1e-11);
  transform.backward(field);
  expect(largest(field.re, before.re)).toBeLessThan(1e-13);
  expect(largest(field.im, before.im)).toBeLessThan(1e-13);
  expect(() => squareTransform(12)).toThrow(RangeError);
});

describe('Taylor–Green vortices', () => {
  const [n, k, viscosity] = [32, 2, 0.05];
  const vortices = onGrid(n, (x, y) => 2 * k * Math.cos(k * x) * Math.cos(k * y));

  test('at rest they fade as exp(−2νk²t), whatever the step', () => {
    for (const steps of [1, 10]) {
      const later = advance(flowOf(vortices, { n, viscosity }), 1 / steps, steps);
      const exact = vortices.map((w) => w * Math.exp(-2 * viscosity * k * k));
      expect(largest(vorticityOf(later), exact)).toBeLessThan(1e-12);
    }
  });

  test('their velocity is cos(kx)·sin(ky) and its mate', () => {
    const { u, v } = velocityOf(flowOf(vortices, { n, viscosity }));
    // ψ = cos(kx)·cos(ky)/k
    expect(
      largest(
        u,
        onGrid(n, (x, y) => -Math.cos(k * x) * Math.sin(k * y)),
      ),
    ).toBeLessThan(1e-13);
    expect(
      largest(
        v,
        onGrid(n, (x, y) => Math.sin(k * x) * Math.cos(k * y)),
      ),
    ).toBeLessThan(1e-13);
  });

  test('carried along by a drift they stay what they are, with an error of the fourth order in the step', () => {
    const drift = [1, -0.5] as const;
    const moving = flowOf(vortices, { n, viscosity, drift });
    const fade = Math.exp(-2 * viscosity * k * k);
    const exact = onGrid(
      n,
      (x, y) => 2 * k * fade * Math.cos(k * (x - drift[0])) * Math.cos(k * (y - drift[1])),
    );
    const errors = [10, 20, 40].map((steps) =>
      largest(vorticityOf(advance(moving, 1 / steps, steps)), exact),
    );
    expect(errors[2]).toBeLessThan(1e-5);
    for (const [i, error] of errors.slice(1).entries()) {
      const order = Math.log2(errors[i] / error);
      expect(order).toBeGreaterThan(3.8);
      expect(order).toBeLessThan(4.3);
    }
  });
});

test('a flow of many vortices converges with the fourth order in the step', () => {
  const flow = randomFlow(3, 0.01);
  const at = (steps: number) => vorticityOf(advance(flow, 0.4 / steps, steps));
  const [coarse, middle, fine] = [8, 16, 32].map(at);
  const order = Math.log2(largest(coarse, middle) / largest(middle, fine));
  expect(order).toBeGreaterThan(3.6);
  expect(order).toBeLessThan(4.5);
});

test('without viscosity energy and enstrophy are kept; with it they fall by what the budget says', () => {
  const before = budgetOf(randomFlow(5, 0));
  const after = budgetOf(advance(randomFlow(5, 0), 0.0125, 80));
  expect(Math.abs(after.energy / before.energy - 1)).toBeLessThan(1e-6);
  expect(Math.abs(after.enstrophy / before.enstrophy - 1)).toBeLessThan(1e-5);
  // Something happened: what is neither of the two has changed.
  expect(Math.abs(after.palinstrophy / before.palinstrophy - 1)).toBeGreaterThan(0.01);

  const viscosity = 0.02;
  const dt = 0.01;
  const path = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => budgetOf(advance(randomFlow(5, viscosity), dt, i)));
  // Simpson's rule over eight steps.
  const integral = (what: 'enstrophy' | 'palinstrophy') =>
    path.reduce((sum, each, i) => sum + each[what] * (i === 0 || i === 8 ? 1 : i % 2 === 1 ? 4 : 2), 0) *
    (dt / 3);
  expect((path[0].energy - path[8].energy) / (2 * viscosity * integral('enstrophy'))).toBeCloseTo(1, 6);
  expect((path[0].enstrophy - path[8].enstrophy) / (2 * viscosity * integral('palinstrophy'))).toBeCloseTo(
    1,
    5,
  );
});

test('the mean square of the velocities on the grid is twice the energy, on any grid that holds the flow', () => {
  const flow = randomFlow(7, 0.01, 64);
  const { energy } = budgetOf(flow);
  for (const size of [64, 128]) {
    const { u, v } = velocityOf(flow, size);
    const mean = u.reduce((sum, each, i) => sum + each * each + v[i] * v[i], 0) / (size * size);
    expect(mean / (2 * energy)).toBeCloseTo(1, 12);
  }
  expect(() => velocityOf(flow, 32)).toThrow(RangeError);
});

test('velocities have no divergence but for rounding', () => {
  const later = velocityOf(advance(randomFlow(9, 0.01), 0.02, 10));
  expect(divergence(later, 32)).toBeLessThan(1e-13);
});

/** Moved by whole places, round the square. */
function shifted({ u, v }: Velocity, n: number, dx: number, dy: number): Velocity {
  const move = (field: Float64Array) =>
    field.map((_, i) => field[((Math.floor(i / n) - dy + n) % n) * n + (((i % n) - dx + n) % n)]);
  return { u: move(u), v: move(v) };
}

test('turned, mirrored or moved first and solved is solved first and then turned, mirrored or moved', () => {
  const n = 16;
  fc.assert(
    fc.property(
      fc.constantFrom(...GROUPS.D4.elements),
      fc.nat(n - 1),
      fc.nat(n - 1),
      fc.nat(100),
      (element, dx, dy, seed) => {
        const act = (velocity: Velocity) => shifted(turnVelocity(velocity, n, element), n, dx, dy);
        const start = velocityOf(randomFlow(seed, 0.01, n));
        const solved = (velocity: Velocity) =>
          velocityOf(advance(flowOf(curlOf(velocity, n), { n, viscosity: 0.01 }), 0.05, 4));
        const [one, other] = [solved(act(start)), act(solved(start))];
        expect(largest(one.u, other.u)).toBeLessThan(1e-11);
        expect(largest(one.v, other.v)).toBeLessThan(1e-11);
      },
    ),
    { numRuns: 12 },
  );
});

/** ∂v/∂x − ∂u/∂y by Fourier sums, straight from the definition. */
function curlOf({ u, v }: Velocity, n: number): Float64Array {
  const transform = squareTransform(n);
  const [a, b, out] = [complexZeros(n * n), complexZeros(n * n), complexZeros(n * n)];
  a.re.set(u);
  b.re.set(v);
  transform.forward(a);
  transform.forward(b);
  for (let i = 0; i < n * n; i++) {
    const signed = (j: number) => (j < n / 2 ? j : j === n / 2 ? 0 : j - n);
    const [kx, ky] = [signed(i % n), signed(Math.floor(i / n))];
    out.re[i] = -kx * b.im[i] + ky * a.im[i];
    out.im[i] = kx * b.re[i] - ky * a.re[i];
  }
  transform.backward(out);
  return out.re;
}

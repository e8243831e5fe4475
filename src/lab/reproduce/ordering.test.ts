import { expect, test } from 'vitest';
import { orderFinding, type Step } from './ordering';
import type { Measured } from './report';

const at = (mean: number) => ({ accuracy: { mean, sd: null, values: [mean] } }) as Measured;
const step = (from: number, to: number, p: number): Step => ({
  ...{ label: 'upper', below: 'lower', gained: 60, lost: 10 },
  ...{ lab: at(to), belowLab: at(from) },
  told: {
    ...{
      kind: 'difference',
      against: 'lower',
      times: 1,
      tiles: 400,
      seeds: 3,
      difference: to - from,
      bound: 0,
    },
    ...{
      interval: [to - from - 0.02, to - from + 0.02],
      p,
      adjusted: null,
      components: null,
      smallest: 0.03,
    },
    ...{ target: { difference: to - from, from: 'here' }, needed: { seeds: null, tiles: [] } },
  },
});

test('an order is shown where every step is more than chance, refuted by one the other way, else undecided', () => {
  const up = step(0.7, 0.75, 0.04);
  const even = step(0.75, 0.76, 0.3);
  const down = step(0.76, 0.7, 0.001);
  expect(orderFinding([up, up])).toMatchObject({ reproduces: true });
  expect(orderFinding([up, even])).toMatchObject({ reproduces: null });
  expect(orderFinding([even, down])).toMatchObject({ reproduces: false });
  // Of two steps one lies below by chance more easily than one of one.
  expect(orderFinding([step(0.76, 0.7, 0.04)])).toMatchObject({ reproduces: false });
  expect(orderFinding([even, step(0.76, 0.7, 0.04)])).toMatchObject({ reproduces: null });
  expect(orderFinding([up, even]).sentence).toBe(
    'Undecided: “upper” is 5.0 points more accurate than “lower” (95 % interval +3.0 to +7.0; 60 tiles gained, 10 lost: above it); ' +
      '“upper” is 1.0 points more accurate than “lower” (95 % interval −1.0 to +3.0; 60 tiles gained, 10 lost: cannot be told).',
  );
});

import { expect, test } from 'vitest';
import { orderFinding } from './ordering';
import type { Measured } from './report';

const at = (mean: number) => ({ accuracy: { mean, sd: null, values: [mean] } }) as Measured;
const step = (from: number, to: number, gained: number, lost: number) => ({
  ...{ label: 'upper', below: 'lower', gained, lost },
  ...{ lab: at(to), belowLab: at(from) },
});

test('an order is shown where every step is more than chance, refuted by one the other way, else undecided', () => {
  const up = step(0.7, 0.75, 60, 10);
  const even = step(0.75, 0.76, 30, 25);
  const down = step(0.76, 0.7, 10, 70);
  expect(orderFinding([up, up])).toMatchObject({ reproduces: true });
  expect(orderFinding([up, even])).toMatchObject({ reproduces: null });
  expect(orderFinding([even, down])).toMatchObject({ reproduces: false });
  expect(orderFinding([up, even]).sentence).toBe(
    'Undecided: “upper” is 5.0 points more accurate than “lower” (60 tiles gained, 10 lost: above it); ' +
      '“upper” is 1.0 points more accurate than “lower” (30 tiles gained, 25 lost: no more than chance).',
  );
});

import { expect, test } from 'vitest';
import { handSheet } from '../../lab/testing/sheets';
import { neuronFacts, unitAt } from './neuron';

const { sheet, curve } = handSheet([0, 0, 0, 0, 0], [1, 0, 0, 0]);

test('says of a neuron when it goes, what it responds to, and what it speaks for', () => {
  expect(neuronFacts(sheet, curve, 3)).toEqual({
    unit: 3,
    title: 'Neuron 3',
    units: 4,
    place: 2,
    saliency: 2,
    dead: false,
    mean: 0.75,
    variance: 0.5,
    tops: [
      { label: 1, value: 2.5, thumb: 0 },
      { label: 2, value: 0.5, thumb: -1 },
    ],
    classMeans: [
      { label: 0, value: 9 },
      { label: 1, value: 10 },
    ],
    raises: [{ label: 1, value: 0.25 }],
    lowers: [{ label: 0, value: -0.5 }],
  });
  expect(neuronFacts(sheet, curve, 0)).toMatchObject({ dead: true, tops: [], raises: [], lowers: [] });
  expect(neuronFacts(sheet, curve, 2).lowers.map(({ label }) => label)).toEqual([2, 1, 0]);
});

test('finds the neuron at a place of the order, and stays within its ends', () => {
  expect([1, 2, 3, 4].map((place) => unitAt(curve, place))).toEqual([1, 3, 0, 2]);
  for (let place = 1; place <= 4; place++) {
    expect(neuronFacts(sheet, curve, unitAt(curve, place)).place).toBe(place);
  }
  expect(unitAt(curve, 0)).toBe(1);
  expect(unitAt(curve, 99)).toBe(2);
});

/** A report made by hand, of one section with two rows, for tests of what reads reports. */
import type { Figure, Report, Told } from '../reproduce/report';

const figure = (...values: number[]): Figure => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length === 1 ? null : Math.sqrt(squares / (values.length - 1)), values };
};

export function handReport(): Report {
  const lab = {
    accuracy: figure(0.66, 0.68),
    rotated: figure(0.65, 0.66),
    agreement: figure(0.8, 0.82),
    undecided: 3,
    error: 0.4,
    params: 532066,
    macs: 83100928,
    bytes: 2128456,
    seconds: figure(61, 65),
    paired: null,
  };
  const paired = {
    ...{ difference: figure(-0.41, -0.39), gained: 4, lost: 168 },
    interval: [-0.52, -0.28] as [number, number],
  };
  const told: Told = {
    ...{ kind: 'keeps', against: 'Original', times: 1, tiles: 213, seeds: 2, difference: -0.4, bound: -0.02 },
    interval: [-0.52, -0.28],
    ...{ p: 2e-5, adjusted: 4e-5, components: { tiles: 0.2, seeds: 0.0002, rest: 0.15 }, smallest: 0.17 },
    target: { difference: -0.06, from: 'paper' },
    needed: { seeds: 4, tiles: [2, 3, 5, 10].map((seeds) => ({ seeds, tiles: seeds === 2 ? null : 4200 })) },
  };
  return {
    version: 1,
    kind: 'orbit-lab report',
    table: 'table-2',
    title: 'Table II by hand',
    scale: 'small',
    made: '2026-01-02T03:04:05Z',
    command: 'npm run -s lab -- reproduce table-2',
    seeds: [1, 2],
    environment: { backend: 'wasm', hardware: 'a test', software: 'by hand' },
    wallSeconds: 130,
    recipes: { 'eurosat-paper': { version: 1, name: 'by hand' } },
    sections: [
      {
        id: 'exact',
        title: 'Two rows',
        data: {
          name: 'eurosat',
          title: 'EuroSAT subset',
          size: 64,
          classes: ['a', 'b'],
          splits: { train: 648, val: 218, test: 213 },
          hash: '0'.repeat(16),
          parts: { train: 'a', val: 'b', test: 'c' },
        },
        baseline: 'original',
        rows: [
          {
            id: 'original',
            label: 'Original',
            paper: { accuracy: 0.9737, megabytes: 2.03 },
            reference: { accuracy: 0.668, note: 'other tiles' },
            lab,
            verdict: { reproduces: null, sentence: 'Nothing is claimed of it.' },
            remarks: [],
          },
          {
            id: 'misaligned',
            label: 'Pruned 50 %, misaligned',
            paper: { accuracy: 0.1041, megabytes: 1.01, reduction: 0.504, note: 'fits no network' },
            reference: null,
            lab: { ...lab, accuracy: figure(0.25, 0.29), interval: [0.18, 0.37], bytes: 1077064, paired },
            verdict: { reproduces: true, sentence: 'It collapses by 40 points.' },
            told: [told],
            remarks: ['Fine-tuning was not asked for.'],
          },
        ],
      },
    ],
  };
}

/** What is saved of two networks beside each other: every layer once, figures in full, nothing in place of what is not there. */
import { expect, test } from 'vitest';
import { totalCost } from '../../lab/evaluate/cost';
import { diffNetworks } from '../../lab/evaluate/layerDiff';
import { describeNetwork } from '../../lab/evaluate/layers';
import { namedArch } from '../../lab/families/gcnn/zoo';
import { quantiseArch } from '../../lab/quantize/quantise';
import { recordsOf } from '../../state/testing/tables';
import type { TimedHere } from '../../worker/protocol/results';
import { layersBesideTable, paceTable } from './compareTables';

test('layers: sums of the columns are the totals of both; a merged norm has no figures after', () => {
  const arch = namedArch('tiny');
  const rounded = quantiseArch(arch, { layers: 'all', range: 'tile' });
  const table = layersBesideTable(diffNetworks(describeNetwork('a', arch), describeNetwork('b', rounded)));
  const records = recordsOf(table);
  const sum = (column: string) => records.reduce((all, record) => all + Number(record[column] ?? 0), 0);
  expect(sum('parameters before')).toBe(totalCost(arch).params);
  expect(sum('stored here (bytes) after')).toBe(totalCost(rounded).bytes);
  const merged = records.filter(({ fate }) => fate === 'merged');
  expect(merged.length).toBe(arch.blocks.length);
  for (const record of merged)
    expect([record['layer after'], record['parameters after']]).toEqual([null, null]);
  expect(table.source).toEqual({ before: 'a', after: 'b' });
});

test('times: a row for each, with ratios and memory where they were measured', () => {
  const ratio = { p25: 0.4, p50: 0.5, p75: 0.6 };
  const timing = { threads: 1, batch: 1, runs: 3, least: 1, p50: 2, p95: 3, toWhole: null, toLab: null };
  const timed: TimedHere = {
    names: ['whole', 'half'],
    rows: [
      { ...timing, network: 0, engine: 'lab' },
      { ...timing, network: 1, engine: 'lab', toWhole: ratio },
      { ...timing, network: 1, engine: 'onnxruntime', toLab: ratio },
    ],
    peaks: [
      { network: 0, batch: 1, bytes: 100 },
      { network: 1, batch: 1, bytes: 50 },
    ],
    onnxruntime: '1.30.0',
    without: null,
  };
  const memory = 'most bytes of tensors in a pass of the lab';
  expect(recordsOf(paceTable(timed, 'wasm'))).toMatchObject([
    { network: 'whole', engine: 'lab', [memory]: 100, 'of the whole network, p50': null },
    {
      network: 'half',
      engine: 'lab',
      [memory]: 50,
      'of the whole network, p50': 0.5,
      'of the lab, p50': null,
    },
    { network: 'half', engine: 'onnxruntime', [memory]: null, 'of the lab, p75': 0.6, 'p95 (ms)': 3 },
  ]);
});

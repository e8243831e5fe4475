import { expect, test } from 'vitest';
import { handReport } from '../../lab/testing/reports';
import { recordsOf } from '../../state/testing/tables';
import { chartTable, sectionTable } from './tables';

const report = handReport();

test('a section: every figure of the lab with its seeds, and what others printed', () => {
  for (const section of report.sections) {
    const records = recordsOf(sectionTable(report, section));
    expect(records.map(({ row }) => row)).toEqual(section.rows.map(({ label }) => label));
    for (const [i, { lab, paper }] of section.rows.entries()) {
      expect(records[i]).toMatchObject({
        'accuracy (share)': lab.accuracy.mean,
        'accuracy (share): sd': lab.accuracy.sd,
        'difference (share)': lab.paired?.difference.mean ?? null,
        undecided: lab.undecided,
        bytes: lab.bytes,
        'paper: accuracy (share)': paper?.accuracy ?? null,
      });
      for (const [at, seed] of report.seeds.entries())
        expect(records[i][`accuracy (share): seed ${seed}`]).toBe(lab.accuracy.values[at]);
    }
  }
});

test('a chart: what is drawn in it, under a name of its own', () => {
  const [section] = report.sections;
  const tables = (['accuracy', 'agreement'] as const).map((which) => chartTable(report, section, which));
  expect(recordsOf(tables[1])[0]['same answer at all four turns (share)']).toBe(
    section.rows[0].lab.agreement.mean,
  );
  expect(recordsOf(tables[0])[0]).toHaveProperty('paper (share)');
  expect(tables[1].columns).not.toContain('paper (share)');
  const names = [...tables, sectionTable(report, section)].map(({ name }) => name);
  expect(new Set(names).size).toBe(3);
});

import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { readReport } from '../../lab/reproduce/open';
import { handReport } from '../../lab/testing/reports';
import { FINDINGS, openReport, showReport, usePaper } from '../paper/paper';
import { accuracyInWords, HEADS, madeSentence, rowCells, sectionSentence } from './report';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const report = handReport();
const [section] = report.sections;

test('a row tells the paper, the reference and the lab side by side', () => {
  const [original, misaligned] = section.rows.map((row) => rowCells(row, section).map(plain));
  expect(original).toHaveLength(HEADS.length);
  expect(original).toEqual([
    ...['Original', '97.4', '66.8', '67.0 ± 1.4 (n = 2)', '–', '–', '65.5', '81.0'],
    ...['3 of 426', '2.1 MB', '2.03 MB'],
  ]);
  expect(misaligned.slice(1, 6)).toEqual(['10.4', '–', '27.0 ± 2.8 (n = 2)', '−40.0 ± 1.4', '4 / 168']);
  expect(misaligned.at(-1)).toBe('1.01 MB, −50.4 %');
  expect(plain(accuracyInWords(section.rows[1]))).toBe(
    'Pruned 50 %, misaligned: 27.0 %, in the paper 10.4 %.',
  );
  expect(plain(sectionSentence(section))).toMatch(/213 test tiles; one test tile is 0\.47 points/);
  expect(madeSentence(report)).toMatch(/^Scale small, seeds 1, 2, made on 2026-01-02 with wasm\. /);
});

describe('opening', () => {
  beforeEach(() => usePaper.setState({ shown: FINDINGS, reports: {}, trouble: null }));
  const open = (text: string) => openReport(new File([text], 'mine.json'));

  test('a report is shown under its name; one that was read is not read again', async () => {
    await open(JSON.stringify(report));
    expect(usePaper.getState()).toMatchObject({ shown: 'mine.json', trouble: null });
    expect(usePaper.getState().reports['mine.json']).toEqual(report);
    await showReport('mine.json', () => Promise.reject(new Error('read again')));
    expect(usePaper.getState().trouble).toBeNull();
  });

  test.each([
    ['no JSON', 'nothing', /^mine\.json is not JSON/],
    [
      'one that says something twice',
      JSON.stringify(report).replace('{', '{"version":2,'),
      /^mine\.json says "version" twice/,
    ],
    ['another document', '{"version":1}', /^mine\.json is not a report of this lab; give the report\.json/],
    ['null', 'null', /^mine\.json is not a report of this lab/],
    ['a later version', JSON.stringify({ ...report, version: 2 }), /is a report of version 2, and this page/],
    [
      'a damaged one',
      JSON.stringify({ ...report, sections: [{ ...section, rows: [{ id: 1 }] }] }),
      /^mine\.json is a damaged report: "sections\.0\.rows\.0\.id" does not fit/,
    ],
  ])('%s is refused, and what was shown stays', async (_, text, sentence) => {
    await open(text);
    expect(usePaper.getState()).toMatchObject({ shown: FINDINGS, reports: {} });
    expect(usePaper.getState().trouble).toMatch(sentence);
  });

  test('a report that cannot be loaded says so and leaves the findings', async () => {
    await showReport('table-2-small', () => Promise.reject(new Error('gone')));
    expect(usePaper.getState()).toMatchObject({ shown: FINDINGS, trouble: 'gone' });
  });
});

test('the reports that come with the page can be read', () => {
  for (const file of shipped())
    expect(readReport(readFileSync(file, 'utf8'), file).kind).toBe('orbit-lab report');
});

const shipped = () =>
  Object.keys(import.meta.glob('../../../docs/reports/*/report.json')).map((path) =>
    path.replace('../../../', ''),
  );

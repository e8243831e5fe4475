/** What sweeps cost on paper: as the document prints it, and as the command does. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RATES, studyJobs } from '../../src/lab/reproduce/tableCost';
import { tableNamed } from '../../src/lab/reproduce/tables';
import { lab } from '../testing/lab';
import { costRow, costsOf, tableCosts } from './cost';

const document = readFileSync('docs/sweeps.md', 'utf8');
const ROWS = [
  ...['2', '4', '5'].map((table) =>
    costRow(
      `Table ${['', '', 'II', '', 'IV', 'V'][Number(table)]}, five seeds`,
      tableCosts(tableNamed(`table-${table}`), 5),
    ),
  ),
  costRow('a study of 1,000 steps', costsOf(studyJobs(333))),
];

test.each(ROWS)('the document has the row %s', (row) => expect(document.split('\n')).toContain(row));

test('the document has the rates that were put in', () => {
  for (const [design, { training, answering }] of Object.entries(RATES)) {
    const [name, size] = design.split(' ');
    const row = document
      .split('\n')
      .find((line) => line.startsWith(`| \`${name}\``) && line.includes(`${size}×${size}`))!;
    expect(
      row
        .split('|')
        .slice(2, 4)
        .map((cell) => Number(cell.replace(',', ''))),
    ).toEqual([training, answering]);
  }
});

test('the command prints it, and makes nothing', async () => {
  const asked = ['reproduce', 'table-5', '--seeds', '5', '--out', '/nowhere/at/all', '--cost'];
  const { code, out, err } = await lab(...asked);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/table-5 at full scale, 5 seeds: 75 jobs/);
  const { costs } = JSON.parse((await lab(...asked, '--json')).out);
  expect(costs).toEqual(tableCosts(tableNamed('table-5'), 5));
  const one = await lab(
    'reproduce',
    'table-5',
    '--seeds',
    '1',
    '--scale',
    'whole',
    '--out',
    '/nowhere',
    '--cost',
  );
  expect(one.out).toMatch(/^table-5 at whole scale, 1 seed: /);
  const folded = await lab('reproduce', 'table-4', '--folds', '5', '--out', '/nowhere', '--cost');
  expect([folded.code, folded.err]).toEqual([2, expect.stringMatching(/leave out --folds/)]);
  const none = await lab('reproduce', 'vbp-vit', '--out', '/nowhere', '--cost');
  expect([none.code, none.err]).toEqual([2, expect.stringMatching(/Nobody has measured how fast/)]);
});

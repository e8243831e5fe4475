import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { FORMULA } from '../../lab/csv';
import { type Cell, fileName, type Table } from '../../state/page/table';
import { csvOf, jsonOf } from './csv';

const cells: fc.Arbitrary<Cell> = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ', '=', '-', "'", 'é', '\t') }),
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const names = fc.string({ minLength: 1 });

const tables: fc.Arbitrary<Table> = fc
  .uniqueArray(names, { minLength: 2, maxLength: 6 })
  .chain(([first, ...columns]) =>
    fc.record({
      name: fc.string(),
      title: fc.string(),
      columns: fc.constant(columns),
      rows: fc.array(fc.array(cells, { minLength: columns.length, maxLength: columns.length }), {
        maxLength: 6,
      }),
      source: fc.record({ [first]: cells }),
    }),
  );

/** What a reader finds of a cell: text; what a spreadsheet would run carries an apostrophe. */
function read(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : String(cell);
}

test('a CSV file reads as the table it was written from, the source in the last columns of every row', () => {
  fc.assert(
    fc.property(tables, (table) => {
      const { data, errors } = Papa.parse<string[]>(csvOf(table).replace(/\r\n$/, ''), { delimiter: ',' });
      expect(errors).toEqual([]);
      const facts = Object.values(table.source);
      const expected = [
        [...table.columns, ...Object.keys(table.source)],
        ...table.rows.map((row) => [...row, ...facts]),
      ];
      expect(data).toEqual(expected.map((row) => row.map(read)));
    }),
  );
});

test('lines end as RFC 4180 says, and cells are quoted where they must be', () => {
  const table = {
    name: '',
    title: '',
    columns: ['a (%)', 'b'],
    rows: [
      [1.5, 'x, "y"'],
      [-2, null],
    ],
    source: { n: 3 },
  };
  expect(csvOf(table)).toBe('a (%),b,n\r\n1.5,"x, ""y""",3\r\n-2,,3\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '=1\n2', '\n=1', '＝1'])(
  'the text %j is no formula to a spreadsheet; a negative number stays a number',
  (text) => {
    const csv = csvOf({ columns: ['a', 'b'], rows: [[text, -1]], source: {} });
    expect(Papa.parse<string[]>(csv).data[1]).toEqual([`'${text}`, '-1']);
  },
);

test('a JSON file is the table', () => {
  fc.assert(
    fc.property(tables, (table) => {
      expect(JSON.parse(jsonOf(table))).toEqual(JSON.parse(JSON.stringify(table)));
    }),
  );
});

test('file names say what is inside, in letters that every disk takes', () => {
  expect(fileName('curve synthetic 32', 'csv')).toBe('orbit-lab-curve-synthetic-32.csv');
  expect(fileName('runs: C4/D4 “ä”', 'png')).toBe('orbit-lab-runs-C4-D4-ä.png');
  expect(fileName('../..', 'json')).toBe('orbit-lab-unnamed.json');
});

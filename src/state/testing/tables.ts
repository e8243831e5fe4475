/** What every table to be saved must keep. */
import { expect } from 'vitest';
import type { Table } from '../page/table';

/** Fails where cells and names do not go together; returns each row by its names. */
export function recordsOf({ columns, rows, source }: Table): Record<string, unknown>[] {
  const names = [...columns, ...Object.keys(source)];
  expect(new Set(names).size, 'names that occur twice').toBe(names.length);
  expect(rows.filter(({ length }) => length !== columns.length)).toEqual([]);
  expect(rows.flat().filter((cell) => cell === undefined || Number.isNaN(cell))).toEqual([]);
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
}

/** What enters a result is computed alike in every browser: the lab asks JavaScript for no function that differs among them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** What ECMAScript lets every engine approximate in its own way; powers as operator stand for small whole ones of whole numbers. */
const APPROXIMATE = /\bMath\.(a?cosh?|a?sinh?|a?tanh?|atan2|cbrt|exp|expm1|hypot|log|log10|log1p|log2|pow)\(/;
/** Colours of a map's classes are looked at, and rounded. */
const EXEMPT = ['src/lab/scenes/classColours.ts'];

test('no file of the lab calls an approximate function of Math', () => {
  const files = readdirSync('src/lab', { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join('src/lab', file.replaceAll(path.sep, '/')))
    .filter(
      (file) => file.endsWith('.ts') && !/\.test\.ts$|\/testing\//.test(file) && !EXEMPT.includes(file),
    );
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((file) => APPROXIMATE.test(readFileSync(file, 'utf8')))).toEqual([]);
});

test('… and the search finds what is planted', () => {
  expect(APPROXIMATE.test('const p = Math.exp(-x);')).toBe(true);
  expect(APPROXIMATE.test('Math.sqrt(Math.max(1, Math.round(x))); // not Math.pow')).toBe(false);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GROUP_NAMES, GROUPS } from './group';
import {
  fieldsOf,
  fromFields,
  KINDS,
  type Kind,
  matrixOf,
  toFields,
  turnMaps,
  WIDTHS,
  widthOf,
} from './kinds';
import { turnPictures } from './turn';

const groups = fc.constantFrom(...GROUP_NAMES);
const kinds = fc.constantFrom(...KINDS);

test('matrices multiply as the elements of the group do', () => {
  const { elements, multiply } = GROUPS.D4;
  for (const kind of KINDS) {
    for (const [a, first] of elements.entries()) {
      for (const [b, second] of elements.entries()) {
        const [left, right] = [matrixOf(kind, first), matrixOf(kind, second)];
        const product = left.map((row) =>
          right[0].map((_, c) => row.reduce((sum, x, k) => sum + x * right[k][c], 0)),
        );
        const expected = matrixOf(kind, elements[multiply[a][b]]);
        expect(product.map((row) => row.map((x) => x + 0))).toEqual(
          expected.map((row) => row.map((x) => x + 0)),
        );
      }
    }
  }
});

test('a vector points, after a turn, to where the pixel that it pointed to went', () => {
  // The middle pixel of 5 × 5, and one two to the right and one down of it.
  const size = 5;
  const vector = [2, 1];
  for (const g of GROUPS.D4.elements) {
    const marked = new Float32Array(size * size);
    marked[(2 + vector[1]) * size + 2 + vector[0]] = 1;
    const at = turnPictures(marked, size, 1, g).indexOf(1);
    const turned = matrixOf('vector', g).map((row) => row[0] * vector[0] + row[1] * vector[1]);
    expect([(at % size) - 2, Math.floor(at / size) - 2]).toEqual(turned.map((x) => x + 0));
  }
});

test('a value made fields, and these permuted, are the fields of the value turned; and back, all of it reached', () => {
  const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(groups, kinds, values, (name, kind, numbers) => {
      const { elements, inverse, multiply, order } = GROUPS[name];
      const value = numbers.slice(0, WIDTHS[kind]);
      const fields = numbers.slice(0, order * fieldsOf(kind, name));
      const permuted = (f: readonly number[], g: number) =>
        f.map((_, at) => f[at - (at % order) + multiply[inverse[g]][at % order]]);
      for (const [g, element] of elements.entries()) {
        const turned = matrixOf(kind, element).map((row) => row.reduce((sum, x, i) => sum + x * value[i], 0));
        expectClose(times(turned, toFields(kind, name)), permuted(times(value, toFields(kind, name)), g));
        const back = times(fields, fromFields(kind, name));
        const moved = matrixOf(kind, element).map((row) => row.reduce((sum, x, i) => sum + x * back[i], 0));
        expectClose(times(permuted(fields, g), fromFields(kind, name)), moved);
      }
      // There and back is a multiple of the value, and not nothing.
      const again = times(times(value, toFields(kind, name)), fromFields(kind, name));
      const share = 1 / (WIDTHS[kind] / fieldsOf(kind, name));
      expectClose(
        again,
        value.map((x) => x * share),
      );
    }),
    { numRuns: 60 },
  );
});

const times = (row: readonly number[], matrix: readonly (readonly number[])[]): number[] =>
  matrix[0].map((_, c) => matrix.reduce((sum, each, r) => sum + row[r] * each[c], 0));

function expectClose(a: readonly number[], b: readonly number[]): void {
  expect(a.length).toBe(b.length);
  for (const [i, x] of a.entries()) expect(x).toBeCloseTo(b[i], 12);
}

test('maps turned there and back are what they were, and turned in two steps as in one', () => {
  const mixed: Kind[] = ['scalar', 'vector', 'extent'];
  const size = 4;
  const data = Float32Array.from({ length: 2 * size * size * widthOf(mixed) }, (_, i) => (i * 31) % 17);
  const { elements, multiply, inverse } = GROUPS.D4;
  for (const [a, first] of elements.entries()) {
    expect(turnMaps(turnMaps(data, size, mixed, first), size, mixed, elements[inverse[a]])).toEqual(data);
    for (const [b, second] of elements.entries()) {
      const both = turnMaps(turnMaps(data, size, mixed, second), size, mixed, first);
      expect(both).toEqual(turnMaps(data, size, mixed, elements[multiply[a][b]]));
    }
  }
});

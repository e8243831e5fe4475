import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '../testing/properties';
import { expandGrid, expansionMap, type FilterShape } from './filters';
import { GROUPS } from './group';
import { steerableBasis } from './steerable';
import { turnPictures } from './turn';

const shapes = fc.record<FilterShape>({
  group: fc.constantFrom('C2', 'C4', 'D4'),
  kernel: fc.constantFrom(1, 3, 5),
  fieldsIn: fc.integer({ min: 1, max: 3 }),
  sizeIn: fc.constant(0),
  fieldsOut: fc.integer({ min: 1, max: 3 }),
});
const anyShape = fc
  .tuple(shapes, fc.boolean())
  .map(([shape, lifting]) => ({ ...shape, sizeIn: lifting ? 1 : GROUPS[shape.group].order }));

describe('filter expansion', () => {
  test('uses every free weight exactly |G| times, each orientation once', () => {
    fc.assert(
      fc.property(anyShape, (shape) => {
        const { order } = GROUPS[shape.group];
        const { source, copies } = expansionMap(shape);
        const uses = new Map<number, number>();
        for (const from of source) uses.set(from, (uses.get(from) ?? 0) + 1);
        expect([...uses.values()].every((count) => count === order)).toBe(true);
        const free = copies.length / order;
        expect(uses.size).toBe(free);
        expect(copies.every((to, i) => source[to] === i % free)).toBe(true);
      }),
    );
  });

  test('maps of many widths are not all kept, those of the network at hand are', () => {
    const shape = (fieldsOut: number): FilterShape => ({
      ...{ group: 'D4', kernel: 5, fieldsIn: 32, sizeIn: 8, fieldsOut },
    });
    const layers = [20, 21].map(shape);
    const first = layers.map(expansionMap);
    // Pruned to every width, as a sweep does: maps of some 3 million integers each, more than are kept.
    const early = expansionMap(shape(22));
    for (let fieldsOut = 23; fieldsOut < 28; fieldsOut++) {
      expansionMap(shape(fieldsOut));
      layers.forEach((layer, i) => {
        expect(expansionMap(layer)).toBe(first[i]);
      });
    }
    const again = expansionMap(shape(22));
    // Not by `toBe`, which compares what is not the same number by number.
    expect(again === early).toBe(false);
    expect(Buffer.compare(new Uint8Array(again.copies.buffer), new Uint8Array(early.copies.buffer))).toBe(0);
  });

  test('turning the bank by k permutes its orientations: k·bank[(f′,h),(f,g)] = bank[(f′,kh),(f,kg)]', () => {
    fc.assert(
      fc.property(anyShape, fc.nat(), (shape, pick) => {
        const group = GROUPS[shape.group];
        const k = pick % group.order;
        const { kernel, fieldsIn, sizeIn, fieldsOut } = shape;
        const [inputs, outputs] = [fieldsIn * sizeIn, fieldsOut * group.order];
        const free = Float32Array.from({ length: kernel ** 2 * inputs * fieldsOut }, (_, i) => i + 1);
        const bank = expandGrid(free, shape);
        const turned = turnPictures(bank, kernel, inputs * outputs, group.elements[k]);
        const wrong: number[] = [];
        for (let p = 0; p < kernel ** 2; p++) {
          for (let i = 0; i < inputs; i++) {
            for (let o = 0; o < outputs; o++) {
              const h = i % sizeIn;
              const to = sizeIn === 1 ? i : i - h + group.multiply[k][h];
              const g = o % group.order;
              const at = (p * inputs + to) * outputs + (o - g + group.multiply[k][g]);
              if (bank[at] !== turned[(p * inputs + i) * outputs + o]) wrong.push(at);
            }
          }
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: cases(30) },
    );
  });
});

describe.each([1, 3, 5, 7, 9])('the steerable basis on %i×%i', (kernel) => {
  const { count, functions } = steerableBasis(kernel);
  const column = (j: number) =>
    Float64Array.from({ length: kernel ** 2 }, (_, p) => functions[p * count + j]);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

  test('is orthonormal, with the number of functions e2cnn has', () => {
    expect(count).toBe({ 1: 1, 3: 6, 5: 11, 7: 18, 9: 31 }[kernel]);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) expect(dot(column(i), column(j))).toBeCloseTo(i === j ? 1 : 0, 5);
    }
  });

  test('spans a space closed under every element of D4', () => {
    for (const element of GROUPS.D4.elements) {
      for (let j = 0; j < count; j++) {
        const turned = Float64Array.from(turnPictures(Float32Array.from(column(j)), kernel, 1, element));
        let inside = 0;
        for (let i = 0; i < count; i++) inside += dot(column(i), turned) ** 2;
        expect(inside).toBeCloseTo(1, 5);
      }
    }
  });
});

/** One field under its whole group: the maps change seats as the group acts, and a torn petal ends that. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GcnnModel } from '../families/gcnn/model';
import { silence } from '../prune/counterexamples/channels';
import { quantiseModel } from '../quantize/quantise';
import { GROUPS, type GroupName } from '../symmetry/group';
import { planeAt } from '../symmetry/seats';
import { turnPictures } from '../symmetry/turn';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { cases } from '../testing/properties';
import { noise, shakenModel, tinyModel, tinyVit } from '../testing/tiny';
import { largestDifference } from './difference';
import { equivarianceErrors } from './equivariance';
import { hasOrbit, mostTelling, orbitMaps, tellingOf, tellsMore } from './orbit';

const SYMMETRIC = ['C2', 'C4', 'D1', 'D4'] as const satisfies GroupName[];
const tileOf = (seed: number) => noise(8 * 8 * 3, seed);

/** By the rules themselves, beside what the picture says of them. */
function expectSeatsToChange(model: GcnnModel, maps: Awaited<ReturnType<typeof orbitMaps>>): void {
  const { order, elements, multiply, inverse } = GROUPS[model.arch.group];
  const { size } = maps;
  const off: string[] = [];
  for (let k = 0; k < order; k++) {
    for (let s = 0; s < order; s++) {
      const from = planeAt(maps.maps, size, multiply[inverse[k]][s]);
      const apart = largestDifference(
        planeAt(maps.maps, size, k * order + s),
        turnPictures(from, size, 1, elements[k]),
      );
      if (!(apart < 1e-5)) off.push(`element ${k}, seat ${s}: ${apart}`);
      if (!(maps.seatErrors[k * order + s] < 1e-5)) off.push(`said of ${k}, ${s}`);
    }
    if (!(maps.pooledErrors[k] < 1e-5)) off.push(`pooled, element ${k}`);
  }
  expect(off).toEqual([]);
}

describeOnBackends('the orbit of a filter', () => {
  forbidLeaks();

  test('for every element, the map on each seat of the turned tile is the turned map of the seat it came from', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SYMMETRIC),
        fc.constantFrom('grid' as const, 'steerable' as const),
        fc.constantFrom(1 as const, 3 as const, 5 as const),
        fc.nat({ max: 1 }),
        fc.integer({ min: 1, max: 1000 }),
        async (group, filters, kernel, field, seed) => {
          const model = tinyModel({ group, filters, kernel, seed });
          const maps = await orbitMaps(model, tileOf(seed), { field, torn: [] });
          expectSeatsToChange(model, maps);
          expect(maps.error).toBeLessThan(1e-5);
          expect(new Set(maps.answers.map(({ answer }) => answer)).size).toBe(1);
          // Its filters are one filter, turned.
          const { elements } = GROUPS[group];
          const length = kernel ** 2 * 3;
          elements.forEach((element, s) => {
            const turned = turnPictures(maps.filters.slice(0, length), kernel, 3, element);
            expect(maps.filters.slice(s * length, (s + 1) * length)).toEqual(turned);
          });
        },
      ),
      { numRuns: cases(24) },
    );
  });

  test('with a petal torn off its seat stays empty at every turn; with all of them off nothing is broken', async () => {
    for (const group of SYMMETRIC) {
      const { order } = GROUPS[group];
      const model = tinyModel({ group, head: 'pooled', seed: 4 });
      const torn = await orbitMaps(model, tileOf(2), { field: 1, torn: [order - 1] });
      const { size, maps } = torn;
      for (let k = 0; k < order; k++)
        expect(planeAt(maps, size, k * order + order - 1).every((value) => value === 0)).toBe(true);
      expect(Math.max(...torn.seatErrors)).toBeGreaterThan(0.1);
      expect(torn.error).toBeGreaterThan(1e-4);
      // The lab's measure of the same network says the same.
      const errors = await equivarianceErrors(silence(model, 1, Uint32Array.of(2 * order - 1)), tileOf(2));
      expect(torn.error).toBeCloseTo(errors.find(({ layer }) => layer === 'logits')!.max, 5);
      const gone = await orbitMaps(model, tileOf(2), {
        field: 1,
        torn: Array.from({ length: order }, (_, s) => s),
      });
      expect(gone.error).toBeLessThan(1e-5);
      expect(Math.max(...gone.seatErrors, ...gone.pooledErrors)).toBe(0);
    }
  });

  test('the field that tells most is none of those that tell less', async () => {
    const model = tinyModel({ seed: 6 });
    const tiles = Float32Array.from([...tileOf(7), ...tileOf(8)]);
    const [first, second] = await Promise.all([0, 1].map((field) => tellingOf(model, tiles, field)));
    expect(first.length).toBe(2);
    for (const [i, at] of [0, 1].entries()) {
      const found = await mostTelling(model, tiles.slice(192 * at, 192 * (at + 1)));
      expect(found).toBe(tellsMore(second[i], first[i]) ? 1 : 0);
      expect(first[i].moved).toBeGreaterThan(0);
    }
  });

  test('networks in integers have one too, exactly; plain ones and transformers have none', async () => {
    const model = quantiseModel(tinyModel({ group: 'C4', seed: 2 }), { layers: 'all', range: 'tile' });
    const maps = await orbitMaps(model, tileOf(3), { field: 0, torn: [] });
    expectSeatsToChange(model, maps);
    expect(maps.norm).toBeNull();
    expect(hasOrbit(model)).toBe(true);
    expect(hasOrbit(tinyModel({ group: 'C1' }))).toBe(false);
    expect(hasOrbit(shakenModel(tinyVit('C4')))).toBe(false);
  });

  test('what the norm does is one factor and one shift for all seats', async () => {
    // A 1×1 filter on a tile of one colour: the map is the norm of one product.
    const model = tinyModel({ group: 'C4', kernel: 1, seed: 9 });
    const tile = new Float32Array(8 * 8 * 3).fill(0.5);
    const { filters, norm, maps } = await orbitMaps(model, tile, { field: 0, torn: [] });
    const product = 0.5 * (filters[0] + filters[1] + filters[2]);
    expect(maps[0]).toBeCloseTo(Math.max(0, norm!.scale * product + norm!.shift), 5);
  });
});

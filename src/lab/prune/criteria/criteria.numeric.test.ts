import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HeadKind } from '../../families/gcnn/arch';
import { headInputs } from '../../families/gcnn/layout';
import type { GcnnModel } from '../../families/gcnn/model';
import { GROUPS, type GroupName } from '../../symmetry/group';
import { turnSource } from '../../symmetry/turn';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { noise, tinyModel } from '../../testing/tiny';
import { activationStatistics } from '../neurons/statistics';
import { neuronFilters } from '../units/filters';
import { overlapsOf } from '../units/overlaps';
import { CRITERIA, CRITERION_IDS, criterion } from '.';

const UNITS = 6;
const anyModel = fc.record({
  seed: fc.integer({ min: 1, max: 1000 }),
  group: fc.constantFrom<GroupName>('C2', 'C4', 'D4'),
  head: fc.constantFrom<HeadKind>('flat', 'orbit', 'pooled'),
});

async function saliencyOf(model: GcnnModel, id: string, tiles = 5) {
  const activations = noise(tiles * UNITS, 3).map((value) => Math.max(0, value));
  const labels = Uint8Array.from({ length: tiles }, (_, t) => t % 3);
  const filters = neuronFilters(model);
  const overlaps = await overlapsOf(filters);
  const statistics = { ...activationStatistics(model, activations, labels), overlaps };
  return { activations, labels, saliency: criterion(id).saliency({ filters, statistics, seed: 1 }) };
}

/** One unit's pattern, entry by entry: dense1's column. */
function pattern({ params, arch }: GcnnModel, unit: number): Float64Array {
  const { data } = params['dense1.weight'];
  return Float64Array.from({ length: headInputs(arch) }, (_, i) => data[i * UNITS + unit]);
}

describeOnBackends('criteria', (backend) => {
  forbidLeaks();
  const numRuns = backend === 'webgpu' ? 2 : 20;

  test('the list and the names are the same, and every criterion gives one finite value per unit', () => {
    expect(CRITERIA.map(({ id }) => id)).toEqual([...CRITERION_IDS]);
    return fc.assert(
      fc.asyncProperty(anyModel, fc.constantFrom(...CRITERION_IDS), async (options, id) => {
        const { saliency } = await saliencyOf(tinyModel({ ...options, hidden: UNITS }), id);
        expect(saliency.length).toBe(UNITS);
        expect(saliency.every(Number.isFinite)).toBe(true);
      }),
      { numRuns },
    );
  });

  describe('geometric median', () => {
    test('is the sum of distances in the best mutual orientation', () => {
      return fc.assert(
        fc.asyncProperty(anyModel, async (options) => {
          const model = tinyModel({ ...options, hidden: UNITS });
          const { saliency } = await saliencyOf(model, 'geometric-median');
          const fields = model.arch.blocks.at(-1)!.fields;
          const elements = options.head === 'orbit' ? GROUPS[options.group].elements : GROUPS.C1.elements;
          const side = Math.sqrt(headInputs(model.arch) / fields);
          for (let i = 0; i < UNITS; i++) {
            let sum = 0;
            for (let j = 0; j < UNITS; j++) {
              const [a, b] = [pattern(model, i), pattern(model, j)];
              const distances = elements.map((g) => {
                if (options.head !== 'orbit') return Math.hypot(...a.map((value, at) => value - b[at]));
                const source = turnSource(side, g);
                return Math.hypot(
                  ...a.map(
                    (value, at) => value - b[source[Math.floor(at / fields)] * fields + (at % fields)],
                  ),
                );
              });
              sum += Math.min(...distances);
            }
            expect(saliency[i]).toBeCloseTo(sum, 5);
          }
        }),
        { numRuns },
      );
    });

    test('sees through an orientation: a turned copy is as far from all others as its original', async () => {
      const model = tinyModel({ head: 'orbit', group: 'D4', hidden: UNITS });
      const { data, shape } = model.params['dense1.weight'];
      const fields = model.arch.blocks.at(-1)!.fields;
      const source = turnSource(Math.sqrt(shape[0] / fields), GROUPS.D4.elements[6]);
      const copied = data.slice();
      for (let i = 0; i < shape[0]; i++) {
        copied[i * UNITS + 4] = data[(source[Math.floor(i / fields)] * fields + (i % fields)) * UNITS + 1];
      }
      const twin = { ...model, params: { ...model.params, 'dense1.weight': { shape, data: copied } } };
      const { saliency } = await saliencyOf(twin, 'geometric-median');
      expect(saliency[4]).toBeCloseTo(saliency[1], 5);
    });
  });

  test('Taylor is the mean of |a · ∂L/∂a|, the slope taken by difference quotients', () => {
    return fc.assert(
      fc.asyncProperty(anyModel, async (options) => {
        const model = tinyModel({ ...options, hidden: UNITS });
        const { saliency, activations, labels } = await saliencyOf(model, 'taylor');
        const { data: weight } = model.params['dense2.weight'];
        const bias = model.params['dense2.bias'].data;
        const loss = (row: Float64Array, label: number) => {
          const logits = Array.from(bias, (b, c) =>
            row.reduce((sum, a, u) => sum + a * weight[u * 3 + c], b),
          );
          return Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0)) - logits[label];
        };
        for (let unit = 0; unit < UNITS; unit++) {
          let sum = 0;
          labels.forEach((label, t) => {
            const at = (nudge: number) => {
              const row = Float64Array.from(activations.subarray(t * UNITS, (t + 1) * UNITS));
              row[unit] += nudge;
              return loss(row, label);
            };
            const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
            sum += Math.abs(activations[t * UNITS + unit] * slope);
          });
          expect(saliency[unit]).toBeCloseTo(sum / labels.length, 7);
        }
      }),
      { numRuns },
    );
  });
});

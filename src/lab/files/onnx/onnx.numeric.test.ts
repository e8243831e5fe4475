/** ONNX files, run by ONNX Runtime, against the lab's own networks: every family, floats and integers. */
import fc from 'fast-check';
import { expect, test as run } from 'vitest';
import { rotationCheck } from '../../evaluate/rotation';
import { HEAD_KINDS } from '../../families/gcnn/arch';
import type { Model } from '../../nn/model';
import { quantiseModel } from '../../quantize/quantise';
import { finish } from '../../stage/events';
import { GROUP_NAMES } from '../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { testPlatform } from '../../testing/platform';
import { cases } from '../../testing/properties';
import { tinyDataset, tinyModel } from '../../testing/tiny';
import { type MadeChoices, SCALES, USUAL_CHOICES } from './choices';
import { compareOnnx } from './compare';
import { makeOnnx } from './make';
import { onnxOf } from './onnx';
import { kinds, turns } from './testing/kinds';

const dataset = tinyDataset(14);
const all = Uint32Array.from({ length: dataset.count }, (_, i) => i);
const trial = { pictures: dataset, calibration: all.subarray(0, 20), check: all };
const load = () => testPlatform().loadOnnxRuntime();

const make = async (model: Model, choices: Partial<MadeChoices> = {}) =>
  finish(makeOnnx(model, { ...USUAL_CHOICES, ...choices }, trial, load));

describeOnBackends('an ONNX file', (backend) => {
  forbidLeaks();
  // That plain JavaScript gives what WebAssembly does others test.
  const test = run.skipIf(backend === 'cpu');

  test.each(Object.entries(kinds()))(
    '%s: gives the logits of its network, also when it turns',
    async (_, model) => {
      const { comparison } = await make(model);
      expect(comparison).toMatchObject({ tiles: 42, answersThatDiffer: 0 });
      expect(comparison.largestDifference).toBeLessThan(1e-5);
      if (turns(model)) expect(comparison.turns).toMatchObject({ agreement: 1, changed: 0 });
    },
  );

  test.each(Object.entries(kinds()))('%s: in integers of fixed ranges', async (_, model) => {
    for (const scales of SCALES) {
      const { comparison } = await make(model, { rounding: 'static', scales });
      expect(comparison.largestDifference).toBeGreaterThan(1e-4);
      expect(comparison.largestDifference).toBeLessThan(0.25);
      expect(comparison.answersThatDiffer).toBeLessThan(11);
      if (turns(model)) expect(comparison.turns.changed).toBe(0);
    }
  });

  test.each(Object.entries(kinds()))('%s: in integers, as the lab rounds', async (_, model) => {
    const { comparison } = await make(model, { rounding: 'dynamic' });
    // Where an activation lies at the edge of two levels, rounding tips it: a step of 127, not an error.
    expect(comparison.largestDifference).toBeLessThan(0.02);
    expect(comparison.answersThatDiffer).toBeLessThanOrEqual(1);
    expect(comparison.differFromFloats).not.toBeNull();
    if (turns(model)) expect(comparison.turns.changed).toBe(0);
  });

  test('any network of groups, batches, integers, and preprocessing', async () => {
    const choices = fc.record({
      group: fc.constantFrom(...GROUP_NAMES),
      head: fc.constantFrom(...HEAD_KINDS),
      filters: fc.constantFrom('grid' as const, 'steerable' as const),
      seed: fc.nat(1000),
      int8: fc.constantFrom(
        null,
        { layers: 'dense', range: 'batch' } as const,
        { layers: 'all', range: 'batch' } as const,
        { layers: 'dense', range: 'tile' } as const,
      ),
      batch: fc.constantFrom(null, 1, 5),
      preprocessing: fc.constantFrom('inside' as const, 'beside' as const),
    });
    await fc.assert(
      fc.asyncProperty(choices, async ({ int8, batch, preprocessing, ...options }) => {
        const float = tinyModel(options);
        const model = int8 ? quantiseModel(float, int8) : float;
        const { comparison } = await make(model, { batch, preprocessing });
        expect(comparison.largestDifference).toBeLessThan(int8 ? 0.03 : 1e-5);
      }),
      { numRuns: cases(40) },
    );
  });

  test.each([null, 5, 42])(
    'in calls of %s: turned, it answers tile by tile as the lab does',
    async (batch) => {
      const model = tinyModel({ group: 'C1', head: 'flat', seed: 3 });
      const { comparison } = await make(model, { batch });
      const { agreement, changed, undecided } = await finish(rotationCheck(model, dataset, all, [0]));
      expect(changed).toBeGreaterThan(0);
      expect(comparison.turns).toEqual({ agreement, changed, undecided });
    },
  );

  test('would be found out, were its numbers in another order', async () => {
    const model = tinyModel({ head: 'orbit', group: 'D4' });
    const { shape, data } = model.params['dense1.weight'];
    const params = { ...model.params, 'dense1.weight': { shape, data: data.slice().reverse() } };
    const other = onnxOf({ ...model, params }, USUAL_CHOICES);
    const comparison = await finish(compareOnnx(model, other, USUAL_CHOICES, dataset, all, load));
    expect(comparison.largestDifference).toBeGreaterThan(0.01);
  });
});

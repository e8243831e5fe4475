/** TFLite files, run by LiteRT, against the lab's own networks: every family, floats and integers. */
import fc from 'fast-check';
import { expect, test as run } from 'vitest';
import { HEAD_KINDS } from '../../families/gcnn/arch';
import type { Model } from '../../nn/model';
import { quantiseModel } from '../../quantize/quantise';
import { finish } from '../../stage/events';
import { GROUP_NAMES } from '../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { testPlatform } from '../../testing/platform';
import { cases } from '../../testing/properties';
import { tinyDataset, tinyModel } from '../../testing/tiny';
import { compareFile } from '../onnx/compare';
import { kinds, turns } from '../onnx/testing/kinds';
import type { TfliteChoices } from './choices';
import { makeTflite } from './make';
import { openTflite } from './runtime';
import { tfliteOf } from './tflite';

const dataset = tinyDataset(14);
const check = Uint32Array.from({ length: dataset.count }, (_, i) => i);
const load = () => testPlatform().loadLiteRt();
const USUAL: TfliteChoices = { rounding: 'none', batch: 1, preprocessing: 'inside' };

const make = async (model: Model, choices: Partial<TfliteChoices> = {}) =>
  finish(makeTflite(model, { ...USUAL, ...choices }, { pictures: dataset, check }, load));

describeOnBackends('a TFLite file', (backend) => {
  forbidLeaks();
  // That plain JavaScript gives what WebAssembly does others test.
  const test = run.skipIf(backend === 'cpu');

  test.each(Object.entries(kinds()))(
    '%s: gives the logits of its network, also when it turns',
    async (_, model) => {
      const { comparison } = await make(model);
      expect(comparison).toMatchObject({ tiles: 42, answersThatDiffer: 0 });
      expect(comparison.largestDifference).toBeLessThan(1e-5);
      expect(comparison.runtime).toMatch(/^LiteRT \d+\.\d+\.\d+$/);
      if (turns(model)) expect(comparison.turns).toMatchObject({ agreement: 1, changed: 0 });
    },
  );

  test.each(Object.entries(kinds()))('%s: with weights in integers', async (_, model) => {
    const { comparison, network } = await make(model, { rounding: 'dynamic' });
    expect(network.bytes.length).toBeLessThan(tfliteOf(model, USUAL).bytes.length);
    expect(comparison.largestDifference).toBeGreaterThan(1e-4);
    expect(comparison.largestDifference).toBeLessThan(0.1);
    expect(comparison.answersThatDiffer).toBeLessThan(5);
    if (turns(model)) expect(comparison.turns.changed).toBe(0);
  });

  test.each(Object.entries(kinds()))('%s: in the integers that the lab rounded to', async (_, model) => {
    const { comparison } = await make(quantiseModel(model, { layers: 'all', range: 'tile' }));
    // Where an activation lies at the edge of two levels, rounding tips it: a step of 127, not an error.
    expect(comparison.largestDifference).toBeLessThan(0.02);
    expect(comparison.answersThatDiffer).toBeLessThanOrEqual(1);
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
      batch: fc.constantFrom(1, 5),
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

  test('would be found out, were its numbers in another order', async () => {
    const model = tinyModel({ head: 'orbit', group: 'D4' });
    const { shape, data } = model.params['dense1.weight'];
    const params = { ...model.params, 'dense1.weight': { shape, data: data.slice().reverse() } };
    const session = await openTflite(load, tfliteOf({ ...model, params }, USUAL));
    const comparison = await finish(compareFile(model, session, 'LiteRT', USUAL, dataset, check));
    expect(comparison.largestDifference).toBeGreaterThan(0.01);
  });

  test('is refused in words: no file, half a file, integers of integers', async () => {
    const { bytes, ...ports } = tfliteOf(tinyModel(), USUAL);
    for (const broken of [new Uint8Array(64), bytes.slice(0, bytes.length >> 1)])
      await expect(openTflite(load, { ...ports, bytes: broken })).rejects.toThrow(
        /LiteRT does not run the file/,
      );
    // It runs files as before.
    expect((await make(tinyModel())).comparison.answersThatDiffer).toBe(0);
    const rounded = quantiseModel(tinyModel(), { layers: 'all', range: 'tile' });
    await expect(make(rounded, { rounding: 'dynamic' })).rejects.toThrow(/in 8-bit integers already/);
    await expect(make(tinyModel(), { batch: 0 })).rejects.toThrow(/1 to 4096 pictures/);
  });
});

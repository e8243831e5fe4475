/** The exported file, read by an interpreter of its own, against the lab's network: every backend, every kind. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HEAD_KINDS } from '../../families/gcnn/arch';
import type { GcnnModel } from '../../families/gcnn/model';
import { quantiseModel } from '../../quantize/quantise';
import { GROUP_NAMES } from '../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { runPlain } from '../../testing/plainRunner';
import { relativeToRange, tinyModel } from '../../testing/tiny';
import { logitsOfPicture } from './logits';
import { patternPixels } from './pattern';
import { filesOf } from './takeAlong';

const int8s = [null, { layers: 'dense', range: 'batch' }, { layers: 'all', range: 'tile' }] as const;

const models: fc.Arbitrary<GcnnModel> = fc
  .record({
    group: fc.constantFrom(...GROUP_NAMES),
    head: fc.constantFrom(...HEAD_KINDS),
    filters: fc.constantFrom('grid' as const, 'steerable' as const),
    kernel: fc.constantFrom(3 as const, 5 as const),
    seed: fc.nat(1000),
    int8: fc.constantFrom(...int8s),
  })
  .map(({ int8, ...options }) => {
    const model = tinyModel(options);
    return int8 ? quantiseModel(model, int8) : model;
  });

/** Runs a model's exported file. */
function exported(model: GcnnModel, pixels: Uint8Array): number[] {
  const { files } = filesOf(
    model,
    model.classes.map(() => 0),
  );
  return runPlain(files.find(({ name }) => name === 'network.safetensors')!.bytes, pixels);
}

describeOnBackends('an exported network', (backend) => {
  forbidLeaks();

  test('gives the logits of the network it was made from: groups, heads, filters, integers', async () => {
    await fc.assert(
      fc.asyncProperty(models, fc.nat(255), async (model, shift) => {
        const pixels = patternPixels(8, 3).map((value, i) => (value + shift * i) % 256);
        const expected = await logitsOfPicture(model, pixels);
        // Where an activation lies at the edge of two levels, rounding tips it: a step of 127, not an error.
        const exact = model.arch.int8 === undefined;
        expect(relativeToRange(exported(model, pixels), expected)).toBeLessThan(exact ? 1e-4 : 0.05);
      }),
      { numRuns: backend === 'webgpu' ? 6 : 40 },
    );
  }, 120_000);

  test('would not, were its numbers in another order', async () => {
    const pixels = patternPixels(8, 3);
    for (const head of ['flat', 'orbit'] as const) {
      const model = tinyModel({ head, group: 'D4' });
      const { shape, data } = model.params['dense1.weight'];
      const reversed = { shape, data: data.slice().reverse() };
      const other = { ...model, params: { ...model.params, 'dense1.weight': reversed } };
      const expected = await logitsOfPicture(model, pixels);
      expect(relativeToRange(exported(other, pixels), expected)).toBeGreaterThan(0.01);
    }
  });
});

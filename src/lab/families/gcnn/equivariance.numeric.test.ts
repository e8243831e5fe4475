import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equivarianceErrors } from '../../evaluate/equivariance';
import type { GroupName } from '../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { cases } from '../../testing/properties';
import { noise, tinyModel } from '../../testing/tiny';

const TILES = 2;

describeOnBackends('equivariance of every layer', (backend) => {
  forbidLeaks();
  // SwiftShader compiles a shader for every new shape, so WebGPU gets one kernel size.
  const kernels = backend === 'webgpu' ? ([3] as const) : ([1, 3, 5] as const);

  for (const group of ['C2', 'C4', 'D1', 'D4'] as GroupName[]) {
    for (const filters of ['grid', 'steerable'] as const) {
      test.each(kernels.map((kernel) => [kernel]))(
        `${group}, ${filters}, orbit head, kernels of width %i: all layers, all elements`,
        async (kernel) => {
          for (let seed = 1; seed <= (backend === 'webgpu' ? 1 : 3); seed++) {
            const model = tinyModel({ group, filters, kernel, seed, head: 'orbit' });
            const errors = await equivarianceErrors(model, noise(TILES * 8 * 8 * 3, seed));
            expect(errors.map(({ layer }) => layer)).toEqual([
              'block1',
              'block2',
              'group pooling',
              'hidden',
              'logits',
            ]);
            for (const { layer, max } of errors) expect(max, layer).toBeLessThan(1e-5);
          }
        },
      );
    }
    test(`${group}: pooled and averaged heads are invariant, a flat head is not`, async () => {
      const tiles = noise(TILES * 8 * 8 * 3, 5);
      for (const head of ['pooled', 'averaged'] as const) {
        const errors = await equivarianceErrors(tinyModel({ group, head }), tiles);
        for (const { layer, max } of errors) expect(max, `${head}: ${layer}`).toBeLessThan(1e-5);
      }
      const flat = await equivarianceErrors(tinyModel({ group, head: 'flat' }), tiles);
      expect(flat.find(({ layer }) => layer === 'group pooling')!.max).toBeLessThan(1e-5);
      expect(flat.at(-1)!.max).toBeGreaterThan(1e-3);
    });
  }

  // By Fourier over the group what turns is rows of matrices, up to signs, and sums of the same pairs (fourier.ts).
  test.runIf(backend === 'wasm')('D4 by the kernels: not a bit changes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          filters: fc.constantFrom('grid' as const, 'steerable' as const),
          kernel: fc.constantFrom(3 as const, 5 as const),
          seed: fc.nat(1000),
        }),
        async (choices) => {
          const model = tinyModel({ group: 'D4', head: 'orbit', ...choices });
          for (const { layer, max } of await equivarianceErrors(
            model,
            noise(TILES * 8 * 8 * 3, choices.seed),
          ))
            expect(max, layer).toBe(0);
        },
      ),
      { numRuns: cases(10) },
    );
  });

  test('a plain network (C1) is not equivariant, layer by layer', async () => {
    const errors = await equivarianceErrors(
      tinyModel({ group: 'C1', head: 'pooled' }),
      noise(TILES * 192, 9),
    );
    for (const { max } of errors) expect(max).toBeGreaterThan(1e-3);
  });
});

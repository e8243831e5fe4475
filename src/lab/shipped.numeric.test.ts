/** The networks shipped under public/models, held against what they claim. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Dataset } from './data/dataset';
import { stratifiedSplit } from './data/split/splits';
import { syntheticDataset } from './data/synthetic';
import { shrinkTiles } from './data/tiles';
import { rotationCheck } from './evaluate/rotation';
import type { GcnnModel } from './families/gcnn/model';
import { decodeModel } from './files/modelFile';
import { finish } from './stage/events';
import { describeOnBackends, forbidLeaks } from './testing/backends';
import { testPlatform } from './testing/platform';
import { THOROUGH } from './testing/properties';

const provenanceSchema = z.object({
  steps: z.array(z.object({ accuracy: z.number() })).min(1),
  recipe: z.object({
    split: z.object({ train: z.number(), val: z.number(), test: z.number(), seed: z.number() }),
  }),
});

async function shipped(id: string): Promise<GcnnModel> {
  return decodeModel(await testPlatform().readPublic(`models/${id}.safetensors`), id);
}

/** Agreement and accuracy on validation tiles of the split the model was trained with: all, or so many of a class. */
async function onValidation(model: GcnnModel, source: Dataset, perClass = Infinity) {
  const { steps, recipe } = provenanceSchema.parse(model.provenance);
  const dataset = shrinkTiles(source, model.arch.input.size);
  const { val } = stratifiedSplit(dataset, recipe.split, recipe.split.seed);
  const seen = new Map<number, number>();
  const taken = val.filter((tile) => {
    const label = dataset.labels[tile];
    seen.set(label, (seen.get(label) ?? 0) + 1);
    return seen.get(label)! <= perClass;
  });
  const check = await finish(rotationCheck(model, dataset, taken, [0]));
  return { check, claimed: steps[0].accuracy };
}

describeOnBackends('the shipped checkpoints', (backend) => {
  forbidLeaks();
  const inNode = backend === 'wasm' || backend === 'cpu';

  // Whole validation splits on WASM. WebGPU in software takes a second for each tile at this size: it answers for a
  // few tiles of each class (thorough: for all, and for the larger network of the paper's shape). Plain
  // JavaScript is left out: it serves tests of tiny sizes only.
  const isWhole = backend === 'wasm' || THOROUGH;
  const ids = ['synthetic-c4-twin-small', ...(isWhole ? ['synthetic-c4'] : [])];

  test.skipIf(backend === 'cpu').each(ids.map((id) => [id]))(
    '%s (orbit head): the same answer at all four turns for every validation tile',
    async (id) => {
      const model = await shipped(id);
      expect([model.arch.group, model.arch.head.kind]).toEqual(['C4', 'orbit']);
      const { check, claimed } = await onValidation(model, syntheticDataset(), isWhole ? Infinity : 2);
      console.info(
        `${id} on ${backend}: agreement ${check.agreement}, ${check.undecided} undecided of ${check.n}`,
      );
      expect(check.n).toBe(isWhole ? 240 : 2 * model.arch.classes);
      expect(check.changed).toBe(0);
      expect(check.agreement).toBe(1);
      expect(check.undecided).toBeLessThan(5);
      // Another backend may tip a tile that is too close to call.
      if (isWhole)
        expect(Math.abs(check.angles[0].accuracy - claimed)).toBeLessThanOrEqual(inNode ? 0 : 2 / check.n);
    },
    600_000,
  );

  test.runIf(backend === 'wasm')(
    'eurosat-c4 (orbit head): the same on the EuroSAT subset (needs ../shared/data/eurosat)',
    async ({ skip }) => {
      const subset = await testPlatform().openShared('data/eurosat');
      if (!subset) return skip('../shared/data/eurosat is absent');
      const { check, claimed } = await onValidation(await shipped('eurosat-c4'), subset);
      console.info(
        `eurosat-c4 on ${backend}: agreement ${check.agreement}, ${check.undecided} undecided of ${check.n}`,
      );
      expect(check.changed).toBe(0);
      expect(check.angles[0].accuracy).toBe(claimed);
    },
    400_000,
  );
});

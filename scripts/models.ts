/**
 * `npm run models -- [--eurosat <folder>] [id …]`: trains the networks shipped under public/models, one recipe
 * each (public/models/recipes/<id>.json), and writes index.json. Runs resume from runs/models/<id>.
 */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startNodeBackend } from '../cli/node/backend';
import { openDataset } from '../cli/node/data';
import { readBytes, readJson, writeAtomically } from '../cli/node/files';
import { runStage } from '../cli/node/runStage';
import { folderStore } from '../cli/node/runStore';
import type { Dataset } from '../src/lab/data/dataset';
import { datasetHash } from '../src/lab/data/tiles';
import { decodeModel, encodeModel } from '../src/lab/files/modelFile';
import { runRecipe } from '../src/lab/recipe/pipeline';
import { prepare } from '../src/lab/recipe/prepare';
import { provenanceIn } from '../src/lab/recipe/provenance';
import { recipeSchema } from '../src/lab/recipe/schema';

const folder = fileURLToPath(new URL('../public/models/', import.meta.url));

const shippedSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** `synthetic`, or `eurosat`: the folder given with --eurosat. */
  dataset: z.enum(['synthetic', 'eurosat']),
  role: z.enum(['equivariant', 'plain']),
  recipe: recipeSchema,
});
type Shipped = z.infer<typeof shippedSchema>;

const { values, positionals } = parseArgs({
  options: { eurosat: { type: 'string' } },
  allowPositionals: true,
});
await startNodeBackend('wasm');
const datasets = new Map<string, Dataset>();
for (const file of (await readdir(path.join(folder, 'recipes'))).sort()) {
  const shipped = shippedSchema.parse(await readJson(path.join(folder, 'recipes', file)));
  if (positionals.length > 0 && !positionals.includes(shipped.id)) continue;
  if (shipped.dataset === 'eurosat' && !values.eurosat) {
    console.log(`${shipped.id}: skipped, it needs --eurosat <folder or zip>`);
    continue;
  }
  await train(shipped, await datasetFor(shipped.dataset === 'eurosat' ? values.eurosat! : 'synthetic'));
}
await writeIndex();

async function datasetFor(reference: string): Promise<Dataset> {
  const dataset = datasets.get(reference) ?? (await openDataset(reference));
  datasets.set(reference, dataset);
  return dataset;
}

async function train({ id, recipe }: Shipped, dataset: Dataset): Promise<void> {
  const began = performance.now();
  const prepared = prepare(recipe, dataset);
  const store = await folderStore(path.join('runs', 'models', id), { recipe, data: datasetHash(dataset) });
  const report = await runStage(runRecipe(prepared, store), {});
  const saved = store.models.get('train')!;
  const model = decodeModel(await readBytes(saved), saved);
  await writeAtomically(path.join(folder, `${id}.safetensors`), encodeModel(model));
  const [trained, ...checks] = report.stages;
  const told = checks.map(({ name, accuracy, agreement }) => ({ name, accuracy, agreement }));
  console.log(
    `${id}: validation ${trained.accuracy.toFixed(3)}, ${JSON.stringify(told)}, ` +
      `${((performance.now() - began) / 1000).toFixed(0)} s`,
  );
}

/** Lists every shipped network there is, and the pairs whose two networks are there. */
async function writeIndex(): Promise<void> {
  const models: { id: string; [key: string]: unknown }[] = [];
  for (const file of (await readdir(path.join(folder, 'recipes'))).sort()) {
    const { id, title, dataset, role } = shippedSchema.parse(
      await readJson(path.join(folder, 'recipes', file)),
    );
    const saved = path.join(folder, `${id}.safetensors`);
    if (!existsSync(saved)) continue;
    const { arch, provenance } = decodeModel(await readBytes(saved), saved);
    const [{ accuracy }] = z
      .object({ steps: z.array(z.object({ kind: z.literal('train'), accuracy: z.number() })).nonempty() })
      .parse({ steps: [provenanceIn({ provenance })!.steps[0]] }).steps;
    models.push({
      id,
      file: `${id}.safetensors`,
      title,
      arch: arch.id,
      dataset,
      role,
      size: arch.input.size,
      validationAccuracy: accuracy,
      bytes: (await stat(saved)).size,
    });
  }
  const has = (id: string) => models.some((model) => model.id === id);
  const synthetic = { dataset: 'synthetic', splitSeed: 1, datasetSeed: 1, perClass: 120 };
  const pairs = [
    {
      ...synthetic,
      id: 'synthetic-32',
      title: 'Synthetic tiles, 32×32',
      equivariant: 'synthetic-c4-twin-small',
      plain: 'synthetic-base-small',
      size: 32,
    },
    {
      id: 'eurosat-64',
      title: 'EuroSAT subset, 64×64',
      dataset: 'eurosat',
      equivariant: 'eurosat-c4-twin',
      plain: 'eurosat-base',
      size: 64,
      splitSeed: 1,
    },
    {
      ...synthetic,
      id: 'synthetic-64',
      title: 'Synthetic tiles, 64×64',
      equivariant: 'synthetic-c4',
      plain: 'synthetic-base',
      size: 64,
    },
    {
      ...synthetic,
      // Another seed: none of these tiles was trained on.
      datasetSeed: 2,
      perClass: 2500,
      id: 'synthetic-32-many',
      title: 'Synthetic tiles, 32×32, 5,000 of them (opens in minutes)',
      equivariant: 'synthetic-c4-twin-small',
      plain: 'synthetic-base-small',
      size: 32,
    },
    {
      ...synthetic,
      id: 'tiny',
      title: 'Synthetic tiles, 8×8 (for tests)',
      equivariant: 'synthetic-tiny',
      plain: 'synthetic-tiny-plain',
      size: 8,
    },
  ].filter(({ equivariant, plain }) => has(equivariant) && has(plain));
  await writeAtomically(path.join(folder, 'index.json'), `${JSON.stringify({ models, pairs }, null, 2)}\n`);
  console.log(`${models.length} models, ${pairs.length} pairs in index.json`);
}

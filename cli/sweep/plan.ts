/** From the runs of a command to the jobs of a sweep, and back: from what its workers left to the run folders of always. */
import path from 'node:path';
import type { Dataset } from '../../src/lab/data/dataset';
import { datasetHash } from '../../src/lab/data/tiles';
import { BadInput } from '../../src/lab/errors';
import { totalCost } from '../../src/lab/evaluate/cost';
import { fingerprintOf } from '../../src/lab/files/fingerprint';
import { decodeAnyModel } from '../../src/lab/files/modelFile';
import type { BandWish } from '../../src/lab/pictures/bands';
import { hashOf } from '../../src/lab/recipe/identity';
import { needsOf } from '../../src/lab/recipe/needs';
import { runRecipe } from '../../src/lab/recipe/pipeline';
import { type Given, prepare, requireDifferentTiles } from '../../src/lab/recipe/prepare';
import { idsOf } from '../../src/lab/recipe/run';
import type { Recipe } from '../../src/lab/recipe/schema';
import { finish } from '../../src/lab/stage/events';
import type { Artefacts } from '../artefacts/open';
import { startNodeBackend } from '../node/backend';
import { openDataset } from '../node/data';
import { readBytes, writeAtomically } from '../node/files';
import { folderStore } from '../node/runStore';
import type { Job } from '../reproduce/jobs';
import type { PlannedJob } from './board';
import { type Ground, groundId, type Place } from './ground';
import type { Lot } from './lots';

/** Tiles by reference; the last set is kept, since runs on one set stand beside each other. */
export class Datasets {
  #last: { readonly key: string; readonly dataset: Promise<Dataset> } | null = null;

  async of({ data, recipe, dataHash }: Job, given: readonly Given[]): Promise<Dataset> {
    const bands = bandsOf(recipe, given);
    const key = JSON.stringify([data, bands]);
    if (this.#last?.key !== key) this.#last = { key, dataset: openDataset(data, bands) };
    const dataset = await this.#last.dataset;
    if (datasetHash(dataset) === dataHash) return dataset;
    throw new BadInput(`"${data}" has changed since this command was begun: start it again.`);
  }
}

/** A recipe as a run in a folder. files: of the networks that it begins with. */
export async function jobOf(
  recipe: Recipe,
  data: string,
  folder: string,
  files: readonly string[],
): Promise<Job> {
  const given = await givenOf({ networks: files });
  const dataset = await openDataset(data, bandsOf(recipe, given));
  const prepared = prepare(recipe, dataset, given);
  const dataHash = datasetHash(dataset);
  const { name: label } = recipe;
  return { label, recipe, data, dataHash, ids: idsOf(prepared, dataHash), folder, networks: files };
}

/** As a run opens its tiles. */
function bandsOf(recipe: Recipe, given: readonly Given[]): { readonly bands?: BandWish } {
  const bands = recipe.bands ?? given[0]?.model.arch.input.bands?.numbers;
  return bands ? { bands } : {};
}

/** A run as jobs, one for each step of its recipe. */
export async function planRun(job: Job, datasets: Datasets, { software, store }: Place): Promise<Lot> {
  const { recipe, label, ids, dataHash, folder } = job;
  const given = await givenOf(job);
  const dataset = await datasets.of(job, given);
  const prepared = prepare(recipe, dataset, given);
  requireDifferentTiles(prepared);
  const { name, title, count } = dataset;
  const ground: Ground = {
    ...software,
    data: {
      kind: 'tiles',
      name: job.dataName ?? name,
      title,
      count,
      fingerprint: dataHash,
      ...bandsOf(recipe, given),
    },
    store,
  };
  const key = hashOf(recipe);
  return {
    ...{ label, folder, ground },
    jobs: prepared.planned.map(
      (each): PlannedJob => ({
        id: ids.get(each.name)!,
        ground: groundId(ground),
        label: `${label}: ${each.name}`,
        run: label,
        step: each.name,
        work: { kind: 'step', recipe: key, step: each.name },
        needs: needsOf(prepared.planned, each).map((need) => ids.get(need.name)!),
      }),
    ),
    provide: async (board, artefacts) => {
      await keepGiven(given, artefacts);
      await board.redis.set(board.key('recipe', key), JSON.stringify(recipe));
    },
    gather: async (artefacts) => gather(job, given, await datasets.of(job, given), artefacts),
  };
}

async function givenOf({ networks = [] }: Pick<Job, 'networks'>): Promise<Given[]> {
  return Promise.all(
    networks.map(async (file) => {
      const model = decodeAnyModel(await readBytes(file), file);
      return { model, fingerprint: fingerprintOf(model) };
    }),
  );
}

/** Puts the networks that a run begins with where workers find them. */
async function keepGiven(given: readonly Given[], store: Artefacts): Promise<void> {
  for (const { fingerprint, model } of given) {
    if (await store.has(fingerprint)) continue;
    const figures = { accuracy: 0, seconds: 0, ...totalCost(model.arch) };
    await store.saveStage(
      { id: fingerprint, name: `the network ${fingerprint}`, kind: 'start', ...figures },
      model,
    );
  }
}

/** Copies what a run left into its folder, networks with their origin. */
async function gather(job: Job, given: readonly Given[], dataset: Dataset, store: Artefacts): Promise<void> {
  await startNodeBackend('wasm');
  const prepared = prepare(job.recipe, dataset, given);
  await writeAtomically(path.join(job.folder, 'recipe.json'), JSON.stringify(job.recipe));
  const folder = await folderStore(job.folder, { recipe: job.recipe, data: job.dataHash });
  await finish(runRecipe(prepared, folder, job.dataHash, store));
}

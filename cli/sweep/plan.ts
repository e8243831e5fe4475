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
import { type Given, type Prepared, prepare, requireDifferentTiles } from '../../src/lab/recipe/prepare';
import { idsOf } from '../../src/lab/recipe/run';
import type { Recipe } from '../../src/lab/recipe/schema';
import { finish } from '../../src/lab/stage/events';
import type { Artefacts } from '../artefacts/open';
import { startNodeBackend } from '../node/backend';
import { openDataset } from '../node/data';
import { readBytes, writeAtomically } from '../node/files';
import { folderStore } from '../node/runStore';
import type { Job } from '../reproduce/jobs';
import { keepSession, sessionSchema } from '../sessions';
import type { Board, PlannedJob } from './board';
import { type Ground, groundId, type Software } from './ground';

/** A run with all that it takes to put it on a queue. */
export interface PlannedRun {
  readonly job: Job;
  readonly ground: Ground;
  readonly recipe: string;
  readonly steps: readonly PlannedJob[];
  readonly given: readonly Given[];
}

/** Tiles by reference; the last set is kept, since runs on one set stand beside each other. */
export class Datasets {
  #last: { readonly key: string; readonly dataset: Promise<Dataset> } | null = null;

  async of({ data, recipe, dataHash }: Job, given: readonly Given[]): Promise<Dataset> {
    const bands = recipe.bands ?? given[0]?.model.arch.input.bands?.numbers;
    const key = JSON.stringify([data, bands]);
    if (this.#last?.key !== key)
      this.#last = { key, dataset: openDataset(data, { ...(bands && { bands }) }) };
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
  const dataset = await openDataset(data, { ...bandsOf(recipe, given) });
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

export async function planRun(
  job: Job,
  datasets: Datasets,
  software: Software,
  store: { readonly id: string; readonly reference: string },
): Promise<PlannedRun> {
  const { recipe, label, ids, dataHash } = job;
  const given = await givenOf(job);
  const dataset = await datasets.of(job, given);
  const prepared = prepare(recipe, dataset, given);
  requireDifferentTiles(prepared);
  const { name, title, count } = dataset;
  const ground: Ground = {
    ...software,
    data: {
      name: job.dataName ?? name,
      title,
      count,
      fingerprint: dataHash,
      ...bandsOf(recipe, given),
    },
    store,
  };
  const key = hashOf(recipe);
  const steps = prepared.planned.map(
    (each): PlannedJob => ({
      id: ids.get(each.name)!,
      ground: groundId(ground),
      label: `${label}: ${each.name}`,
      run: label,
      step: each.name,
      recipe: key,
      needs: needsOf(prepared.planned, each).map((need) => ids.get(need.name)!),
    }),
  );
  return { job, ground, recipe: key, steps, given };
}

async function givenOf({ networks = [] }: Pick<Job, 'networks'>): Promise<Given[]> {
  return Promise.all(
    networks.map(async (file) => {
      const model = decodeAnyModel(await readBytes(file), file);
      return { model, fingerprint: fingerprintOf(model) };
    }),
  );
}

/** Puts where workers find it what a run is made from: its recipe, and the networks that it begins with. */
export async function provide(
  { job, recipe, given }: PlannedRun,
  board: Board,
  store: Artefacts,
): Promise<void> {
  for (const { fingerprint, model } of given) {
    if (await store.has(fingerprint)) continue;
    const figures = { accuracy: 0, seconds: 0, ...totalCost(model.arch) };
    await store.saveStage(
      { id: fingerprint, name: `the network ${fingerprint}`, kind: 'start', ...figures },
      model,
    );
  }
  await board.redis.set(board.key('recipe', recipe), JSON.stringify(job.recipe));
}

/** Copies what a run left into its folder, networks with their origin: as if it had been made there. */
export async function gather(
  run: PlannedRun,
  datasets: Datasets,
  board: Board,
  store: Artefacts,
): Promise<void> {
  const { job, given } = run;
  await startNodeBackend('wasm');
  const prepared: Prepared = prepare(job.recipe, await datasets.of(job, given), given);
  await writeAtomically(path.join(job.folder, 'recipe.json'), JSON.stringify(job.recipe));
  const folder = await folderStore(job.folder, { recipe: job.recipe, data: job.dataHash });
  await finish(runRecipe(prepared, folder, job.dataHash, store));
  for (const { id, ground } of run.steps) {
    const result = (await board.steps(ground).getJob(id))?.returnvalue as { session?: unknown } | undefined;
    const { data: session } = sessionSchema.safeParse(result?.session);
    if (session) await keepSession(job.folder, `${session.began}-${id.slice(0, 12)}`, session);
  }
}

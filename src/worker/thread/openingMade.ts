/** Networks that were made here or opened from a file: those of a run's stages, and those kept as files. */
import type { Dataset } from '../../lab/data/dataset';
import { EUROSAT_CLASSES } from '../../lab/data/readers/eurosat';
import { DEFAULT_FRACTIONS } from '../../lab/data/split/splits';
import { SYNTHETIC_PER_CLASS, syntheticDataset } from '../../lab/data/synthetic';
import { datasetHash, sameClasses, shrinkTiles } from '../../lab/data/tiles';
import { BadInput } from '../../lab/errors';
import { requireSliderUnits } from '../../lab/families/units';
import type { AnyModel } from '../../lab/nn/model';
import { networkName } from '../../lab/recipe/networkNames';
import { bestSoFar } from '../../lab/recipe/pipeline';
import { prepare, splitOf } from '../../lab/recipe/prepare';
import { provenanceIn } from '../../lab/recipe/provenance';
import { idsOf } from '../../lab/recipe/run';
import type { Recipe } from '../../lab/recipe/schema';
import { listDatasets } from '../../storage/datasets';
import { loadNetwork, loadStart } from '../../storage/networks';
import { SYNTHETIC } from '../../storage/rows';
import { loadRun, stagesOf } from '../../storage/runs';
import { loadRunTiles } from '../../storage/runTiles';
import { formerKeys, loadRunNetwork, openRunStore } from '../../storage/stages';
import { loadDataset } from '../../storage/tiles';
import type { Candidate } from './candidate';
import { type Catalogue, openablePairs } from './catalogue';
import { cameIn, tilesWithItsClasses } from './tilesElsewhere';

/** A network with its tiles' name, and the recipe that made it. */
export type Made = Candidate & { readonly ref: string; readonly recipe: Recipe | null };

/**
 * A network that a stage of a run left. Without a stage, that of its first training; of one that is not finished, its
 * best epoch so far.
 */
export async function loadOfRun(id: string, stage: string | undefined): Promise<Made> {
  const row = await loadRun(id);
  if (!row)
    throw new BadInput(
      `The run "${id}" is not kept in this browser. Open another network, or train it again.`,
    );
  if (row.begun === false) throw new BadInput(row.message ?? notFinished(row.name));
  const source = await loadRunTiles(row.data);
  const prepared = prepare(row.recipe, source, await loadStart(row.recipe));
  const ids = idsOf(prepared, row.data.hash);
  const { store } = await openRunStore(stagesOf(id), formerKeys(row, ids));
  const name = stage ?? prepared.planned[0].name;
  const key = ids.get(name);
  if (!key) throw new BadInput(`"${row.name}" has no stage "${name}"; choose another of its networks.`);
  const finished = await store.loadStage(key);
  const checkpoint = finished || stage ? undefined : await store.loadCheckpoint(key);
  const model = finished?.model ?? (checkpoint && bestSoFar(prepared, checkpoint));
  if (!model) {
    // Its row tells of a network that is not there any more.
    const told = row.records.find((record) => record.name === name && record.kind !== 'check');
    if (told) await loadRunNetwork(row, told);
    throw new BadInput(
      stage
        ? `The stage "${name}" of "${row.name}" has left no network yet; go on with the run, or choose another network.`
        : notFinished(row.name),
    );
  }
  const title = stage ? networkName(row.name, finished!.record) : row.name;
  refuseIntegers(model, title);
  requireSliderUnits(model, `"${title}"`);
  const epochs = checkpoint ? `after epoch ${checkpoint.history.length}` : 'trained';
  const { dataset, splits, recipe } = prepared;
  return {
    model,
    dataset,
    tiles: `${row.data.hash}, side ${dataset.size}`,
    splits,
    split: recipe.split,
    source: () => source,
    title,
    ref: row.data.ref,
    recipe,
    fingerprint: stage ? `run ${id} ${key}` : `run ${id} ${epochs}`,
  };
}

const notFinished = (name: string): string =>
  `"${name}" has not finished an epoch yet; train it further and open it then.`;

/** A network kept as a file, on the tiles that its file names, with its own split. */
export async function loadKept(id: string, catalogue: Catalogue): Promise<Made> {
  const { row, model } = await loadNetwork(id);
  refuseIntegers(model, row.name);
  requireSliderUnits(model, `"${row.name}"`);
  const { ref, source, hash } = await tilesOf(model, row.name, catalogue);
  const split = provenanceIn(model)?.recipe.split ?? { seed: 1, ...DEFAULT_FRACTIONS };
  return {
    model,
    dataset: shrinkTiles(source, model.arch.input.size),
    tiles: `${hash}, side ${model.arch.input.size}`,
    splits: splitOf(source, split),
    split,
    source: () => source,
    title: row.name,
    ref,
    recipe: null,
    fingerprint: `file ${id}`,
  };
}

function refuseIntegers({ arch }: Pick<AnyModel, 'arch'>, title: string): void {
  if (!arch.int8) return;
  throw new BadInput(
    `"${title}" is rounded to 8-bit integers, which can be evaluated and not changed: look at it under Rotate, or open the network that it was rounded from.`,
  );
}

/** The tiles that a network's file names, from those at hand. Throws `BadInput` that says which are needed. */
export async function tilesOf(
  model: AnyModel,
  title: string,
  catalogue: Catalogue,
): Promise<{ ref: string; source: Dataset; hash: string }> {
  const data = provenanceIn(model)?.data;
  if (!data && cameIn(model)) return await tilesWithItsClasses(model, title);
  if (!data) {
    const { synthetic } = model.provenance as { synthetic?: unknown };
    const source = synthetic === true ? await loadDataset(SYNTHETIC) : null;
    if (source && sameClasses(source.classes, model.classes))
      return { ref: SYNTHETIC, source, hash: datasetHash(source) };
    throw new BadInput(
      `The file of "${title}" does not say which tiles it was trained on, so it cannot be pruned by what it gets right on them. Look at it under Rotate, or save it anew with this version of the lab.`,
    );
  }
  if (data.synthetic) {
    const all = [
      {},
      ...openablePairs(catalogue).map(({ perClass, datasetSeed: seed }) => ({ perClass, seed })),
    ];
    for (const options of all) {
      const { perClass = SYNTHETIC_PER_CLASS } = options as { perClass?: number };
      if (perClass * EUROSAT_CLASSES.length !== data.count) continue;
      const source = syntheticDataset(options);
      const hash = datasetHash(source);
      if (hash === data.fingerprint) return { ref: SYNTHETIC, source, hash };
    }
  }
  const kept = (await listDatasets()).find(({ hash }) => hash === data.fingerprint);
  if (kept) return { ref: kept.id, source: await loadDataset(kept.id), hash: kept.hash };
  throw new BadInput(
    `"${title}" was trained on ${data.title} (${data.count} tiles, fingerprint ${data.fingerprint}), which this browser does not keep. Bring these tiles under Data and open it again; under Rotate it can be looked at without them.`,
  );
}

/** Throws `BadInput` where two networks were not trained on the same tiles with the same split. */
export function refuseOtherTiles(main: Candidate, peer: Candidate): void {
  const [a, b] = [main.splits, peer.splits];
  if (main.dataset.name === peer.dataset.name && `${a.val}` === `${b.val}`) return;
  throw new BadInput(
    'Those two networks were not trained on the same tiles with the same split, so they cannot be held against each other.',
  );
}

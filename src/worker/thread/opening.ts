/** What a subject means: its networks, their tiles and the split, ready to be run. */
import type { Dataset, Splits } from '../../lab/data/dataset';
import { EUROSAT_CLASSES } from '../../lab/data/readers/eurosat';
import { DEFAULT_FRACTIONS } from '../../lab/data/split/splits';
import { SYNTHETIC_PER_CLASS, syntheticDataset } from '../../lab/data/synthetic';
import { gradualSynthetic } from '../../lab/data/synthetic/gradual';
import { datasetHash, shrinkTiles } from '../../lab/data/tiles';
import { BadInput } from '../../lab/errors';
import type { GcnnModel } from '../../lab/families/gcnn/model';
import { requireHidden } from '../../lab/families/units';
import type { AnyModel } from '../../lab/nn/model';
import { networkName } from '../../lab/recipe/networkNames';
import { bestSoFar } from '../../lab/recipe/pipeline';
import { prepare, splitOf } from '../../lab/recipe/prepare';
import { provenanceIn } from '../../lab/recipe/provenance';
import { idsOf } from '../../lab/recipe/run';
import type { Recipe, SplitSettings } from '../../lab/recipe/schema';
import type { Stage } from '../../lab/stage/events';
import { listDatasets } from '../../storage/datasets';
import { loadNetwork, loadStart } from '../../storage/networks';
import { SYNTHETIC } from '../../storage/rows';
import { loadRun, stagesOf } from '../../storage/runs';
import { loadRunTiles } from '../../storage/runTiles';
import { formerKeys, openRunStore } from '../../storage/stages';
import { loadDataset } from '../../storage/tiles';
import type { NetInfo, NetKind, Opened, Subject } from '../protocol/protocol';
import { type Catalogue, fetchCatalogue, fetchModel, openablePairs, pairOf } from './catalogue';

export interface Candidate {
  readonly model: GcnnModel;
  /** At the network's input size; its pixels may not be there yet. */
  readonly dataset: Dataset;
  readonly splits: Splits;
  /** What the split is made by. */
  readonly split: SplitSettings;
  /** The tiles as a recipe is given them, before they are made smaller. */
  source(): Dataset;
  readonly title: string;
  /** Changes with the network, so that no checkpoint of another one is taken up. */
  readonly fingerprint: string;
}

export interface Opening {
  readonly opened: Opened;
  readonly main: Candidate;
  readonly peer: Candidate | null;
  /** Paints the tiles at these indices, where the tiles are painted bit by bit. */
  readonly paint: ((indices: Uint32Array | readonly number[]) => Stage<void>) | null;
}

/** Loads what a subject names. Throws `BadInput` where it is not there or does not fit together. */
export async function loadSubject(subject: Subject, catalogueUrl: string, seed: number): Promise<Opening> {
  const catalogue = await fetchCatalogue(catalogueUrl);
  const pairs = openablePairs(catalogue).map(({ id, title }) => ({ id, title }));
  if (subject.kind !== 'pair') {
    const main =
      subject.kind === 'run'
        ? await loadOfRun(subject.id, subject.stage)
        : await loadKept(subject.id, catalogue);
    const peer =
      subject.kind === 'run' && subject.peer !== null ? await loadOfRun(subject.peer, undefined) : null;
    if (peer) refuseOtherTiles(main, peer);
    const { dataset, title } = main;
    return {
      opened: {
        subject,
        title,
        pairs,
        recipe: main.recipe,
        seed,
        dataset: factsOf(dataset, main.ref),
        split: sizesOf(main.splits),
        nets: nameNetworks(main, peer),
      },
      main,
      peer,
      paint: null,
    };
  }
  const pair = pairOf(catalogue, subject.id);
  const { size, perClass, datasetSeed, splitSeed } = pair;
  const { dataset, paint } = gradualSynthetic({ size, perClass, seed: datasetSeed });
  const split = { seed: splitSeed, ...DEFAULT_FRACTIONS };
  const splits = splitOf(dataset, split);
  // As the recipe of a shipped network takes it: painted once, when an origin is to be told.
  const source = remember(() => syntheticDataset({ perClass, seed: datasetSeed }));
  const [main, peer] = await Promise.all(
    [pair.equivariant, pair.plain].map(async (id) => {
      const network = await fetchModel(catalogue, catalogueUrl, id);
      return { ...network, dataset, splits, split, source };
    }),
  );
  return {
    opened: {
      subject: { kind: 'pair', id: pair.id },
      title: pair.title,
      pairs,
      recipe: null,
      seed,
      dataset: factsOf(dataset, SYNTHETIC),
      split: sizesOf(splits),
      nets: nameNetworks(main, peer),
    },
    main,
    peer,
    paint,
  };
}

type Kept = Candidate & { readonly ref: string; readonly recipe: Recipe | null };

/**
 * A network that a stage of a run left. Without a stage, that of its first training; of one that is not finished, its
 * best epoch so far.
 */
async function loadOfRun(id: string, stage: string | undefined): Promise<Kept> {
  const row = await loadRun(id);
  if (!row)
    throw new BadInput(
      `The run "${id}" is not kept in this browser. Open another network, or train it again.`,
    );
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
    throw new BadInput(
      stage
        ? `The stage "${name}" of "${row.name}" has left no network yet; go on with the run, or choose another network.`
        : `"${row.name}" has not finished an epoch yet; train it further and open it then.`,
    );
  }
  const title = stage ? networkName(row.name, finished!.record) : row.name;
  refuseIntegers(model, title);
  const epochs = checkpoint ? `after epoch ${checkpoint.history.length}` : 'trained';
  const { dataset, splits, recipe } = prepared;
  return {
    model: requireHidden(model, `"${title}"`),
    dataset,
    splits,
    split: recipe.split,
    source: () => source,
    title,
    ref: row.data.ref,
    recipe,
    fingerprint: stage ? `run ${id} ${key}` : `run ${id} ${epochs}`,
  };
}

/** A network kept as a file, on the tiles that its file names, with its own split. */
async function loadKept(id: string, catalogue: Catalogue): Promise<Kept> {
  const { row, model } = await loadNetwork(id);
  refuseIntegers(model, row.name);
  const { ref, source } = await tilesOf(model, row.name, catalogue);
  const split = provenanceIn(model)?.recipe.split ?? { seed: 1, ...DEFAULT_FRACTIONS };
  return {
    model: requireHidden(model, `"${row.name}"`),
    dataset: shrinkTiles(source, model.arch.input.size),
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
async function tilesOf(
  model: AnyModel,
  title: string,
  catalogue: Catalogue,
): Promise<{ ref: string; source: Dataset }> {
  const data = provenanceIn(model)?.data;
  if (!data) {
    const { synthetic } = model.provenance as { synthetic?: unknown };
    const source = synthetic === true ? await loadDataset(SYNTHETIC) : null;
    if (source && source.classes.join() === model.classes.join()) return { ref: SYNTHETIC, source };
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
      if (datasetHash(source) === data.fingerprint) return { ref: SYNTHETIC, source };
    }
  }
  const kept = (await listDatasets()).find(({ hash }) => hash === data.fingerprint);
  if (kept) return { ref: kept.id, source: await loadDataset(kept.id) };
  throw new BadInput(
    `"${title}" was trained on ${data.title} (${data.count} tiles, fingerprint ${data.fingerprint}), which this browser does not keep. Bring these tiles under Data and open it again; under Rotate it can be looked at without them.`,
  );
}

/** Does a piece of work once, when it is first asked for. */
function remember<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}

function refuseOtherTiles(main: Candidate, peer: Candidate): void {
  const [a, b] = [main.splits, peer.splits];
  if (main.dataset.name === peer.dataset.name && `${a.val}` === `${b.val}`) return;
  throw new BadInput(
    'Those two networks were not trained on the same tiles with the same split, so they cannot be held against each other.',
  );
}

const factsOf = ({ title, synthetic, size }: Dataset, ref: string) => ({ ref, title, synthetic, size });

const sizesOf = ({ seed, train, val, test }: Splits) => ({
  seed,
  train: train.length,
  val: val.length,
  test: test.length,
});

type Titled = { readonly title: string; readonly model: GcnnModel };

function nameNetworks(main: Titled, peer: Titled | null): Opened['nets'] {
  const first = infoOf(main);
  if (!peer) return { main: first, peer: null };
  const second = infoOf(peer);
  return {
    main: first,
    peer: first.kind === second.kind ? { ...second, name: `other ${second.kind}` } : second,
  };
}

function infoOf({ title, model: { arch, classes } }: Titled): NetInfo {
  const kind: NetKind = arch.group === 'C1' ? 'plain' : 'equivariant';
  return { name: kind, kind, title, arch: arch.id, group: arch.group, classes };
}

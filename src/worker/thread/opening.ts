/** What a subject means: its networks, their tiles and the split, ready to be run. */
import type { Dataset, Splits } from '../../lab/data/dataset';
import { DEFAULT_FRACTIONS, stratifiedSplit } from '../../lab/data/split/splits';
import { gradualSynthetic } from '../../lab/data/synthetic/gradual';
import { BadInput } from '../../lab/errors';
import type { GcnnModel } from '../../lab/families/gcnn/model';
import { requireHidden } from '../../lab/families/units';
import { bestSoFar } from '../../lab/recipe/pipeline';
import { prepare } from '../../lab/recipe/prepare';
import { idsOf } from '../../lab/recipe/run';
import type { Recipe } from '../../lab/recipe/schema';
import type { Stage } from '../../lab/stage/events';
import { SYNTHETIC } from '../../storage/rows';
import { loadRun, stagesOf } from '../../storage/runs';
import { loadRunTiles } from '../../storage/runTiles';
import { formerKeys, openRunStore } from '../../storage/stages';
import type { NetInfo, NetKind, Opened, Subject } from '../protocol/protocol';
import { fetchCatalogue, fetchModel, openablePairs, pairOf } from './catalogue';

export interface Candidate {
  readonly model: GcnnModel;
  /** At the network's input size; its pixels may not be there yet. */
  readonly dataset: Dataset;
  readonly splits: Splits;
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
  if (subject.kind === 'run') {
    const main = await loadTrained(subject.id);
    const peer = subject.peer === null ? null : await loadTrained(subject.peer);
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
  const splits = stratifiedSplit(dataset, DEFAULT_FRACTIONS, splitSeed);
  const [main, peer] = await Promise.all(
    [pair.equivariant, pair.plain].map(async (id) => {
      const network = await fetchModel(catalogue, catalogueUrl, id);
      return { ...network, dataset, splits };
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

/** A network trained in this browser; of a run that is not finished, its best epoch so far. */
async function loadTrained(id: string): Promise<Candidate & { title: string; ref: string; recipe: Recipe }> {
  const row = await loadRun(id);
  if (!row)
    throw new BadInput(
      `The run "${id}" is not kept in this browser. Open another network, or train it again.`,
    );
  const prepared = prepare(row.recipe, await loadRunTiles(row.data));
  const ids = idsOf(prepared, row.data.hash);
  const { store } = await openRunStore(stagesOf(id), formerKeys(row, ids));
  const key = ids.get(prepared.planned[0].name)!;
  const finished = (await store.loadStage(key))?.model;
  const checkpoint = finished ? undefined : await store.loadCheckpoint(key);
  const model = finished ?? (checkpoint && bestSoFar(prepared, checkpoint));
  if (!model) {
    throw new BadInput(`"${row.name}" has not finished an epoch yet; train it further and open it then.`);
  }
  const epochs = checkpoint ? `after epoch ${checkpoint.history.length}` : 'trained';
  const { dataset, splits } = prepared;
  return {
    model: requireHidden(model, `"${row.name}"`),
    dataset,
    splits,
    title: row.name,
    ref: row.data.ref,
    recipe: row.recipe,
    fingerprint: `run ${id} ${epochs}`,
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

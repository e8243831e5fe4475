/** What a subject means: its networks, their tiles and the split, ready to be run. */
import type { Dataset, Splits } from '../../lab/data/dataset';
import { DEFAULT_FRACTIONS, stratifiedSplit } from '../../lab/data/split/splits';
import { syntheticDataset } from '../../lab/data/synthetic';
import { gradualSynthetic } from '../../lab/data/synthetic/gradual';
import type { AnyModel } from '../../lab/nn/model';
import { once } from '../../lab/once';
import { plain, plainNames } from '../../lab/plain';
import { firstTiles } from '../../lab/prune/neurons/growingStudy';
import type { Stage } from '../../lab/stage/events';
import { SYNTHETIC } from '../../storage/rows';
import type { Subject } from '../protocol/choices';
import type { NetInfo, NetKind, Opened } from '../protocol/results';
import type { Candidate } from './candidate';
import { type Catalogue, fetchCatalogue, fetchModel, openablePairs, pairOf } from './catalogue';

export interface Opening {
  readonly opened: Opened;
  readonly main: Candidate;
  readonly peer: Candidate | null;
  /** Paints the tiles at these indices, where the tiles are painted bit by bit. */
  readonly paint: ((indices: Uint32Array | readonly number[]) => Stage<void>) | null;
}

/**
 * Loads what a subject names. `early`: of how many validation and training tiles the first curves will be; they are
 * painted while the networks of a pair are on their way, where they are painted at all. Throws `BadInput` where something
 * is not there or does not fit together.
 */
export async function* loadSubject(
  subject: Subject,
  catalogueUrl: string,
  seed: number,
  early: number | Promise<number> = 0,
): Stage<Opening> {
  const catalogue = await fetchCatalogue(catalogueUrl);
  const pairs = openablePairs(catalogue).map(({ id, title }) => ({ id, title }));
  if (subject.kind !== 'pair') return await loadMade(subject, catalogue, pairs, seed);
  const pair = pairOf(catalogue, subject.id);
  const { size, perClass, datasetSeed, splitSeed } = pair;
  const { dataset, paint } = gradualSynthetic({ size, perClass, seed: datasetSeed });
  const split = { seed: splitSeed, ...DEFAULT_FRACTIONS };
  const splits = stratifiedSplit(dataset, DEFAULT_FRACTIONS, splitSeed);
  const tiles = `synthetic ${datasetSeed}, ${perClass} of a class, side ${size}`;
  // As the recipe of a shipped network takes it: painted once, when an origin is to be told.
  const source = once(() => syntheticDataset({ perClass, seed: datasetSeed }));
  const arriving = Promise.all(
    [pair.equivariant, pair.plain].map(async (id) => {
      const network = await fetchModel(catalogue, catalogueUrl, id);
      return { ...network, dataset, tiles, splits, split, source };
    }),
  );
  // It is waited for below.
  arriving.catch(() => {});
  const first = await early;
  if (first > 0) yield* paint(firstTiles(dataset, splits, first));
  const [main, peer] = await arriving;
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

async function loadMade(
  subject: Exclude<Subject, { kind: 'pair' }>,
  catalogue: Catalogue,
  pairs: Opened['pairs'],
  seed: number,
): Promise<Opening> {
  const { loadKept, loadOfRun, refuseOtherTiles } = await import('./openingMade');
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

const factsOf = ({ title, synthetic, size }: Dataset, ref: string) => ({ ref, title, synthetic, size });

const sizesOf = ({ seed, train, val, test }: Splits) => ({
  seed,
  train: train.length,
  val: val.length,
  test: test.length,
});

type Titled = { readonly title: string; readonly model: AnyModel };

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
  return {
    ...{ name: kind, kind, title: plain(title, 200), arch: plain(arch.id), group: arch.group, spec: arch },
    classes: plainNames(classes),
  };
}

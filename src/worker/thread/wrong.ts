/** What a network is right and wrong about on validation or test tiles, and pictures of them. */
import type { Dataset, Splits } from '../../lab/data/dataset';
import { sameClasses } from '../../lab/data/tiles';
import { BadInput } from '../../lab/errors';
import { partWords, reportOf } from '../../lab/evaluate/report/measure';
import type { AnyModel } from '../../lab/nn/model';
import { plainNames } from '../../lab/plain';
import { picturesOf } from '../../lab/prune/neurons/portraits';
import { prepare } from '../../lab/recipe/prepare';
import type { Stage } from '../../lab/stage/events';
import { loadStart } from '../../storage/networks';
import { loadRun } from '../../storage/runs';
import { loadRunTiles } from '../../storage/runTiles';
import { loadRunNetwork, openRunStore, PAGE_RUN } from '../../storage/stages';
import type { NetName, Reported } from '../protocol/choices';
import type { JobEvent } from '../protocol/results';
import type { Handlers } from './host';
import { benchOf, type Kept } from './pruning';
import { dropCheckpoints, naming } from './reporting';

/** Side of a picture at most, in pixels. */
const SIDE = 64;

/** A run, and one that it is held against. */
const MOST_HELD = 2;

interface Tiles {
  readonly dataset: Dataset;
  readonly splits: Splits;
  /** Paints the tiles at these indices, where they are painted bit by bit. */
  paint?(indices: Uint32Array): Stage<void>;
}

/** kept: what was opened last under a name. paint: paints tiles of the bench; nothing where all are there. */
export function createWrongHandlers(
  kept: (net: NetName) => Kept | undefined,
  paint: () => Tiles['paint'],
): Pick<Handlers, 'report' | 'tilePictures' | 'forgetTiles'> {
  /** The tiles of the runs looked at last: reading them anew for each press would take seconds. */
  const held = new Map<string, Tiles>();

  const need = (net: NetName) => {
    const found = kept(net);
    if (!found) throw new BadInput('Open a network before asking where it is wrong.');
    return benchOf(found);
  };

  const tilesOf = async (of: Reported): Promise<Tiles> => {
    if (of.kind !== 'stage') {
      const { dataset, splits } = need(of.net).slider;
      const painting = paint();
      return { dataset, splits, ...(painting && { paint: painting }) };
    }
    const known = held.get(of.run);
    if (known) return known;
    for (const run of [...held.keys()].slice(0, 1 - MOST_HELD)) held.delete(run);
    const row = await rowOf(of.run);
    const { dataset, splits } = prepare(
      row.recipe,
      await loadRunTiles(row.data),
      await loadStart(row.recipe),
    );
    const tiles = { dataset, splits };
    held.set(of.run, tiles);
    return tiles;
  };

  async function* networkOf(of: Reported): AsyncGenerator<JobEvent, AnyModel, void> {
    if (of.kind === 'whole') return need(of.net).slider.model;
    if (of.kind === 'pruned') {
      const { model } = yield* dropCheckpoints(need(of.net).slider.prune(of.setting));
      return model;
    }
    if (of.kind === 'tuned') {
      const { store } = await openRunStore(PAGE_RUN);
      const found = await store.loadStage(of.key);
      if (found?.model) return found.model;
      throw new BadInput('The fine-tuned network is gone from this browser: fine-tune it again.');
    }
    const row = await rowOf(of.run);
    const record = row.records.find(({ name }) => name === of.stage);
    if (!record) throw new BadInput(`"${row.name}" has no finished stage "${of.stage}"; go on with the run.`);
    return await loadRunNetwork(row, record);
  }

  return {
    async *report({ of, part }) {
      yield { type: 'progress', what: 'loading network and tiles', done: 0, total: 1 };
      const { dataset, splits, paint } = await tilesOf(of);
      const model = yield* networkOf(of);
      const tiles = splits[part];
      if (tiles.length === 0) throw new BadInput(NO_TILES[part]);
      if (!sameClasses(model.classes, dataset.classes)) throw otherClasses(model, dataset);
      for (const each of [splits.val, tiles]) if (paint) yield* naming(paint(each), 'painting the tiles');
      const report = yield* dropCheckpoints(reportOf(model, dataset, splits, part));
      return { report, tiles: partWords(tiles.length, part, dataset), data: dataset.title };
    },

    async *tilePictures({ of, part, rows }) {
      const { dataset, splits } = await tilesOf(of);
      const wanted = Uint32Array.from(
        rows.filter((row) => row < splits[part].length),
        (row) => splits[part][row],
      );
      return picturesOf(dataset, wanted, SIDE);
    },

    // biome-ignore lint/correctness/useYield: a job that reports nothing.
    async *forgetTiles() {
      held.clear();
      return null;
    },
  };
}

const NO_TILES = {
  val: 'There are no validation tiles: the split leaves none. Choose the test tiles, or train with a split that has both.',
  test: 'There are no test tiles: the split leaves none. Choose the validation tiles, or train with a split that has both.',
};

const otherClasses = (model: AnyModel, dataset: Dataset): BadInput =>
  new BadInput(
    `This network tells other classes apart (${listed(model.classes)}) than these tiles have (${listed(dataset.classes)}), so no answer of it is right or wrong.`,
  );

const listed = (names: readonly string[]): string =>
  names.length > 6
    ? `${plainNames(names.slice(0, 6)).join(', ')} and ${names.length - 6} more`
    : plainNames(names).join(', ');

async function rowOf(id: string) {
  const row = await loadRun(id);
  if (row) return row;
  throw new BadInput('This run is not kept in this browser any more.');
}

/**
 * A study opened in two steps, so that a page is alive early: first on a part of the tiles that holds the classes
 * evenly, then on all of them. Features are written where the split has its tiles, so the finished study equals
 * that of `openStudy`, number for number.
 */

import type { Dataset, Splits } from '../../data/dataset';
import { interleaveClasses } from '../../data/split/interleave';
import { featuresThrough } from '../../evaluate/features';
import { headInputs } from '../../families/gcnn/layout';
import type { GcnnModel } from '../../families/gcnn/model';
import { type Network, openNetwork } from '../../families/gcnn/network';
import { requireFloat } from '../../nn/model';
import { mapEvents, type Stage } from '../../stage/events';
import { type Element, QUARTER_TURNS } from '../../symmetry/group';
import { type Examples, labelsOf } from '../../train/problem';
import { statisticsOf } from './statistics';
import { checkHead, type Study } from './study';

/** Head inputs of a split's tiles at one turn, filled bit by bit. */
interface Table {
  readonly tiles: Uint32Array;
  readonly labels: Uint8Array;
  readonly turn: Element | undefined;
  /** Positions in `tiles`, in the order they are computed. */
  readonly order: Uint32Array;
  values: Float32Array;
  readonly width: number;
  filled: number;
}

export interface GrowingStudy {
  readonly model: GcnnModel;
  readonly dataset: Dataset;
  readonly splits: Splits;
  readonly train: Table;
  /** One per quarter turn. */
  readonly turns: readonly Table[];
}

/** A bench with nothing computed yet. Throws `BadInput` for an int8 network. */
export function growingStudy(model: GcnnModel, dataset: Dataset, splits: Splits): GrowingStudy {
  requireFloat(model);
  const width = headInputs(model.arch);
  const table = (tiles: Uint32Array, turn?: Element): Table => {
    const labels = labelsOf(dataset, tiles);
    const values = new Float32Array(tiles.length * width);
    return { tiles, labels, turn, order: interleaveClasses(labels), values, width, filled: 0 };
  };
  const turns = QUARTER_TURNS.map((turn) => table(splits.val, turn));
  return { model, dataset, splits, train: table(splits.train), turns };
}

/** Indices of the tiles that a study of the first `tiles` of each table needs. */
export function firstTiles(dataset: Dataset, { val, train }: Splits, tiles: number): Uint32Array {
  const first = (part: Uint32Array) =>
    Array.from(interleaveClasses(labelsOf(dataset, part)).subarray(0, tiles), (i) => part[i]);
  return Uint32Array.from([...first(val), ...first(train)]);
}

/** What the trunk has answered to all tiles of a bench: rows as in the split. */
export interface Features {
  readonly train: Float32Array;
  /** One per quarter turn. */
  readonly turns: readonly Float32Array[];
}

/** The features of a bench; null while some are missing. */
export function featuresIn({ train, turns }: GrowingStudy): Features | null {
  if ([train, ...turns].some(({ filled, order }) => filled < order.length)) return null;
  return { train: train.values, turns: turns.map(({ values }) => values) };
}

/** Takes features that were computed before for the same network and tiles; false, and nothing taken, where they do not fit. */
export function fillWith({ train, turns }: GrowingStudy, features: Features): boolean {
  const tables = [train, ...turns];
  const values = [features.train, ...features.turns];
  if (values.length !== tables.length) return false;
  if (tables.some((table, i) => table.values.length !== values[i].length)) return false;
  for (const [i, table] of tables.entries()) {
    table.values = values[i];
    table.filled = table.order.length;
  }
  return true;
}

/** Runs the trunk until `tiles` tiles of each table are done (all of them at most), and returns their study. */
export async function* studyOf(bench: GrowingStudy, tiles = Number.POSITIVE_INFINITY): Stage<Study> {
  const { model, dataset, splits } = bench;
  const tables = [...bench.turns, bench.train];
  const missing = (table: Table) => Math.max(0, Math.min(tiles, table.tiles.length) - table.filled);
  const total = tables.reduce((sum, table) => sum + missing(table), 0);
  let before = 0;
  const network = total > 0 ? openNetwork(model) : null;
  try {
    for (const table of tables) {
      const count = missing(table);
      if (count > 0) yield* passingProgress(fill(bench, network!, table, count), before, total);
      before += count;
    }
  } finally {
    network?.dispose();
  }
  const train = filledPart(bench.train);
  const turns = bench.turns.map(filledPart);
  const statistics = await statisticsOf(model, train);
  const baseline = await checkHead(turns, model);
  return { model, dataset, splits, train, tiles: filledTiles(bench.turns[0]), turns, statistics, baseline };
}

async function* fill(
  { model, dataset }: GrowingStudy,
  network: Network,
  table: Table,
  count: number,
): Stage<void> {
  const { tiles, order, values, width, filled, turn } = table;
  const positions = order.subarray(filled, filled + count);
  const indices = positions.map((position) => tiles[position]);
  const computed = yield* featuresThrough(network, model, dataset, indices, turn);
  positions.forEach((position, i) => {
    values.set(computed.subarray(i * width, (i + 1) * width), position * width);
  });
  table.filled += count;
}

/** The rows computed so far, in the split's order. */
function filledPart({ order, values, width, labels, filled }: Table): Examples {
  if (filled === order.length) return { values, width, labels };
  const positions = order.slice(0, filled).sort();
  const part = new Float32Array(filled * width);
  positions.forEach((position, i) => {
    part.set(values.subarray(position * width, (position + 1) * width), i * width);
  });
  return { values: part, width, labels: Uint8Array.from(positions, (position) => labels[position]) };
}

/** Dataset indices of the rows computed so far, in the split's order. */
function filledTiles({ tiles, order, filled }: Table): Uint32Array {
  return order
    .slice(0, filled)
    .sort()
    .map((position) => tiles[position]);
}

/** One count over several stages: shifts each progress event by what was done before. */
function passingProgress<T>(stage: Stage<T>, before: number, total: number): Stage<T> {
  return mapEvents(stage, (event) =>
    event.type === 'progress' ? { ...event, done: before + event.done, total } : event,
  );
}

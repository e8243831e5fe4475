/**
 * A task beside classification, made end to end: data by code, trainings that build on one another, and what is measured
 * of the networks they leave. A task is a value; hosts run its trainings one after the other, keep what they leave, and
 * write the report (report.ts). The data is one and the same for all seeds; a seed varies the first weights, the order of
 * the examples and what is drawn for the penalty.
 */
import type { Params } from '../nn/model';
import { hashOf } from '../recipe/identity';
import { type SpatialArch, startSpatial } from '../spatial/arch';
import type { FitCheckpoint } from '../stage/checkpoint';
import type { Stage } from '../stage/events';
import { type FitResult, fit, type Plan } from '../train/fit';
import type { Problem } from '../train/problem';
import type { TaskName, TaskScale } from './names';

export interface TaskTraining {
  readonly id: string;
  /** A name in the material's `archs`. */
  readonly network: string;
  /** The training whose network it goes on with; null: a fresh one. */
  readonly from: string | null;
  /** A name of the material's sets of examples. */
  readonly set: string;
  /** λ of the penalty on what breaks the symmetry; 0 for none. */
  readonly lambda: number;
  /** Examples are turned before they are learned. */
  readonly augment: boolean;
  readonly epochs: number;
  readonly batch: number;
  /** Falls in a straight line to nothing. */
  readonly learningRate: number;
}

export interface TaskRow {
  readonly id: string;
  readonly label: string;
  /** Trainings; of several the one with the lowest validation loss is taken. None: what needs no network. */
  readonly of: readonly string[];
}

export interface Measure {
  readonly id: string;
  /** What stands over its column and chart. */
  readonly label: string;
  readonly better: 'low' | 'high';
}

/** Something told of every network: figures by the measures' ids, and curves by theirs. */
export interface Figures {
  readonly values: Readonly<Record<string, number>>;
  readonly curves: Readonly<Record<string, readonly number[]>>;
}

export interface Curve {
  readonly id: string;
  readonly label: string;
  /** What runs along, and the place of its first value; the others follow by `step`. */
  readonly along: string;
  readonly from: number;
  readonly step: number;
}

/** One row is better than another in a measure: what the comparison is about. */
export interface TaskClaim {
  readonly title: string;
  readonly row: string;
  readonly against: string;
  readonly measure: string;
}

/** Fields to look at side by side: rows of square grids, a column for each moment, all on one scale. */
export interface FieldSheet {
  readonly id: string;
  readonly title: string;
  /** Places along a side. */
  readonly size: number;
  readonly columns: readonly string[];
  /** Grids by column: steps of colour, from −5 to 5. */
  readonly rows: readonly { readonly label: string; readonly grids: readonly (readonly number[])[] }[];
}

/** A row's network: null where it has none. */
export interface RowNetwork {
  readonly row: TaskRow;
  readonly network: string | null;
  readonly params: Params | null;
}

/** What a task needs at one scale, made once. */
export interface TaskMaterial {
  readonly archs: Readonly<Record<string, SpatialArch>>;
  problem(training: TaskTraining): Problem;
  /** Of a network's weights; null: of what needs none. */
  measure(network: string | null, params: Params | null): Promise<Figures>;
  /** What is to be seen of the networks of one seed. */
  sheets?(networks: readonly RowNetwork[]): Promise<FieldSheet[]>;
  /** What the data is, in sentences. */
  readonly data: readonly string[];
}

export interface Task {
  readonly name: TaskName;
  readonly title: string;
  /** What is to be known before the figures are read: sentences. */
  readonly notes: readonly string[];
  readonly measures: readonly Measure[];
  readonly curves: readonly Curve[];
  readonly rows: readonly TaskRow[];
  readonly claims: readonly TaskClaim[];
  /** Everything that decides the data, as JSON. */
  settings(scale: TaskScale): unknown;
  trainings(scale: TaskScale): readonly TaskTraining[];
  open(scale: TaskScale): Promise<TaskMaterial>;
}

/** Raised whenever the same settings would give other numbers. */
const EDITION = 1;

/** What trainings are, by everything that decides their numbers: 32 hex digits, by training. Each stands behind what it goes on from. */
export function trainingIds(
  task: Task,
  scale: TaskScale,
  seed: number,
  archs: TaskMaterial['archs'],
  trainings: readonly TaskTraining[] = task.trainings(scale),
): Map<string, string> {
  const ids = new Map<string, string>();
  for (const training of trainings) {
    const { from, network, id: _, ...how } = training;
    const start = from === null ? seed : ids.get(from);
    if (start === undefined)
      throw new Error(`${training.id} goes on from ${from}, which does not stand before it.`);
    const ground = { edition: EDITION, task: task.name, settings: task.settings(scale) };
    ids.set(training.id, hashOf({ ...ground, seed, start, how, arch: archs[network] }));
  }
  return ids;
}

/** One training, from what `from` has left or from fresh weights; `kept` goes on from a checkpoint. */
export function runTraining(
  material: TaskMaterial,
  training: TaskTraining,
  seed: number,
  start: Params | null,
  kept?: FitCheckpoint,
): Stage<FitResult> {
  const { epochs, batch, learningRate, network } = training;
  const plan: Plan = {
    ...{ epochs, batch, seed, weightDecay: 0, dropout: 0, hidden: 0 },
    learningRate: (_, step, steps) => learningRate * (1 - step / steps),
    stop: () => null,
  };
  const params = start ?? startSpatial(material.archs[network], seed);
  return fit(material.problem(training), params, plan, kept);
}

/** Of the trainings of a row the one with the lowest validation loss; the first on ties. */
export function chosenOf(row: TaskRow, results: ReadonlyMap<string, FitResult>): string | null {
  let best: string | null = null;
  for (const id of row.of) {
    const loss = results.get(id)!.best.validationLoss;
    if (best === null || loss < results.get(best)!.best.validationLoss) best = id;
  }
  return best;
}

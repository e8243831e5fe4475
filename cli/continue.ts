/** Verbs that make a network of another one: stages of a recipe that goes on where the network's file ends. */
import type { Dataset, Splits } from '../src/lab/data/dataset';
import { DEFAULT_FRACTIONS } from '../src/lab/data/split/splits';
import { datasetHash } from '../src/lab/data/tiles';
import type { GcnnModel } from '../src/lab/families/gcnn/model';
import { encodeModel } from '../src/lab/files/modelFile';
import type { AnyModel } from '../src/lab/nn/model';
import { type AtHand, beginWith, continueRecipe, continueWith } from '../src/lab/recipe/beginning';
import { splitsFor } from '../src/lab/recipe/run';
import type { StageKind } from '../src/lab/recipe/schema';
import { isDrawn } from '../src/lab/recipe/step';
import { memoryStore, type RunStore, type StageRecord } from '../src/lab/stage/store';
import { startNodeBackend } from './node/backend';
import { tellNotes } from './node/data';
import { writeAtomically } from './node/files';
import { runStage } from './node/runStage';
import { type OutputOptions, openTilesFor, requireSameKind } from './work';

export interface ContinueOptions extends OutputOptions {
  readonly data: string;
  /** Without one: the network's own, or the recipe's. */
  readonly seed?: number;
  /** Without one: the split that the network was trained on. */
  readonly splitSeed?: number;
}

/** A network with hidden neurons, and what to call it. */
export interface HiddenAtHand extends AtHand {
  readonly model: GcnnModel;
}

/** What the stages are done on, known before they are. */
export interface Ground {
  readonly source: Dataset;
  /** What the networks are called, in their order. */
  readonly names: readonly string[];
}

/** All that decides what a run comes to. */
export type Identity = Readonly<Record<'recipe' | 'data', unknown>>;

export interface Outcome {
  readonly records: readonly StageRecord[];
  readonly model: AnyModel;
  readonly dataset: Dataset;
  /** Of the last stage. */
  readonly splits: Splits;
}

/**
 * Does stages on networks: the first is at hand. `stages` says them, once it is known what the networks are called.
 * Throws `BadInput` where they do not fit the data or each other, before anything is computed.
 */
export async function continueNetworks(
  networks: readonly AtHand[],
  stages: (ground: Ground) => readonly object[],
  options: ContinueOptions,
  openStore: (identity: Identity) => Promise<RunStore> = async () => memoryStore(),
): Promise<Outcome> {
  const source = await openTilesFor(networks[0].model, options.data, tellNotes(options));
  for (const { model } of networks) requireSameKind(model, source);
  const beginning = beginWith(networks, source);
  const { seed, splitSeed } = options;
  const own = {
    ...(seed !== undefined && { seed }),
    ...(splitSeed !== undefined && { split: { seed: splitSeed, ...DEFAULT_FRACTIONS } }),
  };
  const undrawn = (stage: object) =>
    'kind' in stage && !isDrawn(stage as { kind: StageKind }) ? { split: own.split } : own;
  const wanted = stages({ source, names: beginning.names }).map((stage) => ({ ...undrawn(stage), ...stage }));
  await startNodeBackend();
  const data = datasetHash(source);
  const store = await openStore({ recipe: continueRecipe(beginning, wanted), data });
  const { records, model, prepared } = await runStage(
    continueWith(beginning, wanted, source, store, data),
    options,
  );
  const splits = splitsFor(prepared, prepared.planned.at(-1)!);
  return { records, model: model!, dataset: prepared.dataset, splits };
}

/** Writes a network's file, all or nothing. */
export const writeModel = (file: string, model: AnyModel): Promise<void> =>
  writeAtomically(file, encodeModel(model));

/**
 * A run's store that keeps its row in step. What the store holds is written first and is the truth: whoever takes a
 * run up sets the row by it.
 */
import { plannedRecords } from '../lab/recipe/plan';
import type { Recipe } from '../lab/recipe/schema';
import type { EpochRecord } from '../lab/stage/history';
import { epochsOf, type RunStore, type StageRecord } from '../lab/stage/store';
import type { Kept } from './rows';

/** The first training: its epochs have a place of their own in a row. */
const FIRST = 'train';

/** What a store holds of a recipe. */
export async function loadKept(store: RunStore, recipe: Recipe): Promise<Kept> {
  let kept: Kept = { records: [], history: [], later: null };
  for (const { name } of plannedRecords(recipe)) {
    const done = await store.loadStage(name);
    const checkpoint = done ? undefined : await store.loadCheckpoint(name);
    if (done) kept = withRecord(kept, done.record);
    else if (checkpoint) kept = withEpochs(kept, name, checkpoint.history);
  }
  return kept;
}

/** The store, telling `onKept` after each finished stage and each epoch what it holds by now. */
export function reportKept(
  store: RunStore,
  start: Kept,
  onKept: (kept: Kept, what: 'stage' | 'epoch') => Promise<void>,
): RunStore {
  let kept = start;
  return {
    ...store,
    async saveStage(record, model) {
      await store.saveStage(record, model);
      kept = withRecord(kept, record);
      await onKept(kept, 'stage');
    },
    async saveCheckpoint(stage, checkpoint) {
      await store.saveCheckpoint(stage, checkpoint);
      kept = withEpochs(kept, stage, checkpoint.history);
      await onKept(kept, 'epoch');
    },
  };
}

function withRecord({ records, history, later }: Kept, record: StageRecord): Kept {
  // A pruning is done again where its fine-tuning was cut off: its record takes the place of the first one.
  const at = records.findIndex(({ name }) => name === record.name);
  return {
    records: at < 0 ? [...records, record] : records.with(at, record),
    history: record.name === FIRST ? epochsOf(record) : history,
    later: later?.stage === record.name ? null : later,
  };
}

function withEpochs(kept: Kept, stage: string, history: readonly EpochRecord[]): Kept {
  return stage === FIRST ? { ...kept, history } : { ...kept, later: { stage, history } };
}

/**
 * A run's store that keeps its row in step. What the store holds is written first and is the truth: whoever takes a
 * run up sets the row by it.
 */
import type { EpochRecord } from '../lab/stage/history';
import { epochsOf, keyOf, type RunStore, type StageRecord } from '../lab/stage/store';
import type { Kept } from './rows';

/** The identity of each record that a recipe is going to leave, by name, in order. */
type Ids = ReadonlyMap<string, string>;

/** What a store holds of a recipe. */
export async function loadKept(store: RunStore, ids: Ids): Promise<Kept> {
  let kept: Kept = { records: [], history: [], later: null };
  for (const [name, id] of ids) {
    const done = await store.loadStage(id);
    const checkpoint = done ? undefined : await store.loadCheckpoint(id);
    if (done) kept = withRecord(kept, { ...done.record, id: keyOf(done.record), name }, ids);
    else if (checkpoint) kept = withEpochs(kept, name, checkpoint.history, ids);
  }
  return kept;
}

/** The store, telling `onKept` after each finished stage and each epoch what it holds by now. */
export function reportKept(
  store: RunStore,
  start: Kept,
  ids: Ids,
  onKept: (kept: Kept, what: 'stage' | 'epoch') => Promise<void>,
): RunStore {
  let kept = start;
  return {
    ...store,
    async saveStage(record, model) {
      await store.saveStage(record, model);
      // A stage that the recipe repeats is done once, and is there under each of its names.
      for (const name of namesOf(ids, keyOf(record))) kept = withRecord(kept, { ...record, name }, ids);
      await onKept(kept, 'stage');
    },
    async saveCheckpoint(key, checkpoint) {
      await store.saveCheckpoint(key, checkpoint);
      const [name = key] = namesOf(ids, key);
      kept = withEpochs(kept, name, checkpoint.history, ids);
      await onKept(kept, 'epoch');
    },
  };
}

const namesOf = (ids: Ids, id: string): string[] =>
  [...ids].filter(([, each]) => each === id).map(([name]) => name);

/** The first training: its epochs have a place of their own in a row. */
const isFirst = (name: string, ids: Ids): boolean => name === [...ids.keys()][0];

function withRecord({ records, history, later }: Kept, record: StageRecord, ids: Ids): Kept {
  // A network's record is written again when more is known of it.
  const others = records.filter(({ name }) => name !== record.name);
  const order = [...ids.keys()];
  // One that was lost and is made again comes before others that were not.
  const place = (each: StageRecord) => order.indexOf(each.name);
  return {
    records: [...others, record].sort((a, b) => place(a) - place(b)),
    history: isFirst(record.name, ids) ? epochsOf(record) : history,
    later: later?.stage === record.name ? null : later,
  };
}

function withEpochs(kept: Kept, stage: string, history: readonly EpochRecord[], ids: Ids): Kept {
  return isFirst(stage, ids) ? { ...kept, history } : { ...kept, later: { stage, history } };
}

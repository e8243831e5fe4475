/** The browser's `RunStore`: neither a reload nor a killed worker loses a network or an epoch. */
import { messageOf } from '../lab/errors';
import { keyOf, memoryStore, type RunStore } from '../lab/stage/store';
import { NO_STORAGE, openLibrary, requireLibrary } from './db';
import type { RunRow } from './rows';

/** The run under which networks that are pruned and fine-tuned by hand are kept. */
export const PAGE_RUN = 'page';

const inMemory = new Map<string, RunStore>();

/**
 * The store of a run. problem: why what is kept lasts only as long as the worker, as a sentence; null where it outlasts it.
 * formerKeys: what stages were kept under before they had identities.
 */
export async function openRunStore(
  run: string,
  formerKeys: ReadonlyMap<string, string> = new Map(),
): Promise<{ store: RunStore; problem: string | null }> {
  let problem = `${NO_STORAGE}.`;
  try {
    if (await openLibrary()) return { store: storeOf(run, formerKeys), problem: null };
  } catch (error) {
    problem = messageOf(error);
  }
  const store = inMemory.get(run) ?? memoryStore();
  inMemory.set(run, store);
  return { store, problem };
}

/** Opens the library anew for each step: another tab may have closed it in between, which is then said. */
function storeOf(run: string, formerKeys: ReadonlyMap<string, string>): RunStore {
  const former = (key: string): [string, string] => [run, formerKeys.get(key) ?? key];
  return {
    async loadStage(key) {
      const db = await requireLibrary();
      return (await db.get('stages', [run, key])) ?? db.get('stages', former(key));
    },
    async saveStage(record, model) {
      const change = (await requireLibrary()).transaction(['stages', 'checkpoints'], 'readwrite');
      const key: [string, string] = [run, keyOf(record)];
      await Promise.all([
        change.objectStore('stages').put({ record, model }, key),
        change.objectStore('checkpoints').delete(key),
        change.done,
      ]);
    },
    async loadCheckpoint(key) {
      const db = await requireLibrary();
      return (await db.get('checkpoints', [run, key])) ?? db.get('checkpoints', former(key));
    },
    async saveCheckpoint(stage, checkpoint) {
      await (await requireLibrary()).put('checkpoints', checkpoint, [run, stage]);
    },
    async forget(stage) {
      const change = (await requireLibrary()).transaction(['stages', 'checkpoints'], 'readwrite');
      const key: [string, string] = [run, stage];
      await Promise.all([
        change.objectStore('stages').delete(key),
        change.objectStore('checkpoints').delete(key),
        change.done,
      ]);
    },
  };
}

/** What the stages of a run begun in version 1 of the recipe are kept under, by their identities. */
export function formerKeys(
  { formerNames = {} }: RunRow,
  ids: ReadonlyMap<string, string>,
): Map<string, string> {
  return new Map(
    Object.entries(formerNames).flatMap(([name, former]) =>
      ids.has(name) ? [[ids.get(name)!, former]] : [],
    ),
  );
}

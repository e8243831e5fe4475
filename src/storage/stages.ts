/** The browser's `RunStore`: neither a reload nor a killed worker loses a network or an epoch. */
import { messageOf } from '../lab/errors';
import { memoryStore, type RunStore } from '../lab/stage/store';
import { NO_STORAGE, openLibrary, requireLibrary } from './db';

const inMemory = new Map<string, RunStore>();

/** problem: why what is kept lasts only as long as the worker, as a sentence; null where it outlasts it. */
export async function openRunStore(run: string): Promise<{ store: RunStore; problem: string | null }> {
  let problem = `${NO_STORAGE}.`;
  try {
    if (await openLibrary()) return { store: storeOf(run), problem: null };
  } catch (error) {
    problem = messageOf(error);
  }
  const store = inMemory.get(run) ?? memoryStore();
  inMemory.set(run, store);
  return { store, problem };
}

/** Opens the library anew for each step: another tab may have closed it in between, which is then said. */
function storeOf(run: string): RunStore {
  return {
    loadStage: async (name) => (await requireLibrary()).get('stages', [run, name]),
    async saveStage(record, model) {
      const change = (await requireLibrary()).transaction(['stages', 'checkpoints'], 'readwrite');
      const key: [string, string] = [run, record.name];
      await Promise.all([
        change.objectStore('stages').put({ record, model }, key),
        change.objectStore('checkpoints').delete(key),
        change.done,
      ]);
    },
    loadCheckpoint: async (stage) => (await requireLibrary()).get('checkpoints', [run, stage]),
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

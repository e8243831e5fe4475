/**
 * The browser's `RunStore`: neither a reload nor a killed worker loses a network or an epoch, and nothing that was damaged
 * is computed with. What was kept before there were seals is read as it is, where it can be what it is said to be.
 */
import { BadInput, messageOf } from '../lab/errors';
import { decodeCheckpoint, encodeCheckpoint } from '../lab/files/checkpointFile';
import { decodeAnyModel, encodeModel } from '../lab/files/modelFile';
import type { AnyModel } from '../lab/nn/model';
import type { FitCheckpoint } from '../lab/stage/checkpoint';
import { sealed, unsealed } from '../lab/stage/seal';
import { isRecord, keyOf, memoryStore, type RunStore, type StageRecord } from '../lab/stage/store';
import { NO_STORAGE, openLibrary, requireLibrary } from './db';
import type { RunRow } from './rows';
import { changeRun, loadRun, runOf, stagesOf } from './runs';

/** The run under which networks that are pruned and fine-tuned by hand are kept. */
export const PAGE_RUN = 'page';

const inMemory = new Map<string, RunStore>();

/**
 * Told, in a sentence, of what was damaged; it is set aside, and as if it had not been made yet. Where nobody can make it
 * again just now, nothing is set aside and `BadInput` is thrown instead, which says who can.
 */
export type OnDamage = (sentence: string) => void;

/**
 * The store of a run. problem: why what is kept lasts only as long as the worker, as a sentence; null where it outlasts it.
 * formerKeys: what stages were kept under before they had identities.
 */
export async function openRunStore(
  run: string,
  formerKeys: ReadonlyMap<string, string> = new Map(),
  onDamage?: OnDamage,
): Promise<{ store: RunStore; problem: string | null }> {
  let problem = `${NO_STORAGE}.`;
  try {
    if (await openLibrary()) return { store: storeOf(run, formerKeys, onDamage), problem: null };
  } catch (error) {
    problem = messageOf(error);
  }
  const store = inMemory.get(run) ?? memoryStore();
  inMemory.set(run, store);
  return { store, problem };
}

/** The network that a stage of a run left; throws `BadInput` where it is gone or damaged, saying who can make it again. */
export async function loadRunNetwork(row: RunRow, record: StageRecord): Promise<AnyModel> {
  const { store } = await openRunStore(stagesOf(row.id));
  const key = record.id ?? record.name;
  const former = row.formerNames?.[record.name];
  const found = (await store.loadStage(key)) ?? (former ? await store.loadStage(former) : undefined);
  if (found?.model) return found.model;
  throw await refusal(stagesOf(row.id), `The network of “${record.name}” is gone from this browser.`);
}

type Kept = 'stages' | 'checkpoints';

/** Opens the library anew for each step: another tab may have closed it in between, which is then said. */
function storeOf(
  run: string,
  formerKeys: ReadonlyMap<string, string>,
  onDamage: OnDamage | undefined,
): RunStore {
  /** What lies under a key of today or of before. */
  const load = async <T>(from: Kept, key: string, read: (found: unknown) => T | null) => {
    const db = await requireLibrary();
    for (const each of new Set([key, formerKeys.get(key) ?? key])) {
      const found: unknown = await db.get(from, [run, each]);
      if (found === undefined) continue;
      const value = read(found);
      if (value !== null) return value;
      if (!onDamage) throw await refusal(run);
      await setAside(from, run, each);
      onDamage(
        from === 'stages'
          ? `What was kept of ${nameIn(found, each)} is damaged: it is not what was written. It was set aside, and that stage is made again.`
          : 'The epochs kept of a training are damaged: they are not what was written. They were set aside, and that training begins again.',
      );
    }
    return undefined;
  };
  return {
    loadStage: (key) => load('stages', key, stageIn),
    async saveStage(record, model) {
      const change = (await requireLibrary()).transaction(['stages', 'checkpoints'], 'readwrite');
      const key: [string, string] = [run, keyOf(record)];
      await Promise.all([
        change.objectStore('stages').put(sealed({ record, model }), key),
        change.objectStore('checkpoints').delete(key),
        change.done,
      ]);
    },
    loadCheckpoint: (key) => load('checkpoints', key, checkpointIn),
    async saveCheckpoint(stage, checkpoint) {
      await (await requireLibrary()).put('checkpoints', sealed(checkpoint), [run, stage]);
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

/** null where it is damaged. */
function stageIn(found: unknown): { record: StageRecord; model?: AnyModel } | null {
  const kept = unsealed(found);
  if (!kept || !isRecord(kept.value.record)) return null;
  const { record, model } = kept.value as { record: StageRecord; model?: AnyModel };
  if (kept.seal || model === undefined) return { record, model };
  return orNull(() => ({ record, model: decodeAnyModel(encodeModel(model)) }));
}

/** null where it is damaged. */
function checkpointIn(found: unknown): FitCheckpoint | null {
  const kept = unsealed(found);
  const checkpoint = kept?.value as unknown as FitCheckpoint;
  if (!kept || kept.seal) return kept && checkpoint;
  return orNull(() => decodeCheckpoint(encodeCheckpoint(checkpoint)));
}

/** What was kept without a seal may be anything at all: then it cannot even be written as a file. */
function orNull<T>(make: () => T): T | null {
  try {
    return make();
  } catch {
    return null;
  }
}

function nameIn(found: unknown, key: string): string {
  const { record } = (found ?? {}) as { record?: { name?: unknown } };
  return typeof record?.name === 'string' ? `the stage “${record.name}”` : `a stage (${key.slice(0, 8)})`;
}

/** Under another name nobody asks for it; it goes with its run. */
async function setAside(from: Kept, run: string, key: string): Promise<void> {
  const change = (await requireLibrary()).transaction(from, 'readwrite');
  const found = await change.store.get([run, key]);
  if (found !== undefined) await change.store.put(found, [run, `${key} damaged`]);
  await change.store.delete([run, key]);
  await change.done;
}

/** The error of a network that cannot be made again just now. A run that was done is not done any more. */
async function refusal(run: string, what = DAMAGED): Promise<BadInput> {
  const id = runOf(run);
  const row = id === null ? undefined : await loadRun(id);
  if (!row) return new BadInput(`${what} Run its fine-tuning again, and it is made anew.`);
  const sentence = `${what} Continue “${row.name}” under ${VIEWS[row.kind]}, and it is made again.`;
  if (row.status === 'done') await changeRun(row.id, { status: 'stopped', message: sentence });
  return new BadInput(sentence);
}

/** Where a run is gone on with. */
const VIEWS: Readonly<Record<RunRow['kind'], string>> = {
  training: 'Train',
  pipeline: 'Pipeline',
  adapting: 'Adapt',
};

const DAMAGED =
  'What is kept of this network is damaged: it is not what was written, so nothing of it is used.';

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

/**
 * The rows of runs. Each carries a seal: of one that is damaged no figure is shown, but its stages are kept apart and carry
 * seals of their own, so that it goes on from them. Rows of before there were seals are read as they are.
 */
import { z } from 'zod';
import { BadInput } from '../lab/errors';
import { readRecipe } from '../lab/recipe/parse';
import type { Recipe } from '../lab/recipe/schema';
import { sealed, unsealed } from '../lab/stage/seal';
import { isRecord, keyOf } from '../lab/stage/store';
import { openLibrary, requireLibrary } from './db';
import { RUN_KINDS, type RunKind, type RunRow, type StoredRun } from './rows';
import { changing, writing } from './writing';

/** The name under which a run's stages and checkpoints are kept. */
export const stagesOf = (id: string): string => `run ${id}`;

/** The run whose stages are kept under a name; null where it is none. */
export const runOf = (name: string): string | null =>
  name.startsWith(stagesOf('')) ? name.slice(stagesOf('').length) : null;

/** What a run is asked for by: enough to begin it. */
export interface RunOrder {
  readonly id: string;
  readonly kind: RunKind;
  readonly name: string;
  readonly recipe: Recipe;
  /** `synthetic`, or the id of a kept data set, and what that is called. */
  readonly data: string;
  readonly title: string;
}

/** The row of a run that nobody has begun yet: its worker finds out the rest. */
export function orderedRow(
  { id, kind, name, recipe, data: ref, title }: RunOrder,
  created = Date.now(),
): RunRow {
  return {
    ...{ id, kind, name, recipe, created },
    begun: false,
    data: { ref, title, synthetic: false, classes: [], count: 0, hash: '' },
    tiles: { train: 0, val: 0, test: 0 },
    status: 'running',
    engine: '',
    ...{ records: [], history: [], later: null },
    params: 0,
    ...{ stop: null, check: null, message: null },
  };
}

const storedSchema = z.looseObject({
  kind: z.enum(RUN_KINDS).default('training'),
  name: z.string(),
  recipe: z.unknown().refine(isRecipe),
  data: z.looseObject({ ref: z.string(), title: z.string() }),
});
const figuresSchema = z.looseObject({
  id: z.string(),
  status: z.enum(['running', 'stopped', 'done', 'failed']),
  records: z.array(z.unknown().refine(isRecord)).default([]),
  history: z.array(z.looseObject({ epoch: z.number(), accuracy: z.number().min(0).max(1) })),
  tiles: z.looseObject({ train: z.number(), val: z.number(), test: z.number() }),
  created: z.number(),
  params: z.number(),
});

function isRecipe(value: unknown): boolean {
  try {
    readRecipe(value);
    return true;
  } catch {
    return false;
  }
}

const DAMAGED =
  'What this browser kept of this run’s figures is damaged: it is not what was written, so none of them is shown. Continue it: they are read anew from its networks and epochs, which are kept apart.';

/** A row as it was written; of a damaged one, what still can be used; null where nothing can. */
function wholeRow(id: string, found: unknown): StoredRun | null {
  const row = unsealed(found)?.value;
  if (
    row &&
    (unsealed(found)!.seal || (storedSchema.safeParse(row).success && figuresSchema.safeParse(row).success))
  )
    return row as unknown as StoredRun;
  const { data: stored } = storedSchema.safeParse(found);
  if (!stored) return null;
  const { kind, name, recipe, data, created } = stored;
  const order = { id, kind, name, recipe: recipe as Recipe, data: data.ref, title: data.title };
  const row0 = orderedRow(order, typeof created === 'number' ? created : 0);
  return { ...row0, status: 'stopped', damaged: true, message: DAMAGED };
}

function readRow(stored: StoredRun): RunRow {
  const row: RunRow = { kind: 'training', records: [], later: null, ...stored };
  const { recipe, converted } = readRecipe(row.recipe);
  if (!converted) return row;
  const nameOf = (former: string) => converted.get(former) ?? former;
  const { records, later } = row;
  return {
    ...row,
    recipe,
    records: records.map((record) => ({ ...record, id: keyOf(record), name: nameOf(record.name) })),
    later: later && { ...later, stage: nameOf(later.stage) },
    formerNames: Object.fromEntries([...converted].map(([former, name]) => [name, former])),
  };
}

/** All runs, the newest first; none where the browser keeps nothing. */
export const listRuns = async (): Promise<RunRow[]> => (await readRuns()).rows;

/** All runs, the newest first, and the ids of those of which nothing can be read any more. */
export async function readRuns(): Promise<{ rows: RunRow[]; unreadable: string[] }> {
  const db = await openLibrary();
  const change = db?.transaction('runs');
  const [keys, values] = await Promise.all([
    change?.store.getAllKeys(),
    change?.store.getAll(),
    change?.done,
  ]);
  const whole = (keys ?? []).map((id, at) => ({ id, row: wholeRow(id, values?.[at]) }));
  const rows = whole.flatMap(({ row }) => (row ? [readRow(row)] : []));
  return {
    rows: rows.sort((a, b) => b.created - a.created),
    unreadable: whole.filter(({ row }) => row === null).map(({ id }) => id),
  };
}

/** undefined where there is none. Throws `BadInput` where nothing can be read of it. */
export async function loadRun(id: string): Promise<RunRow | undefined> {
  const found = await (await openLibrary())?.get('runs', id);
  if (found === undefined) return undefined;
  const row = wholeRow(id, found);
  if (row) return readRow(row);
  throw new BadInput(
    'What is kept of this run is damaged, and nothing of it can be read: delete it, and train it anew.',
  );
}

/** Keeps a row, replacing what was there. Throws as `writing`. */
export const putRun = (row: RunRow): Promise<void> =>
  writing(['runs'], (stores) => [stores('runs').put(sealed(row), row.id)]);

/** Changes part of a row in one transaction; false when there is no such run (any more). Throws as `writing`. */
export const changeRun = (id: string, changes: Partial<Omit<RunRow, 'id'>>): Promise<boolean> =>
  changing(['runs'], async (stores) => {
    const found = await stores('runs').get(id);
    const row = found === undefined ? null : wholeRow(id, found);
    if (row) await stores('runs').put(sealed({ ...row, ...changes }), id);
    return row !== null;
  });

/** Whether anything is kept of a run's stages, and whether any of it is under one of these keys. */
export async function keptUnder(id: string, keys: Iterable<string>): Promise<'nothing' | 'these' | 'others'> {
  const db = await requireLibrary();
  const all = IDBKeyRange.bound([stagesOf(id)], [stagesOf(id), []]);
  const kept = [...(await db.getAllKeys('stages', all)), ...(await db.getAllKeys('checkpoints', all))];
  if (kept.length === 0) return 'nothing';
  const wanted = new Set(keys);
  return kept.some(([, key]) => wanted.has(key)) ? 'these' : 'others';
}

/** Forgets a run: its row, its network and its checkpoint. */
export async function deleteRun(id: string): Promise<void> {
  const change = (await requireLibrary()).transaction(['runs', 'stages', 'checkpoints'], 'readwrite');
  const all = IDBKeyRange.bound([stagesOf(id)], [stagesOf(id), []]);
  await Promise.all([
    change.objectStore('runs').delete(id),
    change.objectStore('stages').delete(all),
    change.objectStore('checkpoints').delete(all),
    change.done,
  ]);
}

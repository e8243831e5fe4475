/** Standing on a ground: the same software, the same store and, where it is of tiles, the same tiles; or why not. */
import { messageOf } from '../../src/lab/errors';
import { openArtefacts } from '../artefacts/open';
import { stepsOf } from './board';
import type { Served, WorkerOptions } from './doJob';
import { type Ground, groundId, type Software } from './ground';
import { mindLinks } from './links';
import type { StepChild, StepFailed } from './stepChild';
import type { Tiles } from './stepMessages';
import type { Work } from './work';

/** Throws `BadInput` where there is no store that can be used. */
export async function requireStore(reference: string): Promise<void> {
  await (await openArtefacts(reference)).close();
}

export interface Unfit {
  readonly reason: string;
  /** Tiles may be imported and stores mounted; the software of a process stays what it is. */
  readonly mayPass: boolean;
}

/** Stands on a ground, or says why this worker cannot. */
export async function stand(
  options: WorkerOptions,
  child: StepChild,
  ground: Ground,
): Promise<Served | Unfit> {
  const { board, software, given } = options;
  const wrong = otherSoftware(software, ground);
  if (wrong) return { reason: wrong, mayPass: false };
  const place = options.store ?? ground.store.reference;
  const store = await openArtefacts(place, options.say).catch((error) => messageOf(error));
  if (typeof store === 'string')
    return { reason: `its store "${ground.store.reference}" cannot be used here: ${store}`, mayPass: true };
  if (store.id !== ground.store.id) {
    await store.close();
    const reason = `"${place}" is not the store of this sweep (${ground.store.reference}): give that with --store.`;
    return { reason, mayPass: true };
  }
  const tiles = tilesOf(ground, given);
  const reason = tiles && (await withoutTiles(tiles, child));
  if (reason !== null) {
    await store.close();
    return { reason, mayPass: true };
  }
  const id = groundId(ground);
  const { prefix, lockMs, stalledMs, mostStalls } = board.settings;
  const jobs = new board.bull.Worker<Work>(stepsOf(id), null, {
    ...{ connection: board.redis, prefix, autorun: false },
    ...{ lockDuration: lockMs, stalledInterval: stalledMs, maxStalledCount: mostStalls },
  });
  jobs.on('error', () => {});
  await jobs.startStalledCheckTimer();
  return { id, ground, tiles, store, jobs, links: mindLinks(board, id, store) };
}

/** The tiles of a ground as they are known here; null for one whose jobs make their own data. */
function tilesOf({ data }: Ground, given: WorkerOptions['given']): Tiles | null {
  return data.kind === 'tiles' ? { data, reference: given[data.name] ?? data.name } : null;
}

/** What a worker without these tiles says; null where they are there. */
async function withoutTiles(tiles: Tiles, child: StepChild): Promise<string | null> {
  const refusal = await child.ask({ type: 'open', tiles }).catch((error) => error as StepFailed);
  const reason =
    refusal instanceof Error ? refusal.message : refusal.type === 'opened' ? refusal.refusal : null;
  if (reason === null) return null;
  const remedy = `Fetch or import the same tiles, or name them with --data ${tiles.data.name}=<path>.`;
  return `${reason.replace(/\.$/, '')}. ${remedy}`;
}

/** What a worker of other software says. */
function otherSoftware(own: Software, { version, code, engine }: Ground): string | null {
  if (own.version !== version)
    return `it needs version ${version} of the lab, and this is ${own.version}: check that version out, and start again.`;
  if (own.code !== code)
    return `it needs the lab's sources ${code}, and here are ${own.code}, though both say ${version}: bring this checkout to the same commit.`;
  if (own.engine !== engine)
    return `it computes by ${engine}, and this machine by ${own.engine}: build the kernels of the same commit.`;
  return null;
}

/** Jobs that belong together: put on the queue together, and gathered in one folder when all of them are done. */
import type { Artefacts } from '../artefacts/open';
import { keepSession, sessionSchema } from '../sessions';
import type { Board, PlannedJob } from './board';
import type { Ground } from './ground';

export interface Lot {
  /** For people. */
  readonly label: string;
  readonly folder: string;
  readonly ground: Ground;
  /** In an order in which each stands behind what it needs. */
  readonly jobs: readonly PlannedJob[];
  /** Puts where workers find it what the jobs are made from. */
  provide(board: Board, store: Artefacts): Promise<void>;
  /** Copies what the jobs left into the folder: as if it had been made there. */
  gather(store: Artefacts): Promise<void>;
}

/** Keeps in a folder when and where jobs were done, as far as the queue knows it. */
export async function keepSessions(folder: string, jobs: readonly PlannedJob[], board: Board): Promise<void> {
  for (const { id, ground } of jobs) {
    const result = (await board.steps(ground).getJob(id))?.returnvalue as { session?: unknown } | undefined;
    const { data: session } = sessionSchema.safeParse(result?.session);
    if (session) await keepSession(folder, `${session.began}-${id.slice(0, 12)}`, session);
  }
}

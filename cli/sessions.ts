/**
 * When and where a run was computed: one entry in its folder's `sessions/` for each process that worked on it, kept
 * up to date while it works, so that a process that is killed is counted as far as it came.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { readSealed, sayOnError, setAside, writeSealed } from './node/kept';

const { version: tfjs } = createRequire(import.meta.url)('@tensorflow/tfjs/package.json') as {
  version: string;
};

export const sessionSchema = z.object({
  /** Milliseconds since 1970. */
  began: z.number(),
  ended: z.number(),
  backend: z.string(),
  hardware: z.string(),
  software: z.string(),
  /** The machine's load average over a minute, at the beginning and at the end. */
  load: z.tuple([z.number(), z.number()]),
});
export type Session = z.infer<typeof sessionSchema>;

const REFRESH_MS = 15_000;

/** Begins a session; the function tells it as it stands. */
export function beginSession(backend: string): () => Session {
  const began = Date.now();
  const [loadThen] = loadavg();
  return () => ({
    began,
    ended: Date.now(),
    backend,
    hardware: `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
    software: `Node ${process.version}, tfjs ${tfjs}`,
    load: [loadThen, loadavg()[0]],
  });
}

/** Keeps sessions that were spent on a run elsewhere. name: unlike any other's of the run. */
export const keepSession = (folder: string, name: string, session: Session): Promise<void> =>
  writeSealed(path.join(folder, 'sessions', `${name}.json`), session);

/** Runs `work` and keeps its time and place in a run's folder. */
export async function inSession<T>(folder: string, backend: string, work: () => Promise<T>): Promise<T> {
  const now = beginSession(backend);
  const file = path.join(folder, 'sessions', `${now().began}-${process.pid}.json`);
  const keep = () => writeSealed(file, now());
  await keep();
  const timer = setInterval(() => void keep().catch(() => {}), REFRESH_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await keep();
  }
}

/** The sessions of a run so far, by their beginning. */
export async function sessionsOf(folder: string): Promise<Session[]> {
  const kept = path.join(folder, 'sessions');
  const files = existsSync(kept) ? (await readdir(kept)).filter((file) => file.endsWith('.json')) : [];
  const sessions = await Promise.all(files.map((file) => sessionIn(path.join(kept, file))));
  return sessions.filter((each) => each !== null).sort((a, b) => a.began - b.began);
}

async function sessionIn(file: string): Promise<Session | null> {
  const { data } = sessionSchema.safeParse((await readSealed(file))?.value);
  if (!data) await setAside(file, 'its time is not counted in reports', sayOnError);
  return data ?? null;
}

/** Seconds in which at least one of the sessions was going on: side by side counts once, a night between not at all. */
export function wallSeconds(sessions: readonly Pick<Session, 'began' | 'ended'>[]): number {
  let [milliseconds, until] = [0, Number.NEGATIVE_INFINITY];
  for (const { began, ended } of [...sessions].sort((a, b) => a.began - b.began)) {
    milliseconds += Math.max(0, ended - Math.max(began, until));
    until = Math.max(until, ended);
  }
  return milliseconds / 1000;
}

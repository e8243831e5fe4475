/** A sweep as a picture of runs and steps: which column a job stands in, what waits for what, and the longest chain. */
import type { SweepJob } from './status';

export interface PictureRow {
  readonly run: string;
  /** For each column the jobs that stand there: most often one. */
  readonly cells: readonly (readonly SweepJob[])[];
}

export interface SweepPicture {
  /** The step that all jobs of a column are, or null where they differ. */
  readonly columns: readonly (string | null)[];
  /** In the order in which the runs are first named. */
  readonly rows: readonly PictureRow[];
}

/** Rows are runs; a job stands to the right of all that it needs, whichever run that is of. */
export function pictureOf(jobs: readonly SweepJob[]): SweepPicture {
  const places = placesOf(jobs);
  const width = Math.max(0, ...places.values()) + (jobs.length > 0 ? 1 : 0);
  const rows = new Map<string, SweepJob[][]>();
  const steps = Array.from({ length: width }, () => new Set<string>());
  for (const job of jobs) {
    const place = places.get(job.id)!;
    const cells = rows.get(job.run) ?? Array.from({ length: width }, (): SweepJob[] => []);
    rows.set(job.run, cells);
    cells[place].push(job);
    steps[place].add(job.step);
  }
  return {
    columns: steps.map((names) => (names.size === 1 ? [...names][0] : null)),
    rows: [...rows].map(([run, cells]) => ({ run, cells })),
  };
}

/** Job → its column. Where nobody says what it needs, a run's steps stand in the order in which they are named. */
function placesOf(jobs: readonly SweepJob[]): Map<string, number> {
  if (jobs.some(({ needs }) => needs && needs.length > 0))
    return new Map([...lengthsOf(jobs)].map(([id, { length }]) => [id, length - 1]));
  const seen = new Map<string, number>();
  return new Map(
    jobs.map(({ id, run }) => {
      const place = seen.get(run) ?? 0;
      seen.set(run, place + 1);
      return [id, place];
    }),
  );
}

/** The longest chain of jobs that are still to be done, each after what it needs: no number of workers is faster than it. */
export function longestChain(jobs: readonly SweepJob[]): SweepJob[] {
  const open = jobs.filter(({ state }) => state !== 'done' && state !== 'cancelled');
  const byId = new Map(open.map((job) => [job.id, job]));
  const chains = lengthsOf(open);
  let last: string | undefined;
  for (const [id, { length }] of chains)
    if (last === undefined || length > chains.get(last)!.length) last = id;
  const chain: SweepJob[] = [];
  for (let id = last; id !== undefined; id = chains.get(id)!.after) chain.unshift(byId.get(id)!);
  return chain;
}

interface Chain {
  /** Jobs in the longest chain that ends with this one. */
  readonly length: number;
  /** The one before it in that chain. */
  readonly after: string | undefined;
}

/** The longest chain up to each job. Needs that are not among the jobs, and circles, which only a damaged file has, count for nothing. */
function lengthsOf(jobs: readonly SweepJob[]): Map<string, Chain> {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const found = new Map<string, Chain>();
  const under = new Set<string>();
  // Deeper than a stack of calls may be.
  const stack = jobs.map(({ id }) => id).reverse();
  while (stack.length > 0) {
    const id = stack[stack.length - 1];
    const needs = (byId.get(id)!.needs ?? []).filter((need) => byId.has(need) && need !== id);
    const missing = found.has(id) ? [] : needs.filter((need) => !found.has(need) && !under.has(need));
    if (missing.length > 0) {
      under.add(id);
      stack.push(...missing);
      continue;
    }
    stack.pop();
    under.delete(id);
    if (found.has(id)) continue;
    let [length, after]: [number, string | undefined] = [1, undefined];
    for (const need of needs) {
      const before = found.get(need);
      if (before && before.length + 1 > length) [length, after] = [before.length + 1, need];
    }
    found.set(id, { length, after });
  }
  return new Map(jobs.map(({ id }) => [id, found.get(id)!]));
}

/** What cannot begin before a job is done: all that needs it, and what needs that. */
export function waitingFor<Job extends Pick<SweepJob, 'id' | 'needs'>>(
  jobs: readonly Job[],
  id: string,
): Job[] {
  const blocked = new Set([id]);
  for (let before = 0; before < blocked.size; ) {
    before = blocked.size;
    for (const job of jobs) if (job.needs?.some((need) => blocked.has(need))) blocked.add(job.id);
  }
  return jobs.filter((job) => job.id !== id && blocked.has(job.id));
}

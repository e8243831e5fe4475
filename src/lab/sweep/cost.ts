/**
 * What a sweep costs on so many machines, worked out from rates that were measured: pure arithmetic, no forecast of anything
 * that was not put in. Steps wait for the networks that they need, so a sweep is never faster than its longest chain of
 * steps, however many machines there are; and never faster than all its work divided by all cores.
 */

/** One step of a sweep, as it would be on one core alone. */
export interface CostedJob {
  readonly id: string;
  /** Seconds of one core's time. */
  readonly seconds: number;
  /** The steps that it waits for, by id. */
  readonly needs: readonly string[];
  /** Bytes that it leaves in the store: record and network. */
  readonly kept: number;
  /** Bytes of the networks that it takes from the store. */
  readonly taken: number;
  /** Bytes of one checkpoint, and how many it writes; none where it trains nothing. */
  readonly checkpoint?: { readonly bytes: number; readonly times: number };
}

export interface Overheads {
  /** Seconds that pass at each job beside its work: taken from the queue, its networks fetched, its record kept. */
  readonly jobSeconds: number;
  /** Bytes of Redis's memory for each job. */
  readonly jobMemory: number;
}

export interface SweepCost {
  readonly jobs: number;
  readonly cores: number;
  /** One core alone. */
  readonly work: number;
  /** The longest chain of steps that wait for one another. */
  readonly chain: number;
  /** The chain or all work over all cores, whichever is more: no order of jobs takes less. */
  readonly least: number;
  /** Taking jobs in the order in which they were put on the queue, as workers do. */
  readonly seconds: number;
  /** `work` over `seconds`. */
  readonly speedUp: number;
  /** Of the time of all cores, the share in which they work. */
  readonly busy: number;
  /** Bytes in the store at the end; written to it and read from it on the way. */
  readonly kept: number;
  readonly written: number;
  readonly read: number;
  /** Bytes a second through the store, on average. */
  readonly traffic: number;
  readonly redis: number;
}

/** What a sweep costs on so many cores. Throws `RangeError` for needs that are no jobs, or go in a circle. */
export function sweepCost(
  jobs: readonly CostedJob[],
  cores: number,
  { jobSeconds, jobMemory }: Overheads,
): SweepCost {
  const seconds = new Map(jobs.map((job) => [job.id, job.seconds + jobSeconds]));
  const work = sum([...seconds.values()]);
  const chain = longestChain(jobs, seconds);
  const took = makespan(jobs, seconds, cores);
  const kept = sum(jobs.map((job) => job.kept));
  const written =
    kept + sum(jobs.map(({ checkpoint }) => (checkpoint?.bytes ?? 0) * (checkpoint?.times ?? 0)));
  const read = sum(jobs.map((job) => job.taken));
  return {
    ...{ jobs: jobs.length, cores, work, chain, least: Math.max(chain, work / cores), seconds: took },
    ...{ speedUp: took > 0 ? work / took : 1, busy: took > 0 ? work / (took * cores) : 1 },
    ...{
      kept,
      written,
      read,
      traffic: took > 0 ? (written + read) / took : 0,
      redis: jobs.length * jobMemory,
    },
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

/** Jobs such that each comes after those that it needs, otherwise in their own order. */
function inOrder(jobs: readonly CostedJob[]): CostedJob[] {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const state = new Map<string, 'open' | 'done'>();
  const ordered: CostedJob[] = [];
  const visit = (id: string): void => {
    const job = byId.get(id);
    if (!job) throw new RangeError(`A job waits for "${id}", which is none.`);
    if (state.get(id) === 'open') throw new RangeError(`The job "${id}" waits for itself.`);
    if (state.has(id)) return;
    state.set(id, 'open');
    job.needs.forEach(visit);
    state.set(id, 'done');
    ordered.push(job);
  };
  for (const { id } of jobs) visit(id);
  return ordered;
}

function longestChain(jobs: readonly CostedJob[], seconds: ReadonlyMap<string, number>): number {
  const ends = new Map<string, number>();
  for (const { id, needs } of inOrder(jobs))
    ends.set(id, seconds.get(id)! + Math.max(0, ...needs.map((need) => ends.get(need)!)));
  return Math.max(0, ...ends.values());
}

/** When the last job ends, if a core that is free takes the first job in order that waits for nothing any more. */
function makespan(jobs: readonly CostedJob[], seconds: ReadonlyMap<string, number>, cores: number): number {
  const waitsFor = new Map(inOrder(jobs).map(({ id, needs }) => [id, new Set(needs)]));
  const place = new Map(jobs.map(({ id }, i) => [id, i]));
  const takers = new Map<string, string[]>();
  for (const { id, needs } of jobs)
    for (const need of new Set(needs)) takers.set(need, [...(takers.get(need) ?? []), id]);
  const ready = jobs.filter(({ needs }) => needs.length === 0).map(({ id }) => id);
  const running: { readonly id: string; readonly end: number }[] = [];
  let now = 0;
  while (ready.length > 0 || running.length > 0) {
    while (ready.length > 0 && running.length < cores) {
      const id = ready.shift()!;
      running.push({ id, end: now + seconds.get(id)! });
    }
    const next = running.reduce((first, each) => (each.end < first.end ? each : first));
    running.splice(running.indexOf(next), 1);
    now = next.end;
    for (const id of takers.get(next.id) ?? []) {
      const left = waitsFor.get(id)!;
      left.delete(next.id);
      if (left.size > 0) continue;
      const at = ready.findIndex((each) => place.get(each)! > place.get(id)!);
      ready.splice(at === -1 ? ready.length : at, 0, id);
    }
  }
  return now;
}

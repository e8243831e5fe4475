/**
 * What a queue knows of sweeps beside BullMQ's own jobs, in Redis: which there are, their jobs in order, the recipes, who
 * works, and which jobs wait for which. No secret is written there.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type * as Bull from 'bullmq';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { BadInput } from '../../src/lab/errors';
import { type Ground, groundId, groundSchema } from './ground';
import type { Settings } from './settings';
import { type Work, workSchema } from './work';

/** Earlier versions, whose jobs were all steps of recipes, said of which beside the rest. */
const withWork = (job: unknown): unknown => {
  const { recipe, step } = job as { recipe?: unknown; step: unknown };
  return recipe === undefined ? job : { ...(job as object), work: { kind: 'step', recipe, step } };
};

const planSchema = z.object({
  /** The identity of what it makes: also the job's id in BullMQ. */
  id: z.string(),
  /** Of the ground it stands on. */
  ground: z.string(),
  /** For people: run and step together, and each by itself. */
  ...{ label: z.string(), run: z.string(), step: z.string() },
  work: workSchema,
  /** Jobs that it waits for, by id. */
  needs: z.array(z.string()),
});
export type PlannedJob = z.infer<typeof planSchema>;
const plannedJobSchema = z.preprocess(withWork, planSchema);

/** Where a job lies. */
export const placeOf = ({ ground, id }: PlannedJob): string => `${ground}/${id}`;

const headSchema = z.object({
  ...{ id: z.string(), name: z.string(), command: z.string(), made: z.string(), store: z.string() },
  grounds: z.array(groundSchema),
  /** What its report calls its own command; none of a sweep of an earlier version, or of one without a report. */
  report: z.string().optional(),
});
export type SweepHead = Omit<z.infer<typeof headSchema>, 'grounds'> & { readonly grounds: readonly Ground[] };

export interface Sweep extends SweepHead {
  readonly isPaused: boolean;
  readonly isCancelled: boolean;
}

/** What a link carries: `step` waits for `need`. */
export interface LinkData {
  readonly step: string;
  readonly need: string;
}

export const workerSchema = z.object({
  ...{ name: z.string(), host: z.string(), slots: z.int(), busy: z.int(), seen: z.string() },
  /** Grounds by id. */
  serves: z.array(z.string()),
  refuses: z.record(z.string(), z.string()),
});
export type WorkerCard = z.infer<typeof workerSchema>;

/** The keys and queues of sweeps in one Redis. Close it when done; the connection stays the caller's. */
export interface Board {
  readonly redis: Redis;
  readonly settings: Settings;
  readonly bull: typeof Bull;
  key(...parts: string[]): string;
  /** The jobs of a ground, and the links between them. */
  steps(ground: string): Queue<Work>;
  links(ground: string): Queue<LinkData>;
  close(): Promise<void>;
}

export async function openBoard(redis: Redis, settings: Settings): Promise<Board> {
  // Here and not at the head: every verb that has no queue starts without it.
  const bull = await import('bullmq');
  const queues = new Map<string, Queue>();
  const queue = (name: string) => {
    const known = queues.get(name);
    if (known) return known;
    const opened = new bull.Queue(name, { connection: redis, prefix: settings.prefix });
    // Redis that is away is told by its connection.
    opened.on('error', () => {});
    queues.set(name, opened);
    return opened;
  };
  return {
    ...{ redis, settings, bull },
    key: (...parts) => [settings.prefix, ...parts].join(':'),
    steps: (ground) => queue(stepsOf(ground)),
    links: (ground) => queue(linksOf(ground)),
    close: async () => {
      await Promise.all([...queues.values()].map((each) => each.close()));
    },
  };
}

export const stepsOf = (ground: string): string => `steps-${ground}`;
export const linksOf = (ground: string): string => `links-${ground}`;

/** BullMQ takes no colon in an id. */
export const linkId = (step: string, need: string): string => `${step}<${need}`;

/** Sweeps in the order in which they were made. */
export async function sweepsOn(board: Board): Promise<Sweep[]> {
  const ids = await board.redis.zrange(board.key('sweeps'), '0', '-1');
  const found = await Promise.all(ids.map((id) => sweepCalled(board, id)));
  return found.filter((each) => each !== null);
}

export async function sweepCalled(board: Board, id: string): Promise<Sweep | null> {
  const [head, paused, cancelled] = await board.redis.hmget(
    board.key('sweep', id),
    'head',
    'paused',
    'cancelled',
  );
  if (!head) return null;
  return { ...headSchema.parse(JSON.parse(head)), isPaused: paused === '1', isCancelled: cancelled === '1' };
}

/** Throws `BadInput` where there is no such sweep. */
export async function requireSweep(board: Board, id: string): Promise<Sweep> {
  const found = await sweepCalled(board, id);
  if (found) return found;
  const others = (await sweepsOn(board)).map((each) => `${each.id} (${each.name})`).join(', ') || 'none';
  throw new BadInput(`There is no sweep "${id}" on this queue; there are: ${others}.`);
}

export async function jobsOf(board: Board, id: string): Promise<PlannedJob[]> {
  const text = await board.redis.hget(board.key('sweep', id), 'jobs');
  return text ? z.array(plannedJobSchema).parse(JSON.parse(text)) : [];
}

/**
 * Writes a sweep, or adds to one; what it was told before (paused) stays, but for having been cancelled. done: ids of steps
 * that were in the store before, so that they need not be on the queue.
 */
export async function writeSweep(
  board: Board,
  head: SweepHead,
  jobs: readonly PlannedJob[],
  done: ReadonlySet<string>,
): Promise<void> {
  const { redis, key } = board;
  const at = key('sweep', head.id);
  const known = await sweepCalled(board, head.id);
  const before = known ? await jobsOf(board, head.id) : [];
  const all = new Map([...before, ...jobs].map((job) => [job.id + job.ground, job]));
  const grounds = new Map([...(known?.grounds ?? []), ...head.grounds].map((each) => [groundId(each), each]));
  const whole: SweepHead = { ...head, made: known?.made ?? head.made, grounds: [...grounds.values()] };
  const writing = redis.multi();
  writing.hset(at, { head: JSON.stringify(whole), jobs: JSON.stringify([...all.values()]) });
  writing.hdel(at, 'cancelled');
  writing.zadd(key('sweeps'), 'NX', String(Date.parse(whole.made)), head.id);
  if (all.size > 0) writing.sadd(`${at}:jobs`, ...[...all.values()].map(placeOf));
  if (done.size > 0) writing.sadd(`${at}:before`, ...done);
  await writing.exec();
}

/** The ids of a sweep's steps that were in the store before it was put on the queue. */
export const doneBefore = async ({ redis, key }: Board, id: string): Promise<Set<string>> =>
  new Set(await redis.smembers(key('sweep', id, 'before')));

/** The jobs of all of them. */
export const jobsOfAll = async (board: Board, sweeps: readonly Sweep[]): Promise<PlannedJob[]> =>
  (await Promise.all(sweeps.map(({ id }) => jobsOf(board, id)))).flat();

/** Does something with all of them, some at a time. */
export async function inParts<T>(
  all: readonly T[],
  work: (one: T) => Promise<unknown>,
  atOnce = 100,
): Promise<void> {
  for (let at = 0; at < all.length; at += atOnce) await Promise.all(all.slice(at, at + atOnce).map(work));
}

/** The sweeps that want a job, of all that are not cancelled. */
export async function wantedBy(board: Board, ground: string, id: string): Promise<Sweep[]> {
  const sweeps = (await sweepsOn(board)).filter(({ isCancelled }) => !isCancelled);
  const wanted = await Promise.all(
    sweeps.map((each) => board.redis.sismember(board.key('sweep', each.id, 'jobs'), `${ground}/${id}`)),
  );
  return sweeps.filter((_, i) => wanted[i] === 1);
}

export const groundsOf = (sweeps: readonly Sweep[]): Map<string, Ground> =>
  new Map(sweeps.flatMap(({ grounds }) => grounds.map((each) => [groundId(each), each])));

/** Workers that were heard of lately. */
export async function workersOn({ redis, key }: Board): Promise<WorkerCard[]> {
  const names = await redis.smembers(key('workers'));
  if (names.length === 0) return [];
  const cards = await redis.mget(names.map((name) => key('worker', name)));
  const gone = names.filter((_, i) => cards[i] === null);
  if (gone.length > 0) await redis.srem(key('workers'), ...gone);
  return cards.flatMap((card) => (card === null ? [] : [workerSchema.parse(JSON.parse(card))]));
}

const BEATS_UNTIL_GONE = 4;

export async function tellWorker({ redis, key, settings }: Board, card: WorkerCard): Promise<void> {
  const lasts = Math.max(1_000, BEATS_UNTIL_GONE * settings.beatMs);
  await redis
    .multi()
    .sadd(key('workers'), card.name)
    .set(key('worker', card.name), JSON.stringify(card), 'PX', lasts)
    .exec();
}

export async function forgetWorker({ redis, key }: Board, name: string): Promise<void> {
  await redis.multi().srem(key('workers'), name).del(key('worker', name)).exec();
}

const TURN_MS = 30_000;

/** Does something while no other submitter does; `stillMine` keeps the turn for as long again. */
export async function inTurn<T>(
  { redis, key }: Board,
  work: (stillMine: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const turn = key('turn');
  const mine = `${process.pid} ${Math.random()}`;
  while ((await redis.set(turn, mine, 'PX', TURN_MS, 'NX')) !== 'OK') await pause(100);
  try {
    return await work(async () => {
      await redis.pexpire(turn, TURN_MS);
    });
  } finally {
    if ((await redis.get(turn)) === mine) await redis.del(turn);
  }
}

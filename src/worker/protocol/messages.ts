/** What the worker says to the page, checked on arrival. `id` names the job. */
import { z } from 'zod';
import type { ThreadStart } from '../../lab/runtime/kernels/thread';
import { id } from './commands';
import type { JobEvent } from './results';

const isTagged = (value: unknown): boolean => typeof (value as { type?: unknown } | null)?.type === 'string';
export const messageSchema = z.discriminatedUnion('type', [
  /** The lock is held: from now on the page can tell when the worker ends. */
  z.object({ type: z.literal('alive') }),
  /** To a ping, with its number and those of the jobs that are open here; without one, the worker's first word. */
  z.object({ type: z.literal('pong'), asked: z.int(), open: z.array(z.int()) }),
  z.object({ type: z.literal('event'), id, event: z.custom<JobEvent>(isTagged) }),
  z.object({ type: z.literal('done'), id, result: z.unknown() }),
  z.object({
    type: z.literal('failed'),
    id,
    /** Whether the person can mend it, or we have to. */
    kind: z.enum(['bad-input', 'failure']),
    message: z.string(),
    cause: z.string().nullable(),
  }),
  z.object({ type: z.literal('cancelled'), id }),
  /** Something came that is no command and names no job that could fail of it. */
  z.object({ type: z.literal('misfit'), what: z.string() }),
  /** The engine is lost (a GPU device, out of memory): a fresh worker is needed. */
  z.object({ type: z.literal('lost'), why: z.string() }),
  /**
   * A thread is wanted that helps with the kernels. By the port the page answers null when it is there, and else why not;
   * the worker says anything when it is to end.
   */
  z.object({
    type: z.literal('thread'),
    start: z.custom<ThreadStart>((value) => typeof value === 'object' && value !== null),
    port: z.instanceof(MessagePort),
  }),
]);
export type Message = z.infer<typeof messageSchema>;
export type ThreadWanted = Omit<Extract<Message, { type: 'thread' }>, 'type'>;
const named = z.object({ id });
/** The job that something names which need not fit the protocol otherwise; null where it names none. */
export const jobNamedIn = (data: unknown): number | null => named.safeParse(data).data?.id ?? null;
/** What of it does not fit, for the console and a failed job's cause: `at "seed": …`. */
export const misfitWords = ({ issues }: z.core.$ZodError): string =>
  issues
    .map(({ path, message }) => (path.length > 0 ? `at "${path.join('.')}": ${message}` : message))
    .join('; ');

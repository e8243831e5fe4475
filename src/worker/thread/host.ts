/**
 * Runs jobs one after the other (backend and tensor scopes are global, so never two at once) and answers control
 * commands in between. Knows nothing of what the jobs do.
 */
import { BadInput, messageOf } from '../../lab/errors';
import type { Action } from '../protocol/choices';
import { commandSchema, type JobCommand, type JobType } from '../protocol/commands';
import { jobNamedIn, type Message, misfitWords } from '../protocol/messages';
import type { JobEvent, Results } from '../protocol/results';

/** A job's work: yields events, returns the result. `stop` asks it to end early with what it has. */
export type Handler<T extends JobType> = (
  command: Extract<JobCommand, { type: T }>,
  stop: AbortSignal,
) => AsyncGenerator<JobEvent, Results[T], void>;

export type Handlers = { readonly [T in JobType]: Handler<T> };

/** Batches and counters reach the page at this rate at most, in milliseconds. */
const QUIET = 100;

/**
 * The host of a set of handlers: feed it what the page posts. `onHidden`: told whether anybody can see the page; `onAsked`:
 * told of each job when it is asked for, while others may run.
 */
export function createHost(
  handlers: Handlers,
  post: (message: Message) => void,
  onHidden: (hidden: boolean) => void = () => {},
  onAsked: (command: JobCommand) => void = () => {},
): (data: unknown) => void {
  const jobs = new Map<number, Job>();
  let last: Promise<void> = Promise.resolve();
  return (data) => {
    const { data: command, error } = commandSchema.safeParse(data);
    if (error) return refuse(data, misfitWords(error));
    if (command.type === 'page') return onHidden(command.hidden);
    if (command.type === 'ping') return post({ type: 'pong', asked: command.asked, open: [...jobs.keys()] });
    if (command.type === 'control') {
      jobs.get(command.id)?.control(command.action);
      return;
    }
    if (jobs.has(command.id)) return refuse(data, 'its number is that of another job');
    const job = new Job(command.id, post);
    if (jobs.size > 0) job.report({ type: 'queued', ahead: jobs.size });
    jobs.set(command.id, job);
    onAsked(command);
    last = last.then(async () => {
      await job.run(() => startHandler(handlers, command, job.stop.signal));
      jobs.delete(command.id);
    });
  };

  /** What fits no command costs the job that it would have begun, and no other. */
  function refuse(data: unknown, why: string): void {
    const id = jobNamedIn(data);
    // A control of a job that goes on is no reason to end it.
    if (id === null || jobs.has(id)) post({ type: 'misfit', what: why });
    else post({ type: 'failed', id, kind: 'failure', message: UNKNOWN, cause: why });
  }
}

const UNKNOWN =
  'The page asked for something that its worker does not understand: they may be of two versions, so reload the page.';

function startHandler(handlers: Handlers, command: JobCommand, stop: AbortSignal) {
  // Each type has its own handler; the pairing is lost on the compiler when looked up by a union.
  const handler = handlers[command.type] as (
    command: JobCommand,
    stop: AbortSignal,
  ) => AsyncGenerator<JobEvent, unknown, void>;
  return handler(command, stop);
}

class Job {
  readonly stop = new AbortController();
  private cancelled = false;
  private paused = false;
  /** While paused: on its way to the end of one step. */
  private stepping = false;
  private wake: () => void = () => {};
  private quietUntil = 0;
  private heldBack: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly id: number,
    private readonly post: (message: Message) => void,
  ) {}

  control(action: Action): void {
    if (action === 'cancel') this.cancelled = true;
    if (action === 'stop') this.stop.abort();
    if (action === 'pause') {
      this.paused = true;
      this.stepping = false;
    } else this.letOn(action === 'step');
  }

  report(event: JobEvent): void {
    this.post({ type: 'event', id: this.id, event });
  }

  async run(start: () => AsyncGenerator<JobEvent, unknown, void>): Promise<void> {
    const { id } = this;
    let stage: ReturnType<typeof start> | undefined;
    try {
      stage = start();
      for (;;) {
        if (this.paused && !this.stepping) await new Promise<void>((resolve) => (this.wake = resolve));
        if (this.cancelled) return this.post({ type: 'cancelled', id });
        const step = await stage.next();
        if (step.done) return this.post({ type: 'done', id, result: step.value });
        // A split that is run piece by piece is one step.
        if (!isPiece(step.value)) this.stepping = false;
        this.pass(step.value);
      }
    } catch (error) {
      const kind = error instanceof BadInput ? 'bad-input' : 'failure';
      const cause = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : null;
      this.post({ type: 'failed', id, kind, message: messageOf(error), cause });
    } finally {
      clearTimeout(this.heldBack);
      // Frees what the stage holds where it did not end by itself.
      await stage?.return(undefined).catch(() => {});
    }
  }

  private letOn(oneStep: boolean): void {
    this.paused = oneStep;
    this.stepping = oneStep;
    this.wake();
  }

  /** Of frequent events one every `QUIET` is reported, the latest; also when none follows it. */
  private pass(event: JobEvent): void {
    clearTimeout(this.heldBack);
    const isFrequent = event.type === 'batch' || isPiece(event);
    if (isFrequent && !this.paused) {
      const now = performance.now();
      if (now < this.quietUntil) {
        this.heldBack = setTimeout(() => this.pass(event), this.quietUntil - now);
        return;
      }
      this.quietUntil = now + QUIET;
    }
    this.report(event);
  }
}

/** Of something that goes on. */
const isPiece = (event: JobEvent): boolean => event.type === 'progress' && event.done < event.total;

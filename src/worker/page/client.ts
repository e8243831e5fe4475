/**
 * The page's side of the worker: each command becomes a job with a promise. The page learns of the worker's death,
 * however it came (an error, out of memory, ended from outside), by the Web Lock that only a living worker holds;
 * then every open job rejects with `WorkerLost`, and a fresh worker is there for the next command. One that lives and never
 * answers again is ended the same way (watchdog.ts).
 */
import { messageOf } from '../../lab/errors';
import type { Action } from '../protocol/choices';
import type { JobCommand, JobType } from '../protocol/commands';
import { JobCancelled, JobFailed, WorkerLost } from '../protocol/jobErrors';
import { jobNamedIn, type Message, messageSchema, misfitWords } from '../protocol/messages';
import type { JobEvent, Results } from '../protocol/results';
import type { Helpers } from './helpers';
import type { WorkerLike } from './sureWorker';
import { Watchdog } from './watchdog';

export interface Job<Result> {
  readonly id: number;
  readonly result: Promise<Result>;
  control(action: Action): void;
}

/** What a command carries besides what the client fills in. */
type Details<T extends JobType> = Omit<Extract<JobCommand, { type: T }>, 'type' | 'id' | 'lock'>;

interface OpenJob {
  resolve(result: unknown): void;
  reject(error: Error): void;
  onEvent(event: JobEvent): void;
}

export class LabClient {
  private worker: WorkerLike | undefined;
  private watchdog: Watchdog | undefined;
  private readonly jobs = new Map<number, OpenJob>();
  private nextId = 1;
  private isHidden = false;

  constructor(
    private readonly spawn: () => WorkerLike,
    /** Called after the worker ended unasked; open jobs have been rejected. */
    private readonly onLost: (why: string) => void,
    private readonly helpers: Helpers,
  ) {}

  /** Posts a command to the worker, starting one where none runs. */
  run<T extends JobType>(
    type: T,
    details: Details<T>,
    onEvent: (event: JobEvent) => void = () => {},
    transfer: Transferable[] = [],
  ): Job<Results[T]> {
    this.worker ??= this.started();
    const worker = this.worker;
    const id = this.nextId++;
    const result = new Promise<Results[T]>((resolve, reject) => {
      this.jobs.set(id, { resolve: resolve as OpenJob['resolve'], reject, onEvent });
    });
    const { watchdog } = this;
    watchdog?.begin();
    const lock = FIRST.has(type) ? { lock: lockOf(worker) } : {};
    try {
      worker.postMessage({ type, ...details, ...lock, id }, transfer);
    } catch (error) {
      // What cannot be sent (a buffer that went elsewhere) fails by itself.
      this.fail(id, 'failure', `The worker could not be asked: ${messageOf(error)}.`, null);
    }
    const control = (action: Action) => {
      worker.postMessage({ type: 'control', id, action });
      if ((action === 'stop' || action === 'cancel') && this.jobs.has(id)) watchdog?.stopAsked();
    };
    return { id, result, control };
  }

  /** Tells the worker, and every one after it, whether anybody can see the page. */
  setHidden(hidden: boolean): void {
    this.isHidden = hidden;
    this.worker?.postMessage({ type: 'page', hidden });
  }

  /** Ends the worker without a word to `onLost`: its memory is freed, and the next command starts a fresh one. */
  close(): void {
    this.worker?.terminate();
    this.drop('The worker was closed.');
  }

  /** Kills the worker as a crash would; for tests. */
  terminateWorker(): void {
    this.worker?.terminate();
  }

  private started(): WorkerLike {
    const worker = this.spawn();
    const watchdog = new Watchdog(
      () => worker.postMessage({ type: 'ping', asked: this.nextId - 1 }),
      (seconds) => this.lose(worker, `it had not answered for ${seconds} seconds`),
    );
    this.watchdog = watchdog;
    worker.onmessage = ({ data }) => {
      if (this.worker !== worker) return;
      watchdog.heard();
      const { data: message, error } = messageSchema.safeParse(data);
      if (error) this.refuse(data, misfitWords(error), worker);
      else this.receive(message, worker);
    };
    // It cannot even be said which job it was of, and that one would wait for ever.
    worker.onmessageerror = () => this.lose(worker, 'what it sent could not be read');
    worker.onerror = (event) => {
      event.preventDefault();
      this.lose(worker, event.message || 'its script could not be loaded');
    };
    if (this.isHidden) worker.postMessage({ type: 'page', hidden: true });
    return worker;
  }

  private receive(message: Message, worker: WorkerLike): void {
    if (message.type === 'pong') this.compare(message, worker);
    else if (message.type === 'alive') this.watch(worker);
    else if (message.type === 'lost') this.lose(worker, message.why);
    else if (message.type === 'thread') this.helpers.start(message);
    else if (message.type === 'misfit')
      console.error(`The worker does not understand the page: ${message.what}`);
    else this.answer(message);
  }

  private answer(message: Exclude<Message, { type: 'pong' | 'alive' | 'lost' | 'misfit' | 'thread' }>): void {
    const job = this.jobs.get(message.id);
    if (!job) return;
    if (message.type === 'event') {
      job.onEvent(message.event);
      return;
    }
    if (message.type === 'failed') {
      this.fail(message.id, message.kind, message.message, message.cause);
      return;
    }
    this.forget(message.id);
    if (message.type === 'done') job.resolve(message.result);
    else job.reject(new JobCancelled('cancelled'));
  }

  /** A command may get lost on its way to a worker that is being loaded (in WebKit); it would be waited for, for ever. */
  private compare({ asked, open }: Extract<Message, { type: 'pong' }>, worker: WorkerLike): void {
    const isUnheard = (id: number) => id <= asked && !open.includes(id);
    if ([...this.jobs.keys()].some(isUnheard)) this.lose(worker, 'it had not heard what it was asked for');
  }

  /** What fits no message costs the job that it is of, and no other. */
  private refuse(data: unknown, why: string, worker: WorkerLike): void {
    const id = jobNamedIn(data);
    if (id === null || !this.jobs.has(id)) {
      console.error(`The page does not understand its worker: ${why}`);
      return;
    }
    worker.postMessage({ type: 'control', id, action: 'cancel' });
    this.fail(id, 'failure', UNKNOWN, why);
  }

  private fail(id: number, kind: JobFailed['kind'], message: string, cause: string | null): void {
    const job = this.jobs.get(id);
    this.forget(id);
    job?.reject(new JobFailed(kind, message, cause));
  }

  private forget(id: number): void {
    this.jobs.delete(id);
    if (this.jobs.size === 0) this.watchdog?.rest();
  }

  /** The lock is granted to the page the moment the worker is gone. */
  private watch(worker: WorkerLike): void {
    void navigator.locks.request(lockOf(worker), () => this.lose(worker, 'it ended unexpectedly'));
  }

  private lose(worker: WorkerLike, why: string): void {
    if (this.worker !== worker) return;
    worker.terminate();
    this.drop(why);
    this.onLost(why);
  }

  private drop(why: string): void {
    this.worker = undefined;
    this.watchdog?.rest();
    this.watchdog = undefined;
    this.helpers.end();
    const open = [...this.jobs.values()];
    this.jobs.clear();
    for (const job of open) job.reject(new WorkerLost(why));
  }
}

const UNKNOWN =
  'The worker answered something that the page does not understand: they may be of two versions, so reload the page.';

/** The jobs a worker may begin with: it takes the lock by which its death is seen. */
const FIRST: ReadonlySet<JobType> = new Set(['start', 'probe', 'import', 'download', 'rotate']);

const locks = new WeakMap<WorkerLike, string>();

/** A name no other page and no other worker uses. */
function lockOf(worker: WorkerLike): string {
  const name = locks.get(worker) ?? `orbit-lab-${Date.now()}-${Math.random()}`;
  locks.set(worker, name);
  return name;
}

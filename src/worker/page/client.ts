/**
 * The page's side of the worker: each command becomes a job with a promise. The page learns of the worker's death,
 * however it came (an error, out of memory, ended from outside), by the Web Lock that only a living worker holds;
 * then every open job rejects with `WorkerLost`, and a fresh worker is there for the next command.
 */
import { JobCancelled, JobFailed, WorkerLost } from '../protocol/jobErrors';
import {
  type Action,
  type JobCommand,
  type JobEvent,
  type JobType,
  type Message,
  messageSchema,
  type Results,
} from '../protocol/protocol';

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
  private worker: Worker | undefined;
  private readonly jobs = new Map<number, OpenJob>();
  private nextId = 1;

  constructor(
    private readonly spawn: () => Worker,
    /** Called after the worker ended unasked; open jobs have been rejected. */
    private readonly onLost: (why: string) => void,
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
    const lock = FIRST.has(type) ? { lock: lockOf(worker) } : {};
    worker.postMessage({ type, ...details, ...lock, id }, transfer);
    const control = (action: Action) => worker.postMessage({ type: 'control', id, action });
    return { id, result, control };
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

  private started(): Worker {
    const worker = this.spawn();
    worker.onmessage = ({ data }) => {
      if (this.worker === worker) this.receive(messageSchema.parse(data), worker);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.lose(worker, event.message || 'its script could not be loaded');
    };
    return worker;
  }

  private receive(message: Message, worker: Worker): void {
    if (message.type === 'alive') this.watch(worker);
    else if (message.type === 'lost') this.lose(worker, message.why);
    else this.answer(message);
  }

  private answer(message: Exclude<Message, { type: 'alive' | 'lost' }>): void {
    const job = this.jobs.get(message.id);
    if (!job) return;
    if (message.type === 'event') {
      job.onEvent(message.event);
      return;
    }
    this.jobs.delete(message.id);
    if (message.type === 'done') job.resolve(message.result);
    else if (message.type === 'cancelled') job.reject(new JobCancelled('cancelled'));
    else job.reject(new JobFailed(message.kind, message.message, message.cause));
  }

  /** The lock is granted to the page the moment the worker is gone. */
  private watch(worker: Worker): void {
    void navigator.locks.request(lockOf(worker), () => this.lose(worker, 'it ended unexpectedly'));
  }

  private lose(worker: Worker, why: string): void {
    if (this.worker !== worker) return;
    worker.terminate();
    this.drop(why);
    this.onLost(why);
  }

  private drop(why: string): void {
    this.worker = undefined;
    const open = [...this.jobs.values()];
    this.jobs.clear();
    for (const job of open) job.reject(new WorkerLost(why));
  }
}

/** The jobs a worker may begin with: it takes the lock by which its death is seen. */
const FIRST: ReadonlySet<JobType> = new Set(['start', 'import', 'download', 'rotate']);

const locks = new WeakMap<Worker, string>();

/** A name no other page and no other worker uses. */
function lockOf(worker: Worker): string {
  const name = locks.get(worker) ?? `orbit-lab-${Date.now()}-${Math.random()}`;
  locks.set(worker, name);
  return name;
}

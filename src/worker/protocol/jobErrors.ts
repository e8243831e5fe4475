/** The ways in which a job ends without a result, as the page sees them. */

/** A job failed in the worker. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
  constructor(
    readonly kind: 'bad-input' | 'failure',
    message: string,
    cause: string | null,
  ) {
    super(message, { cause: cause ?? undefined });
  }
}

/** The job was cancelled, by the page itself. */
export class JobCancelled extends Error {
  override readonly name = 'JobCancelled';
}

/** The worker ended under the job. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';
}

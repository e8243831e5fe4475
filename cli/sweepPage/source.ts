/** Where the live page has its statuses from, and where it takes wishes to. */
import { createHash } from 'node:crypto';
import { messageOf } from '../../src/lab/errors';
import { type Curves, type SweepAction, sweepsDocument, withCurves } from '../../src/lab/sweep/document';
import type { SweepStatus } from '../../src/lab/sweep/status';

export interface SweepSource {
  statuses(): Promise<SweepStatus[]>;
  /** job: the one to be tried again; without it all that failed. */
  act(sweep: string, action: SweepAction, job?: string): Promise<void>;
  /** The report of a sweep as JSON, where it is made. */
  report(sweep: SweepStatus): Promise<string | null>;
}

/** What is handed out at a moment: the same tag for the same statuses, whenever they were read. */
export interface Snapshot {
  readonly text: string;
  readonly tag: string;
}

/** Statuses are read at most so often, however many pages ask, in milliseconds. */
const PAUSE = 1000;

/** Reads statuses, and remembers how accuracies grew. */
export class Snapshots {
  private curves: Curves = {};
  private latest: { readonly at: number; readonly snapshot: Promise<Snapshot> } | null = null;

  constructor(
    private readonly source: SweepSource,
    private readonly control: boolean,
    private readonly now: () => number = Date.now,
  ) {}

  /** Rejects where the source does not answer; the next one asks anew. */
  read(): Promise<Snapshot> {
    if (this.latest && this.now() - this.latest.at < PAUSE) return this.latest.snapshot;
    const latest = { at: this.now(), snapshot: this.take() };
    this.latest = latest;
    latest.snapshot.catch(() => {
      if (this.latest === latest) this.latest = null;
    });
    return latest.snapshot;
  }

  /** Reads now and then also while nobody asks, so that no epoch goes by unseen, until the returned function is called. */
  watch(pace = PAUSE): () => void {
    const timer = setInterval(() => {
      // Whoever asks is told of it.
      this.read().catch(() => {});
    }, pace);
    return () => clearInterval(timer);
  }

  /** What was read is no longer so. */
  forget(): void {
    this.latest = null;
  }

  private async take(): Promise<Snapshot> {
    const sweeps = await within(PATIENCE, this.source.statuses());
    this.curves = withCurves(this.curves, sweeps);
    const reports: string[] = [];
    for (const sweep of sweeps) if ((await this.source.report(sweep)) !== null) reports.push(sweep.id);
    const { control, curves } = this;
    const document = sweepsDocument(sweeps, { at: new Date(this.now()), curves, control, reports });
    const { at: _, ...lasting } = document;
    const tag = createHash('sha256').update(JSON.stringify(lasting)).digest('base64url').slice(0, 22);
    return { text: JSON.stringify(document), tag: `"${tag}"` };
  }
}

/** A queue that is away answers when it is back, which may be never: so long it is waited for, in milliseconds. */
const PATIENCE = 10_000;

async function within<T>(most: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it said nothing for ${most / 1000} s`)), most);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What is said where the source does not answer. */
export const noAnswer = (error: unknown): string => `The queue does not answer: ${messageOf(error)}`;

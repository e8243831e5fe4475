/**
 * Whether a worker still answers. While it has work it is asked every few seconds; a computation that never ends leaves
 * its questions unread, and then somebody has to end the worker: what is kept goes on in a fresh one. A step may be long
 * on a slow device, so patience is long too, unless somebody waits for the worker to stop.
 *
 * A worker that has not said anything yet is still loading, however long that takes, and only ended where it is to stop.
 */

/** How often it is asked, in milliseconds. */
export const ASK = 3_000;
/** How long it may be silent, and how long where it was asked to end something. */
export const PATIENCE = 90_000;
export const STOPPING = 15_000;

export class Watchdog {
  private timer: ReturnType<typeof setInterval> | undefined;
  private lookedAt = 0;
  private heardAt = 0;
  private hasSpoken = false;
  private stopAskedAt: number | null = null;

  /** ask: puts the question to the worker. silent: told for how many seconds nothing has been heard; called once. */
  constructor(
    private readonly ask: () => void,
    private readonly silent: (seconds: number) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The worker has something to do. */
  begin(): void {
    if (this.timer !== undefined) return;
    this.lookedAt = this.heardAt = this.now();
    this.timer = setInterval(() => this.look(), ASK);
  }

  /** The worker has said something, whatever it was. */
  heard(): void {
    this.heardAt = this.now();
    this.hasSpoken = true;
  }

  /** The worker was asked to end something. */
  stopAsked(): void {
    this.stopAskedAt ??= this.now();
  }

  /** The worker has nothing to do. */
  rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.stopAskedAt = null;
  }

  private look(): void {
    const now = this.now();
    const slept = now - this.lookedAt > 2 * ASK;
    this.lookedAt = now;
    // The device slept, or the page was busy itself: nobody was there to be heard.
    if (slept) this.heardAt = now;
    const silence = now - this.heardAt;
    const waited = this.stopAskedAt === null ? 0 : now - Math.max(this.stopAskedAt, this.heardAt);
    if ((this.hasSpoken && silence >= PATIENCE) || waited >= STOPPING) {
      this.rest();
      this.silent(Math.round(silence / 1000));
    } else this.ask();
  }
}

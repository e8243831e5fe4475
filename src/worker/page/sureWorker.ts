/**
 * A worker that is begun again where the browser could not load its script, or says nothing of it for long. WebKit fails
 * at that for one worker in six, of scripts that are there and load a moment later.
 */

/** How often a script is asked for, and the pause before each time but the first, in milliseconds. */
const TIMES = 6;
const PAUSE = 50;
/**
 * How long a worker that was told something may be without a word, in milliseconds; twice as long each time, for a script
 * that takes its time over a slow network is not to be fetched anew for ever.
 */
export const SILENCE = 20_000;

/** What of a worker the page uses. */
export interface WorkerLike extends Pick<Worker, 'terminate' | 'onmessage' | 'onmessageerror' | 'onerror'> {
  postMessage(message: unknown, transfer?: Transferable[]): void;
}

export class SureWorker implements WorkerLike {
  onmessage: Worker['onmessage'] = null;
  onmessageerror: Worker['onmessageerror'] = null;
  onerror: Worker['onerror'] = null;
  private worker: WorkerLike;
  private times = 0;
  /** What it was told and may not have heard; null from its first word on. */
  private unheard: unknown[] | null = [];
  private again: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly spawn: () => WorkerLike) {
    this.worker = this.begun();
  }

  /**
   * Until the worker's first word, what could be handed over is copied: it may have to be told again. A port cannot be
   * copied; with it everything is handed over, and a worker that does not load is then an error at once.
   */
  postMessage(message: unknown, transfer: Transferable[] = []): void {
    const isOnce = transfer.some((each) => each instanceof MessagePort);
    if (isOnce) this.times = TIMES;
    else this.unheard?.push(message);
    if (this.unheard && !isOnce) this.listen();
    this.worker.postMessage(message, this.unheard && !isOnce ? [] : transfer);
  }

  terminate(): void {
    clearTimeout(this.again);
    clearTimeout(this.silence);
    this.times = TIMES;
    this.worker.terminate();
  }

  private begun(): WorkerLike {
    this.times++;
    const worker = this.spawn();
    const self = this as unknown as Worker;
    worker.onmessage = (event) => {
      this.unheard = null;
      clearTimeout(this.silence);
      this.onmessage?.call(self, event);
    };
    worker.onmessageerror = (event) => this.onmessageerror?.call(self, event);
    worker.onerror = (event) => {
      // An error of a script that was loaded has words.
      if (event.message || this.unheard === null || this.times >= TIMES)
        return this.onerror?.call(self, event);
      event.preventDefault();
      clearTimeout(this.silence);
      this.again = setTimeout(() => this.beginAgain(), PAUSE * this.times);
    };
    return worker;
  }

  /** Waits for its first word, from the first thing on that it was told. */
  private listen(): void {
    if (this.times >= TIMES) return;
    this.silence ??= setTimeout(() => this.beginAgain(), SILENCE * 2 ** (this.times - 1));
  }

  private beginAgain(): void {
    clearTimeout(this.silence);
    this.silence = undefined;
    this.worker.terminate();
    this.worker = this.begun();
    if (this.unheard?.length) this.listen();
    for (const message of this.unheard ?? []) this.worker.postMessage(message);
  }
}

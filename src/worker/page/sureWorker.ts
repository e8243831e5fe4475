/**
 * A worker that is begun again where the browser could not load its script. WebKit fails at that for one worker in six,
 * of scripts that are there and load a moment later.
 */

/** How often a script is asked for, and the pause before each time but the first, in milliseconds. */
const TIMES = 6;
const PAUSE = 50;

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

  constructor(private readonly spawn: () => WorkerLike) {
    this.worker = this.begun();
  }

  /** Until the worker's first word, what could be handed over is copied: it may have to be told again. */
  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.unheard?.push(message);
    this.worker.postMessage(message, this.unheard ? [] : transfer);
  }

  terminate(): void {
    clearTimeout(this.again);
    this.times = TIMES;
    this.worker.terminate();
  }

  private begun(): WorkerLike {
    this.times++;
    const worker = this.spawn();
    const self = this as unknown as Worker;
    worker.onmessage = (event) => {
      this.unheard = null;
      this.onmessage?.call(self, event);
    };
    worker.onmessageerror = (event) => this.onmessageerror?.call(self, event);
    worker.onerror = (event) => {
      // An error of a script that was loaded has words.
      if (event.message || this.unheard === null || this.times >= TIMES)
        return this.onerror?.call(self, event);
      event.preventDefault();
      this.again = setTimeout(() => this.beginAgain(), PAUSE * this.times);
    };
    return worker;
  }

  private beginAgain(): void {
    this.worker.terminate();
    this.worker = this.begun();
    for (const message of this.unheard ?? []) this.worker.postMessage(message);
  }
}

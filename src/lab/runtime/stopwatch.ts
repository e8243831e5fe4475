/** Measures work and not waiting: a stage hands an event over with the watch stopped, however long its host takes. */
export class Stopwatch {
  private passed = 0;
  private since = performance.now();

  /** Seconds so far, without those spent handing events over. */
  get seconds(): number {
    return (this.passed + performance.now() - this.since) / 1000;
  }

  /** Yields one event while the watch stands still. */
  async *handOver<Event>(event: Event): AsyncGenerator<Event, void, void> {
    this.passed += performance.now() - this.since;
    yield event;
    this.since = performance.now();
  }

  /** Passes work on, each of its events with the watch standing still; it is freed however the reader ends. */
  async *passing<Event, Result>(
    work: AsyncGenerator<Event, Result, void>,
  ): AsyncGenerator<Event, Result, void> {
    try {
      for (;;) {
        const step = await work.next();
        if (step.done) return step.value;
        yield* this.handOver(step.value);
      }
    } finally {
      await work.return(undefined as never);
    }
  }
}

/** Seconds since a moment of `performance.now()`, waiting included. */
export const secondsSince = (began: number): number => (performance.now() - began) / 1000;

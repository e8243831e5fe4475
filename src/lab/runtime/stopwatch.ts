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
}

/** Seconds since a moment of `performance.now()`, waiting included. */
export const secondsSince = (began: number): number => (performance.now() - began) / 1000;

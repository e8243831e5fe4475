/** A worker that ends by itself is routine and started again, unless it keeps happening. */

/** Deaths within five minutes that are mended without asking. */
const PATIENCE = 3;
const RECENT = 300_000;

export class Deaths {
  private times: number[] = [];

  /** Notes one; how many there were lately, or null while that is no cause to give up. */
  tooMany(now = performance.now()): number | null {
    this.times = [...this.times.filter((time) => now - time < RECENT), now];
    return this.times.length > PATIENCE ? this.times.length : null;
  }

  forget(): void {
    this.times = [];
  }
}

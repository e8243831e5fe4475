/**
 * Writes the address bar no more often than browsers allow: Safari takes 100 changes in 30 seconds and throws at the
 * next one, and others are about as strict. What the page last came to say is always written in the end.
 */

/** Between two changes of an entry, in milliseconds: 75 in 30 seconds, so that steps between views find room too. */
export const PACE = 400;
/** The longest wait after the browser refused, in milliseconds, and how often in a row it is asked again. */
const LONGEST = 30_000;
const TRIES = 9;

type Bar = Pick<History, 'pushState' | 'replaceState'>;

export class AddressWriter {
  /** A step is an entry of its own, which the back button takes back. */
  private wanted: 'nothing' | 'change' | 'step' = 'nothing';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private writtenAt = Number.NEGATIVE_INFINITY;
  private refusals = 0;

  /** here: what the bar should say. shown: what it says. bar: the browser's history. */
  constructor(
    private readonly here: () => string,
    private readonly shown: () => string,
    private readonly bar: Bar,
  ) {}

  /** What is on the page may have changed: the bar follows after this turn of the event loop, or when the pace allows. */
  note(): void {
    if (this.wanted === 'nothing') this.wanted = 'change';
    if (this.refusals > TRIES) this.refusals = 0;
    this.timer ??= setTimeout(this.flush, this.writtenAt + PACE - performance.now());
  }

  /** Begins an entry of its own for what is on the page; the one that is left says `left`. */
  step(left: string): void {
    if (this.wanted === 'change') this.write(left, false);
    this.wanted = 'step';
    this.refusals = 0;
    this.flush();
  }

  /** Writes at once what is not written yet. Never throws: where the browser refuses, it is asked again later. */
  readonly flush = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.wanted === 'nothing') return;
    if (this.write(this.here(), this.wanted === 'step')) {
      this.wanted = 'nothing';
      this.refusals = 0;
    } else if (++this.refusals <= TRIES) {
      this.timer = setTimeout(this.flush, Math.min(LONGEST, PACE * 2 ** this.refusals));
    }
  };

  /** Drops what is not written: the bar was changed by the person, and the page follows it. */
  forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wanted = 'nothing';
  }

  /** Whether the bar now says it. */
  private write(address: string, isStep: boolean): boolean {
    if (address === this.shown()) return true;
    try {
      if (isStep) this.bar.pushState(null, '', address);
      else this.bar.replaceState(null, '', address);
      this.writtenAt = performance.now();
      return true;
    } catch {
      // Too often just now, or never on this page: no reason for what is on it to stop.
      return false;
    }
  }
}

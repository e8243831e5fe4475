/** How fast a long job goes, from what it reported lately. */

export interface Pace {
  /** Per second. */
  readonly rate: number;
  /** Of work, until the end. */
  readonly secondsLeft: number;
}

/** Reports older than this, in milliseconds, say little about now. */
const WINDOW = 10_000;
/** Until then, in milliseconds, a rate would be noise. */
const SETTLING = 500;

/** Feed it every report: gives the pace over the last ten seconds, null until it can be told. */
export function paceMeter(): (at: number, done: number, total: number) => Pace | null {
  let reports: { readonly at: number; readonly done: number }[] = [];
  return (at, done, total) => {
    reports = [...reports.filter((report) => at - report.at <= WINDOW), { at, done }];
    const [first] = reports;
    if (at - first.at < SETTLING || done <= first.done) return null;
    const rate = (1000 * (done - first.done)) / (at - first.at);
    return { rate, secondsLeft: (total - done) / rate };
  };
}

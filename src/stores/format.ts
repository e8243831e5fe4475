/** Figures as people read them. A thin space never breaks between a number and its unit. */

const NBSP = '\u00a0';

/** 0.9123 → "91.2 %". */
export const percent = (share: number): string => `${(100 * share).toFixed(1)}${NBSP}%`;

/** 0.83 → "83 %". */
export const wholePercent = (share: number): string => `${Math.round(100 * share)}${NBSP}%`;

/** A difference of shares in points, without its sign: 0.312 → "31.2 points". */
export function points(share: number): string {
  const text = Math.abs(100 * share).toFixed(1);
  return `${text}${NBSP}${text === '1.0' ? 'point' : 'points'}`;
}

/** A count and its noun: "1 tile", "61 tiles". */
export const count = (n: number, noun: string, plural = `${noun}s`): string =>
  `${whole(n)}${NBSP}${n === 1 ? noun : plural}`;

const separated = new Intl.NumberFormat('en');

/** 94002 → "94,002". */
export const whole = (n: number): string => separated.format(n);

/** 376008 → "376.0 kB"; decimal units, as file managers show them. */
export const bytes = (n: number): string => scaled(n, ['bytes', 'kB', 'MB', 'GB']);

/** Multiply-adds: 12345678 → "12.3 M". */
export const millions = (n: number): string => scaled(n, ['', 'k', 'M', 'G']).trimEnd();

/** "0.8 s", "1 min 5 s". */
export function seconds(value: number): string {
  if (value < 60) return `${value.toFixed(1)}${NBSP}s`;
  return `${Math.floor(value / 60)}${NBSP}min ${Math.round(value % 60)}${NBSP}s`;
}

function scaled(n: number, units: readonly string[]): string {
  let at = 0;
  while (n >= 1000 && at < units.length - 1) {
    n /= 1000;
    at++;
  }
  return `${at === 0 ? n : n.toFixed(1)}${NBSP}${units[at]}`;
}

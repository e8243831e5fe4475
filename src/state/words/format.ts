/** Figures as people read them. A thin space never breaks between a number and its unit. */
import { wilsonInterval } from '../../lab/evaluate/interval';

const NBSP = '\u00a0';

/** A name within a sentence: what follows one that runs from right to left stays behind it. */
export const apart = (name: string): string =>
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(name)
    ? `\u2068${name}\u2069`
    : name;

/** 0.9123 → "91.2 %". */
export const percent = (share: number): string => `${(100 * share).toFixed(1)}${NBSP}%`;

/** A share seen on n tiles with its 95 % interval: "91.2 % (86.9–94.1)". */
export function interval(share: number, n: number): string {
  const [low, high] = wilsonInterval(share, n);
  return `${percent(share)} (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;
}

/** 0.83 → "83 %". */
export const wholePercent = (share: number): string => `${Math.round(100 * share)}${NBSP}%`;

/** A difference of shares in points, without its sign: 0.312 → "31.2 points". */
export function points(share: number): string {
  const text = Math.abs(100 * share).toFixed(1);
  return `${text}${NBSP}${text === '1.0' ? 'point' : 'points'}`;
}

/** By how much two shares differ as they are shown: 0.90833 − 0.5625 is 0.345, for 90.8 % − 56.3 % is 34.5 points. */
export const shownChange = (was: number, is: number): number => (tenths(is) - tenths(was)) / 1000;

/** Tenths of a per cent, as `percent` writes them. */
const tenths = (share: number): number => Math.round(10 * Number((100 * share).toFixed(1)));

/** The difference of two shares that are shown too: it is that of their figures. */
export const pointsBetween = (was: number, is: number): string => points(shownChange(was, is));

/** A count and its noun: "1 tile", "61 tiles". */
export const count = (n: number, noun: string, plural = `${noun}s`): string =>
  `${whole(n)}${NBSP}${n === 1 ? noun : plural}`;

const separated = new Intl.NumberFormat('en');

/** 94002 → "94,002". */
export const whole = (n: number): string => separated.format(n);

/** 376008 → "376.0 kB"; decimal units, as file managers show them. */
export const bytes = (n: number): string => formatScaled(n, ['bytes', 'kB', 'MB', 'GB']);

/** Bytes that may not be known, or not be there. */
export const maybeBytes = (n: number | null | undefined): string => (typeof n === 'number' ? bytes(n) : '–');

/** How much less `now` is, where both are known; else nothing. */
export const maybeLess = (base: number | null | undefined, now: number | null | undefined): string =>
  typeof base === 'number' && typeof now === 'number' ? less(base, now) : '';

/** Multiply-adds: 12345678 → "12.3 M". */
export const millions = (n: number): string => formatScaled(n, ['', 'k', 'M', 'G']).trimEnd();

/** "0.8 s", "1 min 5 s". */
export function seconds(value: number): string {
  if (value < 60) return `${value.toFixed(1)}${NBSP}s`;
  return `${Math.floor(value / 60)}${NBSP}min ${Math.round(value % 60)}${NBSP}s`;
}

/** What a share may be a share of. */
export const COST_WORDS = {
  params: 'parameters',
  macs: 'multiply-adds',
  exported: 'exported bytes',
  latency: 'time',
  'lab-1': 'time of one picture',
  'lab-32': 'time of 32 pictures',
  'onnxruntime-1': 'time of one picture in ONNX Runtime',
  'onnxruntime-32': 'time of 32 pictures in ONNX Runtime',
} as const;

/** With a capital letter, for the beginning of a sentence. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A figure of any size with two digits: 0.312 → "0.31", 0.00000021 → "2.1·10⁻⁷". */
export function small(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 0.01) return Math.abs(value) < 100 ? value.toPrecision(2) : whole(Math.round(value));
  const [digits, exponent] = value.toExponential(1).split('e');
  return `${digits.replace('-', '−')}·10${superscript(Number(exponent))}`;
}

const superscript = (n: number): string =>
  String(n)
    .replace('-', '⁻')
    .replaceAll(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]);

/** What an accuracy gained, in points, with its sign: "+1.3 pt"; "–" for nothing. Beside both figures, as they differ. */
export function gain(was: number, is: number): string {
  if (Math.abs(is - was) < 1e-9) return '–';
  return `${is < was ? '−' : '+'}${pointsBetween(was, is).replace(/points?$/, 'pt')}`;
}

/** How much smaller: "−41 %", or larger: "+5 %"; "–" for neither. */
export function less(was: number, is: number): string {
  if (was === is) return '–';
  const share = Math.abs(1 - is / was);
  return `${is < was ? '−' : '+'}${share < 0.01 ? percent(share) : wholePercent(share)}`;
}

function formatScaled(n: number, units: readonly string[]): string {
  let at = 0;
  while (n >= 1000 && at < units.length - 1) {
    n /= 1000;
    at++;
  }
  return `${at === 0 ? n : n.toFixed(1)}${NBSP}${units[at]}`;
}

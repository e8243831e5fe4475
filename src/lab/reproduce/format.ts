/** Figures in words, the same in sentences, tables and charts. */
import type { Figure } from './report';

/** 0.7325 → `73.3 %`, with a no-break space. */
export const share = (value: number): string => `${points(value)}\u00a0%`;

/** 0.7325 → `73.3`; a difference of means that is 0.0725 but for its last bits, as 0.0725; 0.0004, which is not nothing, `0.04`; 0.99998 `99.998`. */
export const points = (value: number): string => pointsTo(value, 1);

/** 1 of 213 → `0.47`, 1 of 50,000 → `0.002`: what a tile counts, in points. */
export const tilePoints = (tiles: number): string => pointsTo(1 / tiles, 2);

/** In points: of a hundred thousand tiles one. What is less comes of rounding. */
const LEAST = 0.0009;

/** With so many decimals; with more, where it would else read as nothing or as all and is neither. */
function pointsTo(value: number, decimals: number): string {
  const exact = Number((100 * value).toFixed(6));
  const text = exact.toFixed(decimals);
  const seems = Number(text);
  const missing = seems === 0 ? Math.abs(exact) : seems === 100 ? 100 - exact : 0;
  if (missing < LEAST) return text;
  let places = decimals;
  while (missing < 10 ** -places) places++;
  return exact.toFixed(places);
}

/** Mean and standard deviation in per cent: `73.3 ± 1.2`. */
export function formatSpread({ mean, sd }: Figure): string {
  return sd === null ? points(mean) : `${points(mean)} ± ${points(sd)}`;
}

/** With its sign: `+1.2 ± 0.3`. */
export function formatSignedSpread({ mean, sd }: Figure): string {
  const sign = mean < 0 ? '−' : '+';
  return `${sign}${formatSpread({ mean: Math.abs(mean), sd, values: [] })}`;
}

/** 1.437 → `1.44×`. */
export const times = (ratio: number): string => `${ratio.toFixed(2)}×`;

/** `a, b and c`. */
export const joinWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** 532066 → `532,066`. */
export const whole = (value: number): string => value.toLocaleString('en-US');

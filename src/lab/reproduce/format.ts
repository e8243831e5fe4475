/** Figures in words, the same in sentences, tables and charts. */
import type { Figure } from './report';

/** 0.7325 → `73.3 %`, with a no-break space. */
export const share = (value: number): string => `${points(value)}\u00a0%`;

/** 0.7325 → `73.3`; a difference of means that is 0.0725 but for its last bits, as 0.0725. */
export const points = (value: number): string => Number((100 * value).toFixed(6)).toFixed(1);

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

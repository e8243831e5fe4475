/**
 * The value that stands for nothing (GDAL's tag 42113): a text, compared in the precision of the samples. A 32-bit float
 * of −9999.9 is not the double of that text, and −3.40282e+38 stands for the least such float: so, as GDAL has it, two
 * floats are the same that differ by the last bits of their own precision; whole numbers are compared as such.
 */

import type { Layout } from './layout';
import type { RawSamples } from './samples';

/** What the text stands for; null when it is no number. A whole number beyond 2^53 is kept whole. */
export function noDataOf(text: string): number | bigint | null {
  const trimmed = text.trim();
  if (/^[-+]?(nan|1\.#(QNAN|IND|SNAN))/i.test(trimmed)) return Number.NaN;
  if (/^[-+]?(inf|1\.#INF)/i.test(trimmed))
    return trimmed.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^[-+]?\d{16,}$/.test(trimmed)) return BigInt(trimmed.replace('+', ''));
  const number = Number.parseFloat(trimmed.replace(',', '.'));
  return Number.isNaN(number) ? null : number;
}

/** Says of each value whether it is one: a finite number that does not stand for nothing. Null when all are. */
export function knownOf(values: RawSamples, noData: number | bigint | null): Uint8Array | null {
  const isNothing = nothingOf(values, noData);
  if (!isNothing) return null;
  let known: Uint8Array | null = null;
  for (let i = 0; i < values.length; i++) {
    if (!isNothing(values[i])) continue;
    known ??= new Uint8Array(values.length).fill(1);
    known[i] = 0;
  }
  return known;
}

function nothingOf(
  values: RawSamples,
  noData: number | bigint | null,
): ((value: number | bigint) => boolean) | null {
  if (values instanceof Float32Array) return floatIsNothing(noData, 2 ** -23, Math.fround);
  if (values instanceof Float64Array) return floatIsNothing(noData, 2 ** -52, (value) => value);
  if (noData === null || !Number.isFinite(Number(noData))) return null;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    const whole = typeof noData === 'bigint' ? noData : BigInt(Math.trunc(noData));
    return (value) => value === whole;
  }
  const whole = Math.trunc(Number(noData));
  return (value) => value === whole;
}

/** `round` is to the precision of the samples, which `epsilon` is the last bit of. Sums overflow in it on purpose. */
function floatIsNothing(noData: number | bigint | null, epsilon: number, round: (value: number) => number) {
  if (noData === null) return (value: number | bigint) => !Number.isFinite(value);
  const nothing = round(Number(noData));
  return (value: number | bigint) => {
    const sample = value as number;
    if (!Number.isFinite(sample) || sample === nothing) return true;
    const gap = Math.abs(round(sample - nothing));
    return gap < round(2 * round(epsilon * Math.abs(round(sample + nothing))));
  };
}

/** What stands in a block that is left out: the no-data value as the samples can hold it, or 0. As GDAL has it. */
export function fillOf(noData: number | bigint | null, { bits, format }: Layout): number | bigint {
  if (noData === null) return bits === 64 && format !== 'float' ? 0n : 0;
  if (format === 'float') return Number(noData);
  const [least, greatest] =
    format === 'signed'
      ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]
      : [0n, 2n ** BigInt(bits) - 1n];
  const number = Number(noData);
  const whole =
    typeof noData === 'bigint' ? noData : Number.isFinite(number) ? BigInt(Math.round(number)) : 0n;
  const clamped = whole < least ? least : whole > greatest ? greatest : whole;
  return bits === 64 ? clamped : Number(clamped);
}

/** What happens to things that are kept: bits flip, digits change, ends are missing. For tests and benches. */
export const DAMAGES = ['flip', 'digit', 'cut', 'empty', 'remove', '{}', 'null'] as const;
export type DamageKind = (typeof DAMAGES)[number];

/** `next` draws from 0 to 1. */
type Draw = () => number;

const below = (next: Draw, end: number): number => Math.min(end - 1, Math.floor(next() * end));

/** The bytes of a file, damaged; null: it is gone. Where it has no digit, a bit is flipped. */
export function damageBytes(bytes: Uint8Array, kind: DamageKind, next: Draw): Uint8Array | null {
  if (kind === 'remove') return null;
  if (kind === '{}' || kind === 'null') return new TextEncoder().encode(kind);
  if (kind === 'empty' || bytes.length === 0) return new Uint8Array(0);
  if (kind === 'cut') return bytes.slice(0, below(next, bytes.length));
  const changed = bytes.slice();
  const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
  const digits = kind === 'digit' ? [...bytes.keys()].filter((at) => isDigit(bytes[at])) : [];
  if (digits.length > 0) {
    const at = digits[below(next, digits.length)];
    changed[at] = 0x30 + ((bytes[at] - 0x30 + 1 + below(next, 9)) % 10);
  } else changed[below(next, bytes.length)] ^= 1 << below(next, 8);
  return changed;
}

/** A plain value with typed arrays, damaged somewhere inside; undefined: it is gone. The given one stays as it is. */
export function damageValue(value: unknown, kind: DamageKind, next: Draw): unknown {
  if (kind === 'remove') return undefined;
  if (kind === 'null') return null;
  if (kind === '{}') return {};
  const whole = structuredClone(value);
  const all = placesIn(whole);
  const numbers = kind === 'digit' ? all.filter(({ of }) => typeof of === 'number') : [];
  const places = numbers.length > 0 ? numbers : all;
  const { of, put } = places[below(next, places.length)];
  if (ArrayBuffer.isView(of)) {
    const bytes = new Uint8Array(of.buffer, of.byteOffset, of.byteLength);
    if (kind === 'flip') bytes[below(next, bytes.length)] ^= 1 << below(next, 8);
    else put((of as Float32Array).slice(0, kind === 'empty' ? 0 : below(next, (of as Float32Array).length)));
  } else if (typeof of === 'number') put(of + 1 + below(next, 9));
  else if (typeof of === 'string') put(kind === 'empty' ? '' : `${of.slice(0, below(next, of.length))}#`);
  return whole;
}

interface Place {
  readonly of: unknown;
  put(other: unknown): void;
}

/** All numbers, texts and arrays of numbers in a value. */
function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  const owner = value as Record<string, unknown>;
  return Object.entries(owner).flatMap(([key, of]): Place[] => {
    const isPlace =
      typeof of === 'number' || typeof of === 'string' || (ArrayBuffer.isView(of) && of.byteLength > 0);
    return isPlace ? [{ of, put: (other) => (owner[key] = other) }] : placesIn(of);
  });
}

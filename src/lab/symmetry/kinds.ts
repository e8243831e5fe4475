/**
 * What the numbers at a place of a map are, and so how they change when the map is turned or mirrored. x runs along rows
 * (to the right), y from row to row (downwards), as pixels lie:
 *   scalar   one number, that stays                    a colour, a probability
 *   vector   (x, y), that turns with the map           a velocity, the way from a cell's middle to an object's
 *   extent   (width, height), that a quarter turn swaps
 *   field    |G| numbers, that g permutes as (g·f)[h] = f[g⁻¹h]: what group convolutions work on
 *
 * From the others to fields and back, in a way that commutes with every g:
 *   to fields    f[g] = ⟨ρ(g)e, value⟩        from fields    value = Σ f[g]·ρ(g)e / |G|
 * where ρ(g) is the matrix by which g acts, and e a unit vector; one field for each e that no g takes to another: where there
 * are quarter turns one is enough for both numbers of a vector, without them there are two. In C1 fields are the numbers.
 */
import { type Element, GROUPS, type GroupName } from './group';
import { turnSource } from './turn';

export const KINDS = ['scalar', 'vector', 'extent'] as const;
export type Kind = (typeof KINDS)[number];

/** Numbers at each place. */
export const WIDTHS: Readonly<Record<Kind, number>> = { scalar: 1, vector: 2, extent: 2 };

export const widthOf = (kinds: readonly Kind[]): number => kinds.reduce((sum, kind) => sum + WIDTHS[kind], 0);

type Matrix = readonly (readonly number[])[];

/** ρ(g): entries 0, 1 and −1, one to a row and column. */
export function matrixOf(kind: Kind, { turns, mirror }: Element): Matrix {
  if (kind === 'scalar') return [[1]];
  const isOdd = turns % 2 === 1;
  if (kind === 'extent') {
    return isOdd
      ? [
          [0, 1],
          [1, 0],
        ]
      : [
          [1, 0],
          [0, 1],
        ];
  }
  // A turn takes (x, y) to (y, −x); a mirror, before it, x to −x.
  const [cos, sin] = [[1, 0, -1, 0][turns], [0, 1, 0, -1][turns]];
  const flip = mirror ? -1 : 1;
  return [
    [flip * cos, sin],
    [-flip * sin, cos],
  ];
}

/** For each channel of some kinds: which channel it comes from under g, and with which sign. */
export interface SignedChannels {
  readonly source: readonly number[];
  readonly sign: readonly number[];
}

export function channelsUnder(kinds: readonly Kind[], g: Element): SignedChannels {
  const [source, sign]: [number[], number[]] = [[], []];
  for (const kind of kinds) {
    const first = source.length;
    for (const row of matrixOf(kind, g)) {
      const from = row.findIndex((entry) => entry !== 0);
      source.push(first + from);
      sign.push(row[from]);
    }
  }
  return { source, sign };
}

/** g·x for maps of some kinds: `data` is (maps ×) size × size × channels; places are permuted, and channels at each. */
export function turnMaps<T extends Float32Array | Float64Array>(
  data: T,
  size: number,
  kinds: readonly Kind[],
  g: Element,
): T {
  const places = turnSource(size, g);
  const { source, sign } = channelsUnder(kinds, g);
  const channels = source.length;
  const out = data.slice() as T;
  for (let start = 0; start < data.length; start += places.length * channels) {
    for (let p = 0; p < places.length; p++) {
      for (let c = 0; c < channels; c++) {
        out[start + p * channels + c] = sign[c] * data[start + places[p] * channels + source[c]];
      }
    }
  }
  return out;
}

/** The unit vectors (by their places) that a kind has a field for. */
function generatorsOf(kind: Kind, group: GroupName): number[] {
  const reached = new Set<number>();
  const generators: number[] = [];
  for (let e = 0; e < WIDTHS[kind]; e++) {
    if (reached.has(e)) continue;
    generators.push(e);
    for (const g of GROUPS[group].elements) reached.add(matrixOf(kind, g).findIndex((row) => row[e] !== 0));
  }
  return generators;
}

/** How many fields a kind has. */
export const fieldsOf = (kind: Kind, group: GroupName): number => generatorsOf(kind, group).length;

/** [numbers, fields·|G|], channel = field·|G| + g: numbers of a kind times this are the fields they make. */
export function toFields(kind: Kind, group: GroupName): Matrix {
  const columns = generatorsOf(kind, group).flatMap((e) =>
    GROUPS[group].elements.map((g) => matrixOf(kind, g).map((row) => row[e])),
  );
  return columns[0].map((_, row) => columns.map((column) => column[row]));
}

/** [fields·|G|, numbers]: fields times this are the numbers of the kind. */
export function fromFields(kind: Kind, group: GroupName): Matrix {
  const { order, elements } = GROUPS[group];
  return generatorsOf(kind, group).flatMap((e) =>
    elements.map((g) => matrixOf(kind, g).map((row) => row[e] / order)),
  );
}

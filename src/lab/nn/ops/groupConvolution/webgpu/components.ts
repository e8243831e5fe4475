/**
 * The products of group convolution in WGSL, for each group. `Values` is what the n values of an orbit become: its
 * components, in the order of fourier.ts. A `Word` is what lies together in weights and results: the components of one
 * field, or of as many fields as fill four numbers. In all groups word w holds the planes w·LENGTH and following.
 *
 *   transform(Values) → Values     n values to components
 *   transformWord(Word) → Word     the same for the fields of a word
 *   valuesOf(Word) → Word          back again
 *   added(sum, v, w) → Word        Ô + V̂·Ŵᵀ, of one input field and a word of output fields
 *   addedOuter(sum, v, d) → Word   dŴ + dÔᵀ·V̂
 */
import { GROUPS, type GroupName } from '../../../../symmetry/group';

export interface Components {
  readonly order: number;
  /** WGSL's name for them. */
  readonly values: string;
  readonly word: string;
  /** Numbers of a word. */
  readonly length: number;
  /** How many pixels (or input fields) a thread holds at once, so that a word that was read serves them all. */
  readonly shared: number;
  /** Output fields of a thread, at most: with what is shared 64 numbers, which its registers hold. */
  readonly most: number;
  readonly functions: string;
}

const C4 = `
fn transform4(v: vec4f) -> vec4f {
  let even = v.x + v.z;
  let odd = v.y + v.w;
  return vec4f(even + odd, even - odd, v.x - v.z, v.y - v.w);
}
fn values4(c: vec4f) -> vec4f {
  let even = c.x + c.y;
  let odd = c.x - c.y;
  return vec4f(even + c.z, odd + c.w, even - c.z, odd - c.w);
}`;

/** Of a group of two elements, whichever: sum and difference. */
const PAIR: Bodies = {
  transform: 'return vec2f(v.x + v.y, v.x - v.y);',
  transformWord: 'return vec4f(v.x + v.y, v.x - v.y, v.z + v.w, v.z - v.w);',
  valuesOf: 'return vec4f(c.x + c.y, c.x - c.y, c.z + c.w, c.z - c.w);',
  added: 'return sum + v.xyxy * w;',
  addedOuter: 'return sum + v.xyxy * d;',
};

export const COMPONENTS: Readonly<Record<GroupName, Components>> = {
  C1: of('C1', 'f32', 'vec4f', [4, 16], {
    transform: 'return v;',
    transformWord: 'return v;',
    valuesOf: 'return c;',
    added: 'return sum + v * w;',
    addedOuter: 'return sum + v * d;',
  }),
  C2: of('C2', 'vec2f', 'vec4f', [4, 8], PAIR),
  C4: of('C4', 'vec4f', 'vec4f', [2, 8], {
    transform: 'return transform4(v);',
    transformWord: 'return transform4(v);',
    valuesOf: 'return values4(c);',
    // The turn's matrix is (a, b; −b, a).
    added: `return vec4f(
      sum.x + v.x * w.x,
      sum.y + v.y * w.y,
      sum.z + v.z * w.z + v.w * w.w,
      sum.w + v.w * w.z - v.z * w.w,
    );`,
    addedOuter: `return vec4f(
      sum.x + v.x * d.x,
      sum.y + v.y * d.y,
      sum.z + v.z * d.z + v.w * d.w,
      sum.w + v.w * d.z - v.z * d.w,
    );`,
    before: C4,
  }),
  D1: of('D1', 'vec2f', 'vec4f', [4, 8], PAIR),
  // First the four numbers, then the 2×2 matrix row by row.
  D4: of('D4', 'mat2x4f', 'mat2x4f', [1, 8], {
    transform: `
      let a = transform4(v[0]);
      let b = transform4(v[1]);
      return mat2x4f(
        vec4f(a.x + b.x, a.x - b.x, a.y + b.y, a.y - b.y),
        vec4f(a.z + b.z, b.w - a.w, a.w + b.w, a.z - b.z),
      );`,
    transformWord: 'return transform(v);',
    valuesOf: `
      let one = c[0];
      let two = c[1];
      return mat2x4f(
        values4(vec4f(one.x + one.y, one.z + one.w, two.x + two.w, two.z - two.y)),
        values4(vec4f(one.x - one.y, one.z - one.w, two.x - two.w, two.y + two.z)),
      );`,
    added: `return mat2x4f(
      sum[0] + v[0] * w[0],
      sum[1] + v[1].xxzz * w[1].xzxz + v[1].yyww * w[1].ywyw,
    );`,
    addedOuter: `return mat2x4f(
      sum[0] + v[0] * d[0],
      sum[1] + v[1].xyxy * d[1].xxyy + v[1].zwzw * d[1].zzww,
    );`,
    before: C4,
  }),
};

interface Bodies {
  readonly transform: string;
  readonly transformWord: string;
  readonly valuesOf: string;
  readonly added: string;
  readonly addedOuter: string;
  readonly before?: string;
}

function of(
  group: GroupName,
  values: string,
  word: string,
  [shared, most]: readonly [number, number],
  bodies: Bodies,
): Components {
  const { transform, transformWord, valuesOf, added, addedOuter, before = '' } = bodies;
  return {
    ...{ order: GROUPS[group].order, values, word, shared, most, length: word === 'vec4f' ? 4 : 8 },
    functions: `
alias Values = ${values};
alias Word = ${word};
${before}
fn transform(v: Values) -> Values { ${transform} }
fn transformWord(v: Word) -> Word { ${transformWord} }
fn valuesOf(c: Word) -> Word { ${valuesOf} }
fn added(sum: Word, v: Values, w: Word) -> Word { ${added} }
fn addedOuter(sum: Word, v: Values, d: Word) -> Word { ${addedOuter} }
`,
  };
}

/** Output fields that a thread computes at once: half of what it could, where there are no more. */
export function shareOf(group: GroupName, fieldsOut: number): number {
  const { most } = COMPONENTS[group];
  return fieldsOut <= most / 2 ? most / 2 : most;
}

/** Output fields as they lie in packed weights and sums: a whole number of threads' shares, the rest zero. */
export function roundedFields(group: GroupName, fieldsOut: number): number {
  const share = shareOf(group, fieldsOut);
  return Math.ceil(fieldsOut / share) * share;
}

/** Words of so many fields. */
export const wordsOf = ({ order, length }: Components, fields: number): number => (fields * order) / length;

/** `Values` from the numbers that `at(h)` names. */
export function valuesFrom({ order, values }: Components, at: (h: number) => string): string {
  const numbers = Array.from({ length: order }, (_, h) => at(h));
  return order === 1 ? numbers[0] : `${values}(${numbers.join(', ')})`;
}

/** The i-th number of a word named `word`. */
export const numberOf = ({ length }: Components, word: string, i: number): string =>
  length === 4 ? `${word}[${i}]` : `${word}[${Math.floor(i / 4)}][${i % 4}]`;

/** A word from the numbers that `at(i)` names. */
export function wordFrom({ word, length }: Components, at: (i: number) => string): string {
  return `${word}(${Array.from({ length }, (_, i) => at(i)).join(', ')})`;
}

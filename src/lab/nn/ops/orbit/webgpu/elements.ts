/**
 * What the orbit layer multiplies on WebGPU: `Values`, the n components of an orbit, of maps, weights and responses alike
 * (groupConvolution/webgpu/components.ts, where the products are). Beside those:
 *
 *   transposed(w)  by which the products' gradient is a product: dV̂ = dÔ·Ŵ
 *   scaled(c)      what a sum over irreducible representations weighs each component by
 */
import type { GroupName } from '../../../../symmetry/group';
import { COMPONENTS } from '../../groupConvolution/webgpu/components';

export interface Elements {
  readonly order: number;
  readonly functions: string;
}

/** Of two elements a convolution's words hold two fields; here each is one. */
const PAIR: Elements = {
  order: 2,
  functions: `
alias Values = vec2f;
fn transform(v: Values) -> Values { return vec2f(v.x + v.y, v.x - v.y); }
fn valuesOf(c: Values) -> Values { return vec2f(c.x + c.y, c.x - c.y); }
fn added(sum: Values, v: Values, w: Values) -> Values { return sum + v * w; }
fn addedOuter(sum: Values, v: Values, d: Values) -> Values { return sum + v * d; }
fn transposed(w: Values) -> Values { return w; }
fn scaled(c: Values) -> Values { return c / 2; }`,
};

const of = (group: 'C4' | 'D4', more: string): Elements => ({
  order: COMPONENTS[group].order,
  functions: `${COMPONENTS[group].functions}${more}`,
});

export const ELEMENTS: Readonly<Record<Exclude<GroupName, 'C1'>, Elements>> = {
  C2: PAIR,
  D1: PAIR,
  C4: of(
    'C4',
    `
fn transposed(w: Values) -> Values { return vec4f(w.xyz, -w.w); }
fn scaled(c: Values) -> Values { return c * vec4f(0.25, 0.25, 0.5, 0.5); }`,
  ),
  D4: of(
    'D4',
    `
fn transposed(w: Values) -> Values { return mat2x4f(w[0], w[1].xzyw); }
fn scaled(c: Values) -> Values { return mat2x4f(c[0] * 0.125, c[1] * 0.25); }`,
  ),
};

/** `Values` of the numbers that `at(h)` names. */
export const valuesFrom = ({ order }: Elements, at: (h: number) => string): string =>
  `Values(${Array.from({ length: order }, (_, h) => at(h)).join(', ')})`;

/** Something for each of the n numbers of `name`. */
export const eachOf = (
  { order }: Elements,
  name: string,
  line: (number: string, h: number) => string,
): string =>
  Array.from({ length: order }, (_, h) =>
    line(order === 8 ? `${name}[${Math.floor(h / 4)}][${h % 4}]` : `${name}[${h}]`, h),
  ).join(' ');

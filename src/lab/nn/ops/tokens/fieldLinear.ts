/**
 * A linear map of tokens in regular fields that commutes with the group, with its bias: a group convolution over G alone,
 *
 *   out[g, f] = b[f] + Σ_{f′, h} W[f′, g⁻¹h, f] x[f′, h]
 *
 * by Fourier over the group (../groupConvolution/fourier.ts): the components of every field are multiplied, representation by
 * representation, which takes 2 of 4 (C2, D1), 6 of 16 (C4), 12 of 64 (D4) of the multiplications of the map written out. With
 * x̂ the components of x, ŷ those of the gradient of the output:
 *
 *   out = Tᵀ(x̂·Ŵ) + b      dx = Tᵀ(ŷ·Ŵᵀ)      dŴ = x̂ᵀ·ŷ      db = Σ over rows of the trivial component of ŷ
 *
 * On engines without the kernels it is written out. A training step of `c4-vit-small` takes 0.57 of the time that it takes with
 * its maps written out, under D4 0.48 (processor time, batches of 32; `c4-vit`: 0.26).
 */
import { isOwn, type KernelsBackend, registerOwnKernel } from '../../../runtime/kernels/backend';
import { OPERATIONS } from '../../../runtime/kernels/engine';
import { multiplyAt, type Strided } from '../../../runtime/kernels/matmul';
import * as tf from '../../../runtime/tf';
import { GROUPS, type GroupName } from '../../../symmetry/group';
import { blocksOf, ENTRIES } from '../groupConvolution/fourier';

/** {w} → Ŵ */
export const FIELD_WEIGHTS = 'OrbitFieldWeights';
/** {x, weights, b} → out, x̂ */
export const FIELD_LINEAR = 'OrbitFieldLinear';
/** {dy, components, weights} → dx, dw, db */
export const FIELD_LINEAR_GRADIENT = 'OrbitFieldLinearGradient';

/** Rows run in so many chunks. */
const PIECES = 32;

/** Whether maps run so: then their weights stay as they are stored. */
export const mapsInFields = (group: GroupName): boolean => isOwn() && group !== 'C1';

type Inputs = Readonly<Record<string, tf.Tensor>>;

const runAll = (name: string, inputs: Inputs, group: GroupName): tf.Tensor[] =>
  tf.engine().runKernel(name, inputs, { group }) as tf.Tensor[];

/** Weights as maps read them, for a network that is opened once and answers often: w [F′, |G|, F] → Ŵ, a row of numbers. */
export function fieldWeights(w: tf.Tensor3D, group: GroupName): tf.Tensor1D {
  return runAll(FIELD_WEIGHTS, { w }, group)[0] as tf.Tensor1D;
}

/** x [N, F′ · |G|], w [F′, |G|, F], b [F] → [N, F · |G|], differentiable in all three; or without a gradient by Ŵ. */
export function fieldLinear(
  x: tf.Tensor2D,
  w: tf.Tensor3D | tf.Tensor1D,
  b: tf.Tensor1D,
  group: GroupName,
): tf.Tensor2D {
  if (w.rank === 1) return runAll(FIELD_LINEAR, { x, weights: w, b }, group)[0] as tf.Tensor2D;
  return tf.customGrad((...given) => {
    const [rows, stored, bias] = given.slice(0, 3) as [tf.Tensor2D, tf.Tensor3D, tf.Tensor1D];
    const weights = fieldWeights(stored, group);
    const [out, components] = runAll(FIELD_LINEAR, { x: rows, weights, b: bias }, group);
    (given[3] as tf.GradSaveFunc)([components, weights]);
    return {
      value: out,
      gradFunc: (dy: tf.Tensor, [kept, packed]: tf.Tensor[]) =>
        runAll(FIELD_LINEAR_GRADIENT, { dy, components: kept, weights: packed }, group),
    };
  })(x, w, b) as tf.Tensor2D;
}

/** The sizes of a map, and where its parts lie: offsets in floats. */
interface Sizes {
  readonly group: GroupName;
  readonly order: number;
  readonly rows: number;
  readonly from: number;
  readonly to: number;
}

/** The factors of a product: x̂ [rows, inner] at `x`, Ŵ [inner, outer] at `weights`, what they come to at `out`. */
interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly outer: number;
  readonly x: number;
  readonly weights: number;
  readonly out: number;
}

/** One for each one-dimensional representation; then C4's pair; or D4's, whose rows of matrices meet the same weights. */
function productsOf({ group, order, rows, from, to }: Sizes): Product[] {
  const ones = onesOf(group);
  const products = Array.from({ length: ones }, (_, i) => ({
    ...{ rows, inner: from, outer: to },
    ...{ x: i * rows * from, weights: i * from * to, out: i * rows * to },
  }));
  if (ones === order) return products;
  const pair = {
    ...{ rows: ((order - ones) / 2) * rows, inner: 2 * from, outer: 2 * to },
    ...{ x: ones * rows * from, weights: ones * from * to, out: ones * rows * to },
  };
  return [...products, pair];
}

const onesOf = (group: GroupName): number => blocksOf(group).filter(({ length }) => length === 1).length;

/** Where entry e of the weights lies, and how far its rows are apart: of the pair, [2 rows of the input][F′][2 of the output][F]. */
function entryPlace(e: number, { group, from, to }: Sizes): { readonly start: number; readonly row: number } {
  const ones = onesOf(group);
  if (e < ones) return { start: e * from * to, row: to };
  const [output, input] = [Math.floor((e - ones) / 2), (e - ones) % 2];
  return { start: ones * from * to + input * from * 2 * to + output * to, row: 2 * to };
}

const weightsLength = ({ group, from, to }: Sizes): number => ENTRIES[group].length * from * to;

/** What stands between stored weights and their entries: entry e is Σ_k E[e][k]·w[k], and the way back its transpose. */
function transformWeights(stored: Float32Array, entries: Float32Array, sizes: Sizes, back: boolean): void {
  const { order, from, to } = sizes;
  (back ? stored : entries).fill(0);
  for (const [e, factors] of ENTRIES[sizes.group].entries()) {
    const { start, row } = entryPlace(e, sizes);
    for (const [k, factor] of factors.entries()) {
      if (factor === 0) continue;
      for (let i = 0; i < from; i++) {
        const [own, other] = [(i * order + k) * to, start + i * row];
        if (back) for (let f = 0; f < to; f++) stored[own + f] += factor * entries[other + f];
        else for (let f = 0; f < to; f++) entries[other + f] += factor * stored[own + f];
      }
    }
  }
}

const rowMajor = (address: number, columns: number): Strided => ({ address, row: columns, column: 1 });
const transposed = (address: number, columns: number): Strided => ({ address, row: 1, column: columns });

/** Rows of so many fields to components, or back with a bias. */
function runRows(
  { kernels }: KernelsBackend,
  operation: number,
  { order, rows }: Sizes,
  {
    from,
    to,
    fields,
    bias = 0,
  }: Readonly<Record<'from' | 'to' | 'fields', number>> & { readonly bias?: number },
): void {
  const scratch = kernels.scratchFor(256);
  const words = [from, to, bias, order, fields, rows, PIECES, scratch.start, scratch.bytesEach];
  kernels.run(operation, words, PIECES);
}

registerOwnKernel(FIELD_WEIGHTS, (backend, { w }, attrs) => {
  const [from, order, to] = w.shape;
  const sizes: Sizes = { group: attrs.group as GroupName, order, rows: 0, from, to };
  const weights = backend.output([weightsLength(sizes)]);
  transformWeights(backend.values(w), backend.values(weights), sizes, false);
  return [weights];
});

registerOwnKernel(FIELD_LINEAR, (backend, { x, weights, b }, attrs) => {
  const group = attrs.group as GroupName;
  const { order } = GROUPS[group];
  const [rows, width] = x.shape;
  const sizes: Sizes = { group, order, rows, from: width / order, to: b.shape[0] };
  const { from, to } = sizes;
  const { heap } = backend.kernels;
  const [components, out] = [backend.output([order * rows * from]), backend.output([rows, to * order])];
  const responses = heap.allocate(4 * order * rows * to);
  const enter = { from: backend.address(x), to: components.address, fields: from };
  runRows(backend, OPERATIONS.fieldComponents, sizes, enter);
  const packed = backend.address(weights);
  for (const each of productsOf(sizes)) {
    multiplyAt(
      backend,
      [each.rows, each.outer, each.inner],
      rowMajor(components.address + 4 * each.x, each.inner),
      rowMajor(packed + 4 * each.weights, each.outer),
      responses + 4 * each.out,
    );
  }
  const leave = { from: responses, to: out.address, fields: to, bias: backend.address(b) };
  runRows(backend, OPERATIONS.fieldRows, sizes, leave);
  heap.release(responses);
  return [out, components];
});

registerOwnKernel(FIELD_LINEAR_GRADIENT, (backend, { dy, components, weights }, attrs) => {
  const group = attrs.group as GroupName;
  const { order } = GROUPS[group];
  const [rows, width] = dy.shape;
  const [from, to] = [components.shape[0] / order / rows, width / order];
  const sizes: Sizes = { group, order, rows, from, to };
  const { heap } = backend.kernels;
  const [dx, dw] = [backend.output([rows, from * order]), backend.output([from, order, to])];
  const db = backend.output([to]);
  const [gradient, back] = [heap.allocate(4 * order * rows * to), heap.allocate(4 * order * rows * from)];
  const entries = heap.allocate(4 * weightsLength(sizes));
  const ones = heap.allocate(4 * rows);
  runRows(backend, OPERATIONS.fieldComponents, sizes, {
    from: backend.address(dy),
    to: gradient,
    fields: to,
  });
  const [x, w] = [backend.address(components), backend.address(weights)];
  for (const each of productsOf(sizes)) {
    const slope = gradient + 4 * each.out;
    multiplyAt(
      backend,
      [each.rows, each.inner, each.outer],
      rowMajor(slope, each.outer),
      transposed(w + 4 * each.weights, each.outer),
      back + 4 * each.x,
    );
    multiplyAt(
      backend,
      [each.inner, each.outer, each.rows],
      transposed(x + 4 * each.x, each.inner),
      rowMajor(slope, each.outer),
      entries + 4 * each.weights,
    );
  }
  runRows(backend, OPERATIONS.fieldRows, sizes, { from: back, to: dx.address, fields: from });
  backend.kernels.floats(ones, rows).fill(1);
  multiplyAt(backend, [1, to, rows], rowMajor(ones, rows), rowMajor(gradient, to), db.address);
  transformWeights(backend.values(dw), backend.kernels.floats(entries, weightsLength(sizes)), sizes, true);
  for (const block of [gradient, back, entries, ones]) heap.release(block);
  return [dx, dw, db];
});

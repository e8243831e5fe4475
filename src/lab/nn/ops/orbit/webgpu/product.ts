/**
 * The orbit layer's products on WebGPU: matrices whose numbers are the n components of an orbit. A workgroup's 8 × 8 threads
 * compute a tile of 16 × 16, from slices in its memory. Maps are gathered and transformed where they are read, gradients are
 * transformed back and put in place where they are made.
 *
 *   value   [tiles, inner] · [inner, hidden], inner = orbits · fields; in chunks, so that there are enough workgroups
 *   weight  its gradient for the weights, [inner, tiles] · [tiles, hidden]
 *   map     its gradient for the maps, [tiles, hidden] · [hidden, inner]
 */
import { keptProgram, type Program } from '../../../../runtime/webgpu/program';
import { type Elements, eachOf, valuesFrom } from './elements';

export type ProductKind = 'value' | 'weight' | 'map';

const [SIDE, EACH, SLICE] = [8, 2, 8];
export const TILE = SIDE * EACH;
/** One more keeps threads off each other's banks. */
const LINE = TILE + 1;

/** Where the factors' numbers come from: `t` is a tile of the batch, `i` one of inner. */
const READS: Readonly<Record<ProductKind, string>> = {
  value: `
fn aAt(row: i32, k: i32) -> Values { return componentsAt(row, k); }
fn bAt(k: i32, column: i32) -> Values { return b[k * u.columns + column]; }`,
  weight: `
fn aAt(row: i32, k: i32) -> Values { return componentsAt(k, row); }
fn bAt(k: i32, column: i32) -> Values { return b[k * u.columns + column]; }`,
  map: `
fn aAt(row: i32, k: i32) -> Values { return a[row * u.inner + k]; }
fn bAt(k: i32, column: i32) -> Values { return transposed(b[column * u.inner + k]); }`,
};

export function productProgram(elements: Elements, kind: ProductKind): Program {
  return keptProgram(`orbit ${kind} of ${elements.order}`, () => {
    const isMap = kind === 'map';
    const place = `table[i / u.fields * ${elements.order} + `;
    const components = `
fn componentsAt(t: i32, i: i32) -> Values {
  let first = t * u.positions * u.fields + i % u.fields;
  return transform(${valuesFrom(elements, (h) => `a[first + ${place}${h}] * u.fields]`)});
}`;
    const stores: Readonly<Record<ProductKind, string>> = {
      value: 'c[(chunk * u.rows + row) * u.columns + column] = sum;',
      weight: `
  let i = row;
  let v = valuesOf(scaled(sum));
  ${eachOf(elements, 'v', (number, h) => `c[(${place}${h}] * u.fields + i % u.fields) * u.columns + column] = ${number};`)}`,
      // Where elements stand at the same position they have the same numbers.
      map: `
  let i = column;
  let v = valuesOf(sum) * sharing[i / u.fields];
  let first = row * u.positions * u.fields + i % u.fields;
  ${eachOf(elements, 'v', (number, h) => `c[first + ${place}${h}] * u.fields] = ${number};`)}`,
    };
    // What is read side by side: inner numbers of both, tiles of neither.
    const isDownFirst = kind === 'weight';
    return {
      reads: {
        ...{ a: isMap ? 'Values' : 'f32', b: 'Values', ...(isMap ? { sharing: 'f32' } : {}) },
        table: 'i32',
      },
      writes: { c: kind === 'value' ? 'Values' : 'f32' },
      numbers: {
        ...({ rows: 'i32', columns: 'i32', inner: 'i32', across: 'i32', tiles: 'i32' } as const),
        ...({ depth: 'i32', fields: 'i32', positions: 'i32' } as const),
      },
      size: [SIDE, SIDE],
      declarations: `${elements.functions}
${isMap ? '' : components}
${READS[kind]}
var<workgroup> left: array<Values, ${SLICE * LINE}>;
var<workgroup> right: array<Values, ${SLICE * LINE}>;
fn store(chunk: i32, row: i32, column: i32, sum: Values) {
  if (row >= u.rows || column >= u.columns) { return; }
  ${stores[kind]}
}`,
      body: `
  let tile = group.y * groups.x + group.x;
  if (tile >= u.tiles) { return; }
  let firstRow = tile / u.across * ${TILE};
  let firstColumn = tile % u.across * ${TILE};
  let end = min(u.inner, (group.z + 1) * u.depth);
  var sum00 = Values(); var sum01 = Values(); var sum10 = Values(); var sum11 = Values();
  for (var first = group.z * u.depth; first < end; first += ${SLICE}) {
    for (var at = thread; at < ${SLICE * TILE}; at += ${SIDE * SIDE}) {
      let k = ${isDownFirst ? `at / ${TILE}` : `at % ${SLICE}`};
      let row = ${isDownFirst ? `at % ${TILE}` : `at / ${SLICE}`};
      var value = Values();
      if (firstRow + row < u.rows && first + k < end) { value = aAt(firstRow + row, first + k); }
      left[k * ${LINE} + row] = value;
    }
    for (var at = thread; at < ${SLICE * TILE}; at += ${SIDE * SIDE}) {
      let k = ${isMap ? `at % ${SLICE}` : `at / ${TILE}`};
      let column = ${isMap ? `at / ${SLICE}` : `at % ${TILE}`};
      var value = Values();
      if (firstColumn + column < u.columns && first + k < end) { value = bAt(first + k, firstColumn + column); }
      right[k * ${LINE} + column] = value;
    }
    workgroupBarrier();
    for (var k = 0; k < ${SLICE}; k++) {
      let a0 = left[k * ${LINE} + local.y];
      let a1 = left[k * ${LINE} + local.y + ${SIDE}];
      let b0 = right[k * ${LINE} + local.x];
      let b1 = right[k * ${LINE} + local.x + ${SIDE}];
      ${[0, 1].flatMap((i) => [0, 1].map((j) => `sum${i}${j} = ${kind === 'weight' ? 'addedOuter' : 'added'}(sum${i}${j}, a${i}, b${j});`)).join(' ')}
    }
    workgroupBarrier();
  }
  ${[0, 1].flatMap((i) => [0, 1].map((j) => `store(group.z, firstRow + local.y + ${i * SIDE}, firstColumn + local.x + ${j * SIDE}, sum${i}${j});`)).join(' ')}`,
    };
  });
}

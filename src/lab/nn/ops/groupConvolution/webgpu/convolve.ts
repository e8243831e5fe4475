/**
 * Group convolution by Fourier over the group: of maps [N, fields, n, H, W], or of pictures. A workgroup computes a patch
 * of 8 × 8 pixels in a few tiles at once, for a few fields:
 *
 *   for some input fields at a time: the patch and its border come into the workgroup's memory, zeros outside the map;
 *   for every position: each thread gathers its pixel's n planes at h·p₀, transforms them, and adds their products with
 *   the transformed weights to what it holds of its fields; in the end it transforms back and stores.
 *
 * A thread's pixel lies at the same place in `shared` tiles: a weight that it reads serves them all. All threads of a row
 * (64, more than run in lockstep) read the same weight.
 */
import type * as tf from '../../../../runtime/tf';
import { keptProgram, launchOne, type Program, type WebGPUBackend } from '../../../../runtime/webgpu/program';
import { COMPONENTS, type Components, FIELDS_AT_ONCE, numberOf, valuesFrom, wordsAtOnce } from './components';
import { asItRuns, PATCH, type Product, type Tables } from './tables';
import { roundedFields } from './weights';

/** Numbers of the workgroup's memory that fields are brought into: half of what it has, so that two may run at once. */
const ROOM = 2048;
/** Rows of threads, each for other fields. */
const MOST_ROWS = 4;

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** What the text depends on. */
interface Variant {
  readonly group: Product['group'];
  readonly padding: number;
  /** Tiles, rows of threads, and input fields at a time. */
  readonly tiles: number;
  readonly rows: number;
  readonly fields: number;
  /** Planes that share a bias, with which goes a ReLU; 0: there is none. */
  readonly biased: number;
}

function variantOf(product: Product, padding: number, tiles: number, hasBias: boolean): Variant {
  const { group, fieldsIn, fieldsOut } = asItRuns(product);
  const { order, shared } = COMPONENTS[group];
  const together = Math.min(shared, 1 << (32 - Math.clz32(tiles - 1)));
  const shares = roundedFields(fieldsOut) / FIELDS_AT_ONCE;
  const perField = together * order * (PATCH + 2 * padding) ** 2;
  return {
    ...{ group, padding, biased: hasBias ? order * product.copiesOut : 0 },
    tiles: together,
    rows: Math.ceil(shares / Math.ceil(shares / MOST_ROWS)),
    fields: Math.min(fieldsIn, Math.max(1, Math.floor(ROOM / perField))),
  };
}

function programOf(variant: Variant): Program {
  const { group, padding, tiles, rows, fields, biased } = variant;
  return keptProgram(['convolve', ...Object.values(variant)].join(' '), () => {
    const components = COMPONENTS[group];
    return {
      reads: {
        ...{ x: 'f32', weights: components.word, offsets: 'i32' },
        ...(biased > 0 && { bias: 'f32' }),
      },
      writes: { y: 'f32' },
      numbers: {
        ...{ tiles: 'i32', fieldsIn: 'i32', height: 'i32', width: 'i32', across: 'i32', positions: 'i32' },
        ...{ words: 'i32', planes: 'i32' },
      },
      size: [PATCH * PATCH, rows],
      declarations: `
${components.functions}
const SIDE = ${PATCH + 2 * padding};
const PLANE = SIDE * SIDE;
const HELD = ${fields * tiles * components.order} * PLANE;
var<workgroup> held: array<f32, HELD>;
${stored(components, biased)}`,
      body: bodyOf(components, variant),
    };
  });
}

function bodyOf(components: Components, { padding, tiles, rows, fields }: Variant): string {
  const { order } = components;
  const words = wordsAtOnce(components);
  return `
  let left = group.x % u.across * ${PATCH};
  let top = group.x / u.across * ${PATCH};
  let firstTile = group.y * ${tiles};
  let firstWord = (group.z * ${rows} + local.y) * ${words};
  let column = local.x % ${PATCH};
  let row = local.x / ${PATCH};
  let pixel = (row + ${padding}) * SIDE + column + ${padding};
  ${times(tiles * words, (i) => `var sum${i} = Word();`).join(' ')}
  for (var first = 0; first < u.fieldsIn; first += ${fields}) {
    workgroupBarrier();
    for (var i = thread; i < HELD; i += ${PATCH * PATCH * rows}) {
      let plane = i / PLANE;
      let at = i % PLANE;
      let at2 = vec2i(left + at % SIDE - ${padding}, top + at / SIDE - ${padding});
      let tile = firstTile + plane / ${order} % ${tiles};
      let field = first + plane / ${order * tiles};
      var value = 0.0;
      if (all(at2 >= vec2i(0)) && at2.x < u.width && at2.y < u.height && tile < u.tiles && field < u.fieldsIn) {
        let source = (tile * u.fieldsIn + field) * ${order} + plane % ${order};
        value = x[(source * u.height + at2.y) * u.width + at2.x];
      }
      held[i] = value;
    }
    workgroupBarrier();
    let count = min(${fields}, u.fieldsIn - first);
    for (var p = 0; p < u.positions; p++) {
      ${times(order, (h) => `let o${h} = pixel + offsets[p * ${order} + ${h}] + ${h} * PLANE;`).join('\n      ')}
      for (var f = 0; f < count; f++) {
        let base = f * ${tiles * order} * PLANE;
        ${times(
          tiles,
          (m) =>
            `let v${m} = transform(${valuesFrom(components, (h) => `held[base + o${h} + ${m * order} * PLANE]`)});`,
        ).join('\n        ')}
        let origin = (p * u.fieldsIn + first + f) * u.words + firstWord;
        ${times(
          words,
          (j) =>
            `{ let w = weights[origin + ${j}]; ${times(tiles, (m) => `sum${m * words + j} = added(sum${m * words + j}, v${m}, w);`).join(' ')} }`,
        ).join('\n        ')}
      }
    }
  }
  if (left + column >= u.width || top + row >= u.height) { return; }
  let place = (top + row) * u.width + left + column;
  ${times(
    tiles,
    (m) =>
      `if (firstTile + ${m} < u.tiles) { ${times(words, (j) => `store(firstTile + ${m}, firstWord + ${j}, place, sum${m * words + j});`).join(' ')} }`,
  ).join('\n  ')}`;
}

/** Stores a word's planes at a pixel, those that there are. */
function stored(components: Components, biased: number): string {
  const { length } = components;
  const value = (i: number) => {
    const number = numberOf(components, 'v', i);
    return biased > 0 ? `max(0.0, ${number} + bias[(plane + ${i}) / ${biased}])` : number;
  };
  return `
fn store(tile: i32, word: i32, place: i32, sum: Word) {
  let v = valuesOf(sum);
  let plane = word * ${length};
  let size = u.height * u.width;
  let to = (tile * u.planes + plane) * size + place;
  ${times(length, (i) => `if (plane + ${i} < u.planes) { y[to + ${i} * size] = ${value(i)}; }`).join('\n  ')}
}`;
}

/** One of a layer's products, on x [N, F_in, S_in, H, W] → `shape`; with a bias for each field, then ReLU. */
export function convolve(
  backend: WebGPUBackend,
  { padding, positions }: Tables,
  product: Product,
  x: tf.TensorInfo,
  packed: tf.TensorInfo,
  shape: readonly number[],
  bias?: tf.TensorInfo,
): tf.TensorInfo {
  const [tiles, , , height, width] = x.shape;
  const { group, fieldsIn, fieldsOut } = asItRuns(product);
  const variant = variantOf(product, padding, tiles, bias !== undefined);
  const components = COMPONENTS[group];
  const { order, length } = components;
  const words = (roundedFields(fieldsOut) * order) / length;
  const across = Math.ceil(width / PATCH);
  return launchOne(backend, programOf(variant), {
    reads: { x, weights: packed, offsets: product.offsets, ...(bias && { bias }) },
    writes: { y: shape },
    numbers: { tiles, fieldsIn, height, width, across, positions, words, planes: fieldsOut * order },
    groups: [
      across * Math.ceil(height / PATCH),
      Math.ceil(tiles / variant.tiles),
      Math.ceil(words / (wordsAtOnce(components) * variant.rows)),
    ],
  });
}

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
import { KEEPING_NAN } from '../../../../runtime/webgpu/notNumbers';
import {
  keptProgram,
  type Launch,
  launchOne,
  type Program,
  type WebGPUBackend,
} from '../../../../runtime/webgpu/program';
import { GROUPS } from '../../../../symmetry/group';
import {
  COMPONENTS,
  type Components,
  numberOf,
  roundedFields,
  shareOf,
  valuesFrom,
  wordsOf,
} from './components';
import { asItRuns, PATCH, type Product, type Tables } from './tables';

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
  /** Output fields of a thread. */
  readonly share: number;
  /** Tiles, rows of threads, and input fields at a time. */
  readonly tiles: number;
  readonly rows: number;
  readonly fields: number;
}

/** How many workgroups keep a large GPU busy: with fewer, each is to do less. Tests ask for large ones of small maps. */
export const tuning = { workgroups: 256 };

const groupsOf = (
  { shape: [tiles, , , height, width] }: tf.TensorInfo,
  shares: number,
  { tiles: together, rows }: Pick<Variant, 'tiles' | 'rows'>,
): Launch['groups'] => [
  Math.ceil(width / PATCH) * Math.ceil(height / PATCH),
  Math.ceil(tiles / together),
  Math.ceil(shares / rows),
];

function variantOf(product: Product, padding: number, x: tf.TensorInfo): Variant {
  const { group, fieldsIn, fieldsOut } = asItRuns(product);
  const { order, shared } = COMPONENTS[group];
  const [all] = x.shape;
  const share = shareOf(group, fieldsOut);
  const shares = roundedFields(group, fieldsOut) / share;
  const together = Math.min(shared, 1 << (32 - Math.clz32(all - 1)));
  const rows = Math.ceil(shares / Math.ceil(shares / MOST_ROWS));
  const sizes = [
    { tiles: together, rows },
    { tiles: together, rows: 1 },
    { tiles: 1, rows: 1 },
  ];
  const isEnough = (size: (typeof sizes)[number]) =>
    groupsOf(x, shares, size).reduce((product, each) => product * each, 1) >= tuning.workgroups;
  const size = sizes.find(isEnough) ?? sizes[2];
  const perField = size.tiles * order * (PATCH + 2 * padding) ** 2;
  const fields = Math.min(fieldsIn, Math.max(1, Math.floor(ROOM / perField)));
  return { group, padding, share, ...size, fields };
}

function programOf(variant: Variant): Program {
  const { group, padding, tiles, rows, fields } = variant;
  return keptProgram(['convolve', ...Object.values(variant)].join(' '), () => {
    const components = COMPONENTS[group];
    return {
      reads: { x: 'f32', weights: components.word, offsets: 'i32', bias: 'f32' },
      writes: { y: 'f32' },
      numbers: {
        ...{ tiles: 'i32', fieldsIn: 'i32', height: 'i32', width: 'i32', across: 'i32', positions: 'i32' },
        ...{ words: 'i32', planes: 'i32', biased: 'i32' },
      },
      size: [PATCH * PATCH, rows],
      declarations: `${KEEPING_NAN}
${components.functions}
const SIDE = ${PATCH + 2 * padding};
const PLANE = SIDE * SIDE;
const HELD = ${fields * tiles * components.order} * PLANE;
var<workgroup> held: array<f32, HELD>;
${stored(components)}`,
      body: bodyOf(components, variant),
    };
  });
}

function bodyOf(components: Components, { padding, share, tiles, rows, fields }: Variant): string {
  const { order } = components;
  const words = wordsOf(components, share);
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

/** Stores a word's planes at a pixel, those that there are; where there is a bias, ReLU of the sum with it. */
function stored(components: Components): string {
  const { length } = components;
  const value = (i: number) => {
    const number = numberOf(components, 'v', i);
    return `select(${number}, relu(${number} + bias[(plane + ${i}) / max(1, u.biased)]), u.biased > 0)`;
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
  const variant = variantOf(product, padding, x);
  const components = COMPONENTS[group];
  const rounded = roundedFields(group, fieldsOut);
  return launchOne(backend, programOf(variant), {
    // Without a bias something has to be bound in its place.
    reads: { x, weights: packed, offsets: product.offsets, bias: bias ?? packed },
    writes: { y: shape },
    numbers: {
      ...{ tiles, fieldsIn, height, width, across: Math.ceil(width / PATCH), positions },
      ...{ words: wordsOf(components, rounded), planes: fieldsOut * components.order },
      // How many planes share one.
      biased: bias ? GROUPS[product.group].order * product.copiesOut : 0,
    },
    groups: groupsOf(x, rounded / variant.share, variant),
  });
}

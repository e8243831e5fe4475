/**
 * Filter gradient by Fourier over the group, dŴ(ρ) = Σ_pixels dÔᵀ·V̂, in two stages. First, a workgroup takes some input
 * fields at all positions and some output fields, and adds up every so many patches of eight columns and a few rows:
 *
 *   the inputs with their border and the transformed gradients of a patch come into the workgroup's memory;
 *   a thread gathers and transforms its inputs at a pixel, and adds their products with its output fields.
 *
 * Where there are more threads than sums, several share the pixels of a patch, and add up what they have in the end. Then
 * (weights.ts) the workgroups' sums are added, in order, and transformed back.
 */
import type * as tf from '../../../../runtime/tf';
import {
  keptProgram,
  launchOne,
  type Program,
  THREADS,
  type WebGPUBackend,
} from '../../../../runtime/webgpu/program';
import {
  COMPONENTS,
  type Components,
  roundedFields,
  shareOf,
  valuesFrom,
  wordFrom,
  wordsOf,
} from './components';
import { asItRuns, PATCH, type Tables } from './tables';

/** Numbers of the workgroup's memory for inputs, and as many for gradients. */
const ROOM = 2048;
/** How many workgroups there are to be: a few for each processor of a large GPU. */
const WORKGROUPS = 512;
const MOST_CHUNKS = 128;
/** Numbers of all workgroups' sums: 16 MB. */
const MOST_SUMS = 2 ** 22;

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** What the text depends on. */
interface Variant {
  readonly group: keyof typeof COMPONENTS;
  readonly padding: number;
  /** Rows of a patch. */
  readonly height: number;
  /** Input fields of a workgroup, `shared` of them for each thread. */
  readonly fields: number;
  /** Output fields of a thread, and how many such shares a workgroup has. */
  readonly share: number;
  readonly shares: number;
}

/** The patch for which most is multiplied by what is brought into memory once. */
function variantOf({ forward, padding, positions }: Tables): Variant {
  const { group, fieldsIn, fieldsOut } = asItRuns(forward);
  const { order, shared } = COMPONENTS[group];
  const share = shareOf(group, fieldsOut);
  const fitting = [8, 4, 2].flatMap((height) => {
    const perField = order * (height + 2 * padding) * (PATCH + 2 * padding);
    const perShare = PATCH * height * share * order;
    if (shared * perField > ROOM || perShare > ROOM) return [];
    const shares = Math.min(
      roundedFields(group, fieldsOut) / share,
      Math.floor(ROOM / perShare),
      Math.floor(THREADS / positions),
    );
    const together = Math.min(
      Math.ceil(fieldsIn / shared),
      Math.floor(ROOM / (shared * perField)),
      Math.floor(THREADS / (positions * shares)),
    );
    const fields = together * shared;
    const reuse = (fields * shares * height) / (fields * perField + shares * perShare);
    return [{ reuse, variant: { group, padding, height, fields, share, shares } }];
  });
  return fitting.reduce((best, each) => (each.reuse > best.reuse ? each : best)).variant;
}

function programOf(variant: Variant): Program {
  return keptProgram(['filter gradient', ...Object.values(variant)].join(' '), () => {
    const components = COMPONENTS[variant.group];
    const { order, word, length } = components;
    return {
      reads: { x: 'f32', dy: 'f32', offsets: 'i32' },
      writes: { sums: word },
      numbers: {
        ...{ tiles: 'i32', fieldsIn: 'i32', height: 'i32', width: 'i32', across: 'i32', patches: 'i32' },
        ...{ positions: 'i32', planes: 'i32', words: 'i32', chunks: 'i32', lanes: 'i32', parts: 'i32' },
      },
      size: [THREADS, 1],
      declarations: `
${components.functions}
const SIDE = ${PATCH + 2 * variant.padding};
const PLANE = SIDE * ${variant.height + 2 * variant.padding};
const HELD = ${variant.fields * order} * PLANE;
var<workgroup> held: array<f32, HELD>;
var<workgroup> slopes: array<Word, ${ROOM / length}>;`,
      body: bodyOf(components, variant),
    };
  });
}

function bodyOf(components: Components, { padding, height, fields, share, shares }: Variant): string {
  const { order, shared, length } = components;
  const words = wordsOf(components, share);
  const row = shares * words;
  const sums = times(shared * words, (i) => `sum${i}`);
  return `
  let lane = thread % u.lanes;
  let share = thread / u.lanes % ${shares};
  let part = thread / (u.lanes * ${shares});
  let isActive = part < u.parts;
  let position = lane % u.positions;
  let block = lane / u.positions;
  let firstField = group.x * ${fields};
  let firstWord = group.y * ${row};
  ${times(order, (h) => `let o${h} = offsets[position * ${order} + ${h}] + (block * ${shared * order} + ${h}) * PLANE + ${padding} * SIDE + ${padding};`).join('\n  ')}
  ${sums.map((sum) => `var ${sum} = Word();`).join(' ')}
  for (var piece = group.z; piece < u.patches; piece += u.chunks) {
    let left = piece % u.across * ${PATCH};
    let down = (u.height + ${height - 1}) / ${height};
    let top = piece / u.across % down * ${height};
    let tile = piece / (u.across * down);
    workgroupBarrier();
    for (var i = thread; i < HELD; i += ${THREADS}) {
      let plane = i / PLANE;
      let at = i % PLANE;
      let at2 = vec2i(left + at % SIDE - ${padding}, top + at / SIDE - ${padding});
      let field = firstField + plane / ${order};
      var value = 0.0;
      if (all(at2 >= vec2i(0)) && at2.x < u.width && at2.y < u.height && field < u.fieldsIn) {
        let source = (tile * u.fieldsIn + field) * ${order} + plane % ${order};
        value = x[(source * u.height + at2.y) * u.width + at2.x];
      }
      held[i] = value;
    }
    for (var i = thread; i < ${PATCH * height * row}; i += ${THREADS}) {
      let pixel = i % ${PATCH * height};
      let word = i / ${PATCH * height};
      let at2 = vec2i(left + pixel % ${PATCH}, top + pixel / ${PATCH});
      var value = Word();
      if (at2.x < u.width && at2.y < u.height) {
        let plane = (firstWord + word) * ${length};
        let origin = ((tile * u.planes + plane) * u.height + at2.y) * u.width + at2.x;
        let size = u.height * u.width;
        value = transformWord(${wordFrom(components, (j) => `select(0.0, dy[origin + ${j} * size], plane + ${j} < u.planes)`)});
      }
      slopes[pixel * ${row} + word] = value;
    }
    workgroupBarrier();
    if (isActive) {
      for (var pixel = part; pixel < ${PATCH * height}; pixel += u.parts) {
        let at = pixel / ${PATCH} * SIDE + pixel % ${PATCH};
        ${times(shared, (m) => `let v${m} = transform(${valuesFrom(components, (h) => `held[at + o${h} + ${m * order} * PLANE]`)});`).join('\n        ')}
        let origin = pixel * ${row} + share * ${words};
        ${times(
          words,
          (j) =>
            `{ let d = slopes[origin + ${j}]; ${times(shared, (m) => `sum${m * words + j} = addedOuter(sum${m * words + j}, v${m}, d);`).join(' ')} }`,
        ).join('\n        ')}
      }
    }
  }
  let others = u.lanes * ${shares};
  ${sums.map((sum) => addedUp(sum)).join('\n  ')}
  if (part > 0) { return; }
  ${times(
    shared,
    (m) => `{
    let field = firstField + block * ${shared} + ${m};
    if (field < u.fieldsIn) {
      let row = ((group.z * u.positions + position) * u.fieldsIn + field) * u.words;
      let word = firstWord + share * ${words};
      ${times(words, (j) => `if (word + ${j} < u.words) { sums[row + word + ${j}] = sum${m * words + j}; }`).join('\n      ')}
    }
  }`,
  ).join('\n  ')}`;
}

/** The first part's threads add what the other parts' have. */
const addedUp = (sum: string): string => `if (u.parts > 1) {
    workgroupBarrier();
    if (part > 0 && isActive) { slopes[thread - others] = ${sum}; }
    workgroupBarrier();
    if (part == 0) { for (var p = 0; p < u.parts - 1; p++) { ${sum} += slopes[p * others + thread]; } }
  }`;

/** x [N, F_in, S_in, H, W] and dy, as the forward product runs → sums [chunks][positions][inputs][outputs, rounded][components]. */
export function sumFilterGradient(
  backend: WebGPUBackend,
  tables: Tables,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
): { readonly sums: tf.TensorInfo; readonly chunks: number } {
  const { forward, positions } = tables;
  const [tiles, , , height, width] = x.shape;
  const { group, fieldsIn, fieldsOut } = asItRuns(forward);
  const variant = variantOf(tables);
  const components = COMPONENTS[group];
  const { order, shared, length } = components;
  const words = wordsOf(components, roundedFields(group, fieldsOut));
  const across = Math.ceil(width / PATCH);
  const patches = tiles * across * Math.ceil(height / variant.height);
  const sets = Math.ceil(fieldsIn / variant.fields);
  const blocks = Math.ceil(words / (wordsOf(components, variant.share) * variant.shares));
  const chunkLength = positions * fieldsIn * words * length;
  const wanted = Math.min(MOST_CHUNKS, WORKGROUPS / (sets * blocks), MOST_SUMS / chunkLength, patches);
  const chunks = Math.max(1, Math.floor(wanted));
  const lanes = (variant.fields / shared) * positions;
  const parts = Math.min(Math.floor(THREADS / (lanes * variant.shares)), PATCH * variant.height);
  const sums = launchOne(backend, programOf(variant), {
    reads: { x, dy, offsets: forward.offsets },
    writes: { sums: [chunks * chunkLength] },
    numbers: {
      ...{ tiles, fieldsIn, height, width, across, patches, positions, words, chunks, lanes, parts },
      planes: fieldsOut * order,
    },
    groups: [sets, blocks, chunks],
  });
  return { sums, chunks };
}

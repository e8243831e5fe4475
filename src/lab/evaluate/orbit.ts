/**
 * One field of the lifting layer, seen whole: its filter in all orientations of the group, and the maps that these make of a
 * tile, for every way in which the group turns the tile. Rules (science §2), for every element k and seat s:
 *   filters[s] = s·W                          the orbit of one filter
 *   maps[k][s] = k·maps[e][k⁻¹s]              a turned tile: the maps turn, and change seats
 *   pooled[k]  = k·pooled[e]                  the largest of all seats only turns
 *   answers[k] = answers[e]                   behind it nothing changes, where the head is invariant
 * With channels torn off (naive pruning) their seats stay empty, whatever turns: the last three rules end. What is told here
 * is measured, rule by rule; nothing is derived from them.
 */
import type { Classifier } from '../families/family';
import { gcnn } from '../families/gcnn';
import type { ArchSpec } from '../families/gcnn/arch';
import { gridFilters } from '../families/gcnn/folded';
import { blockLayouts } from '../families/gcnn/layout';
import type { GcnnModel } from '../families/gcnn/model';
import { openClassifier } from '../families/networks';
import { isOf } from '../families/registry';
import { requireFinite } from '../finite';
import type { AnyModel } from '../nn/model';
import { foldNorm, normNames } from '../nn/norm';
import * as tf from '../runtime/tf';
import { expandGrid } from '../symmetry/filters';
import { GROUPS, type Group, type GroupName } from '../symmetry/group';
import { planeAt } from '../symmetry/seats';
import { turnPictures } from '../symmetry/turn';
import { decide } from './decide';
import { largestDifference, largestOf, relativeDifference } from './difference';
import { probabilityOf } from './softmax';

/** What the network says of the tile, turned by one element of the group. */
export interface OrbitAnswer {
  readonly answer: number;
  readonly probability: number;
  readonly undecided: boolean;
}

/** Lists by element of the group are in its order; so are seats. */
export interface OrbitMaps {
  readonly group: GroupName;
  readonly field: number;
  /** Fields of the layer. */
  readonly fields: number;
  /** Seats that are empty, ascending. */
  readonly torn: readonly number[];
  /** Side of a filter, and what it reads. */
  readonly kernel: number;
  readonly channels: number;
  /** By seat: kernel × kernel × channels, before the norm. */
  readonly filters: Float32Array;
  /** y = scale · convolution + shift, one pair of numbers for all seats; null where integers have it in their filters. */
  readonly norm: { readonly scale: number; readonly shift: number } | null;
  /** Side of a map. */
  readonly size: number;
  /** By element, then by seat: size × size, behind norm, ReLU and pooling. */
  readonly maps: Float32Array;
  /** By element: the largest of all seats, place by place. */
  readonly pooled: Float32Array;
  /** By element, then by seat: largest |maps[k][s] − k·maps[e][k⁻¹s]| / largest |maps[e]|. */
  readonly seatErrors: Float32Array;
  /** By element: the same of the pooled map. */
  readonly pooledErrors: Float32Array;
  readonly answers: readonly OrbitAnswer[];
  /** Equivariance error of the logits over the group. */
  readonly error: number;
}

/** Whether a network has filters in turned copies: a plain one has none, a transformer's fields have no filters. */
export const hasOrbit = (model: AnyModel): model is GcnnModel =>
  isOf(gcnn, model) && model.arch.group !== 'C1';

/**
 * The maps of one field, and the answers, for every element of the group.
 *
 * @param upright the tile, normalised for this network: size × size × channels.
 * @param torn seats of the field whose channels are silenced.
 */
export async function orbitMaps(
  model: GcnnModel,
  upright: Float32Array,
  { field, torn }: { readonly field: number; readonly torn: readonly number[] },
): Promise<OrbitMaps> {
  const { arch } = model;
  const group = GROUPS[arch.group];
  if (field >= arch.blocks[0].fields || torn.some((seat) => seat >= group.order))
    throw new RangeError(`There is no field ${field} with the seats ${torn.join()}.`);
  const { data, size, logits } = await run(model, onAll(arch, upright), channelsOf(group, field, torn));
  const maps = planesOf(data, { size, width: arch.blocks[0].fields * group.order, field, group });
  const pooled = largestBySeat(maps, size, group.order);
  return {
    group: arch.group,
    field,
    fields: arch.blocks[0].fields,
    torn: [...torn].sort((a, b) => a - b),
    kernel: arch.blocks[0].kernel,
    channels: arch.input.channels,
    ...filtersOf(model, field),
    ...{ size, maps, pooled },
    seatErrors: seatErrors(maps, size, group),
    pooledErrors: pooledErrors(pooled, size, group),
    answers: answersOf(logits, arch.classes),
    error: logitsError(logits, arch.classes),
  };
}

/** What tearing one seat off a field does to a tile: at how many elements the answer is another, and how far logits move. */
export interface Telling {
  /** What is answered to the tile as it is. */
  readonly upright: number;
  readonly changed: number;
  readonly moved: number;
}

/**
 * For tiles one after the other (each normalised, size × size × channels): what they become with the first seat of a field
 * torn off. With another seat torn the same happens at other turns, by the symmetry, so one seat tells.
 */
export async function tellingOf(
  model: GcnnModel,
  tiles: Float32Array,
  field: number,
): Promise<readonly Telling[]> {
  const { arch } = model;
  const group = GROUPS[arch.group];
  const { order } = group;
  const { logits } = await run(model, onAll(arch, tiles), channelsOf(group, field, [0]));
  const count = logits.length / arch.classes / order;
  const perTile = order * arch.classes;
  return Array.from({ length: count }, (_, tile) => {
    const own = logits.subarray(tile * perTile, (tile + 1) * perTile);
    const said = answersOf(own, arch.classes);
    const isOther = ({ answer, undecided }: OrbitAnswer) => answer !== said[0].answer && !undecided;
    return {
      upright: said[0].answer,
      changed: said[0].undecided ? 0 : said.filter(isOther).length,
      moved: logitsError(own, arch.classes),
    };
  });
}

/** The field whose torn petal shows most on a tile. */
export async function mostTelling(model: GcnnModel, upright: Float32Array): Promise<number> {
  const found: Telling[] = [];
  for (let field = 0; field < model.arch.blocks[0].fields; field++)
    found.push((await tellingOf(model, upright, field))[0]);
  return found.reduce((best, each, field) => (tellsMore(each, found[best]) ? field : best), 0);
}

export const tellsMore = (a: Telling, b: Telling): boolean =>
  a.changed > b.changed || (a.changed === b.changed && a.moved > b.moved);

/** Tiles, each turned by every element: tile by tile, element by element. */
function onAll({ group: name, input: { size, channels } }: ArchSpec, tiles: Float32Array): Float32Array {
  const { elements, order } = GROUPS[name];
  const perTile = size * size * channels;
  const all = new Float32Array(tiles.length * order);
  for (let from = 0; from < tiles.length; from += perTile) {
    const tile = tiles.subarray(from, from + perTile);
    elements.forEach((element, k) => {
      all.set(turnPictures(tile, size, channels, element), from * order + k * perTile);
    });
  }
  return all;
}

const channelsOf = ({ order }: Group, field: number, seats: readonly number[]): Uint32Array =>
  Uint32Array.from(seats, (seat) => field * order + seat).sort();

interface Ran {
  /** What the first block leaves: tiles × size × size × width. */
  readonly data: Float32Array;
  readonly size: number;
  readonly logits: Float32Array;
}

/** Runs tiles through a network with channels of its first block silenced. */
async function run(model: GcnnModel, tiles: Float32Array, silenced: Uint32Array): Promise<Ran> {
  const { arch } = model;
  const perTile = arch.input.size ** 2 * arch.input.channels;
  const network = openClassifier({
    ...model,
    silenced: arch.blocks.map((_, i) => (i === 0 ? silenced : new Uint32Array())),
  });
  // A network in integers may find its ranges over a batch: it sees each tile alone, as with a dial.
  const step = arch.int8 ? perTile : tiles.length;
  const parts: Ran[] = [];
  try {
    for (let from = 0; from < tiles.length; from += step)
      parts.push(await runBatch(arch, network, tiles.subarray(from, from + step)));
  } finally {
    network.dispose();
  }
  return {
    data: joined(parts.map(({ data }) => data)),
    size: parts[0].size,
    logits: joined(parts.map(({ logits }) => logits)),
  };
}

async function runBatch(
  { input: { size, channels } }: ArchSpec,
  network: Classifier,
  tiles: Float32Array,
): Promise<Ran> {
  const kept: tf.Tensor[] = [];
  try {
    const logits = tf.tidy(() => {
      const x = tf.tensor4d(tiles, [tiles.length / (size * size * channels), size, size, channels]);
      return network.logits(x, (layer, value) => {
        if (layer === 'block1') kept.push(tf.keep(tf.clone(value)));
      });
    });
    kept.push(logits);
    const [maps, said] = await Promise.all(kept.map(async (each) => Float32Array.from(await each.data())));
    return {
      data: requireFinite(maps, 'What layer block1 leaves'),
      size: kept[0].shape[1]!,
      logits: requireFinite(said, "The network's answers"),
    };
  } finally {
    tf.dispose(kept);
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0];
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

interface Plan {
  readonly size: number;
  readonly width: number;
  readonly field: number;
  readonly group: Group;
}

/** The maps of one field out of [elements, size, size, width]: element by element, seat by seat. */
function planesOf(data: Float32Array, { size, width, field, group: { order } }: Plan): Float32Array {
  const pixels = size * size;
  const out = new Float32Array(order * order * pixels);
  for (let k = 0, to = 0; k < order; k++) {
    for (let s = 0; s < order; s++) {
      for (let p = 0; p < pixels; p++, to++) out[to] = data[(k * pixels + p) * width + field * order + s];
    }
  }
  return out;
}

function largestBySeat(maps: Float32Array, size: number, order: number): Float32Array {
  const pixels = size * size;
  const out = new Float32Array(order * pixels).fill(Number.NEGATIVE_INFINITY);
  maps.forEach((value, i) => {
    const at = Math.floor(i / (order * pixels)) * pixels + (i % pixels);
    if (value > out[at]) out[at] = value;
  });
  return out;
}

function seatErrors(maps: Float32Array, size: number, group: Group): Float32Array {
  const { order, elements, multiply, inverse } = group;
  const of = (k: number, s: number) => planeAt(maps, size, k * order + s);
  const largest = largestOf(maps.subarray(0, order * size * size)) || 1;
  return Float32Array.from({ length: order * order }, (_, i) => {
    const [k, s] = [Math.floor(i / order), i % order];
    const expected = turnPictures(of(0, multiply[inverse[k]][s]), size, 1, elements[k]);
    return largestDifference(of(k, s), expected) / largest;
  });
}

function pooledErrors(pooled: Float32Array, size: number, { order, elements }: Group): Float32Array {
  const of = (k: number) => planeAt(pooled, size, k);
  return Float32Array.from({ length: order }, (_, k) =>
    relativeDifference(of(k), turnPictures(of(0), size, 1, elements[k]), of(0)),
  );
}

function answersOf(logits: Float32Array, classes: number): OrbitAnswer[] {
  return Array.from({ length: logits.length / classes }, (_, row) => {
    const { answers, undecided } = decide(logits.subarray(row * classes, (row + 1) * classes), classes);
    return {
      answer: answers[0],
      probability: probabilityOf(logits, classes, row, answers[0]),
      undecided: undecided[0] === 1,
    };
  });
}

/** Largest |f(k·x) − f(x)| / largest |f(x)| over the elements; logits: elements × classes. */
function logitsError(logits: Float32Array, classes: number): number {
  const upright = logits.subarray(0, classes);
  let error = 0;
  for (let from = classes; from < logits.length; from += classes)
    error = Math.max(error, relativeDifference(logits.subarray(from, from + classes), upright));
  return error;
}

/** A filter in all orientations, seat by seat, and the field's norm. */
function filtersOf(model: GcnnModel, field: number): Pick<OrbitMaps, 'filters' | 'norm'> {
  const { arch } = model;
  const { filter } = blockLayouts(arch)[0];
  const { order } = GROUPS[arch.group];
  const inIntegers = arch.int8?.layers === 'all';
  const weights = inIntegers ? integersAsFloats(model) : gridFilters(arch, model.params, 1).data;
  const bank = expandGrid(weights, filter);
  const width = filter.fieldsOut * order;
  const entries = bank.length / width;
  const filters = Float32Array.from({ length: order * entries }, (_, i) => {
    return bank[(i % entries) * width + field * order + Math.floor(i / entries)];
  });
  if (inIntegers) return { filters, norm: null };
  // The filter 1, with nothing added, becomes the norm's factor, and its bias what is added.
  const one = { shape: [filter.fieldsOut], data: new Float32Array(filter.fieldsOut).fill(1) };
  const folded = foldNorm(one, model.params, normNames('norm1'), model.params['conv1.bias']);
  return { filters, norm: { scale: folded.weights[field], shift: folded.bias[field] } };
}

function integersAsFloats({ int8, params }: GcnnModel): Float32Array {
  const scale = params['conv1.weight_scale'].data;
  return Float32Array.from(int8!['conv1.weight'].data, (value, i) => value * scale[i % scale.length]);
}

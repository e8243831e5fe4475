/**
 * A network from elsewhere as one of the lab's own family of group convolutions, where its structure is exactly theirs: then its
 * fields, spatial orbits and hidden neurons can be pruned. Convolutions with a norm and ReLU each, 2×2 pools, the maximum over
 * the group, and two dense layers. e2cnn's filters become combinations of the steerable basis, where they are.
 */
import { type ArchSpec, archSchema, type Block, type HeadKind } from '../../families/gcnn/arch';
import { blockLayouts, gcnnParams } from '../../families/gcnn/layout';
import type { GcnnModel } from '../../families/gcnn/model';
import type { Param } from '../../nn/model';
import { normNames } from '../../nn/norm';
import { NORM_EPSILON } from '../../nn/ops/fieldNormLoops';
import { expansionMap, outputsLast } from '../../symmetry/filters';
import { GROUPS, type GroupName } from '../../symmetry/group';
import { combineBasis, projectOnBasis, steerableBasis } from '../../symmetry/steerable';
import type { Pictures } from './fold';
import type { RawConvolution, RawDense, RawLayer, RawNetwork, RawNorm, RawOf } from './raw';

interface Taken {
  readonly blocks: readonly {
    readonly convolution: RawConvolution;
    readonly norm: RawNorm;
    readonly pool: boolean;
  }[];
  readonly head: HeadKind;
  readonly order: number;
  readonly dense: readonly [RawDense, RawDense];
}

/** Copies may differ by so much of the largest: rounding of how they were made. */
const TOLERANCE = 1e-4;

/** The model, or null where the network is built otherwise. */
export function gcnnOf(network: RawNetwork, { input, classes, normalisation }: Pictures): GcnnModel | null {
  const taken = structureOf(network.layers);
  if (!taken) return null;
  const groups = (Object.keys(GROUPS) as GroupName[]).filter((group) => GROUPS[group].order === taken.order);
  for (const group of groups) {
    const grid = gridFilters(taken, group);
    const fields = grid && perField(taken, group);
    if (!grid || !fields) continue;
    const steerable = group === 'C1' ? null : steerableFilters(taken, grid);
    const { order } = GROUPS[group];
    const parsed = archSchema.safeParse({
      ...{ id: network.id, group, input, classes: classes.length },
      filters: steerable ? 'steerable' : 'grid',
      blocks: taken.blocks.map(
        ({ convolution: { weight }, pool }): Block => ({
          fields: weight.shape[0] / order,
          kernel: weight.shape[2] as Block['kernel'],
          pool,
        }),
      ),
      head: { kind: taken.head, hidden: taken.dense[0].weight.shape[0], dropout: 0 },
    });
    if (!parsed.success) return null;
    const params = paramsOf(parsed.data, taken, steerable ?? grid, fields);
    return params && { arch: parsed.data, params, classes, normalisation, provenance: {} };
  }
  return null;
}

/** The layers in their places, or null where one stands elsewhere. */
function structureOf(layers: readonly RawLayer[]): Taken | null {
  const isRow = layers.every((layer, i) => i === 0 || layer.from === layers[i - 1].name);
  if (!isRow) return null;
  const blocks: Taken['blocks'][number][] = [];
  let at = 0;
  const next = <Op extends RawLayer['op']>(op: Op): RawOf<Op> | null => {
    const layer = layers[at];
    if (layer?.op !== op) return null;
    at++;
    return layer as RawOf<Op>;
  };
  for (let convolution = next('convolution'); convolution; convolution = next('convolution')) {
    const { weight, stride, padding, groups } = convolution;
    const [, , kernel] = weight.shape;
    const isPlain = stride === 1 && groups === 1 && kernel % 2 === 1 && padding === (kernel - 1) / 2;
    const norm = next('norm');
    if (!isPlain || !norm || !next('relu')) return null;
    const pool = next('maximum pool');
    if (pool && (pool.kernel !== 2 || pool.stride !== 2 || pool.padding !== 0)) return null;
    blocks.push({ convolution, norm, pool: pool !== null });
  }
  if (blocks.length === 0) return null;
  const over = next('field maximum');
  const isFlat = next('flatten') !== null;
  if (!isFlat && !next('average')) return null;
  const first = next('dense');
  const active = next('relu');
  const second = next('dense');
  if (!first || !active || !second || at !== layers.length) return null;
  return { blocks, head: isFlat ? 'flat' : 'pooled', order: over?.order ?? 1, dense: [first, second] };
}

/** The filters of g = 1 of every block, [k², F_in, S_in, F_out]; null where the others are not their turned copies. */
function gridFilters({ blocks }: Taken, group: GroupName): Param[] | null {
  const { order } = GROUPS[group];
  const found: Param[] = [];
  for (const [i, { convolution }] of blocks.entries()) {
    const [outputs, inputs, kernel] = convolution.weight.shape;
    const sizeIn = i === 0 ? 1 : order;
    if (outputs % order !== 0 || inputs % sizeIn !== 0) return null;
    const shape = { group, kernel, fieldsIn: inputs / sizeIn, sizeIn, fieldsOut: outputs / order };
    const bank = outputsLast(convolution.weight.data, kernel ** 2, inputs);
    const free = bank.filter((_, at) => at % order === 0);
    const { source } = expansionMap(shape);
    const apart = TOLERANCE * largest(bank);
    for (let at = 0; at < bank.length; at++) if (Math.abs(bank[at] - free[source[at]]) > apart) return null;
    found.push({ shape: [kernel ** 2, shape.fieldsIn, sizeIn, shape.fieldsOut], data: free });
  }
  return found;
}

/** The same as coefficients of the steerable basis; null where a filter is no combination of it. */
function steerableFilters({ blocks }: Taken, grid: readonly Param[]): Param[] | null {
  const found: Param[] = [];
  for (const [i, { shape, data }] of grid.entries()) {
    const [, , kernel] = blocks[i].convolution.weight.shape;
    const free = projectOnBasis(data, kernel);
    const apart = TOLERANCE * largest(data);
    const back = combineBasis(free, kernel);
    if (back.some((value, at) => Math.abs(value - data[at]) > apart)) return null;
    found.push({ shape: [steerableBasis(kernel).count, ...shape.slice(1)], data: free });
  }
  return found;
}

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

interface PerField {
  readonly bias: Float32Array;
  readonly scale: Float32Array;
  readonly shift: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** Biases and norms of fields; null where they differ between the channels of one. */
function perField({ blocks }: Taken, group: GroupName): PerField[] | null {
  const { order } = GROUPS[group];
  const found: PerField[] = [];
  for (const { convolution, norm } of blocks) {
    const bias = convolution.bias ?? new Float32Array(convolution.weight.shape[0]);
    const rows = [bias, norm.scale, norm.shift, norm.mean, norm.variance];
    for (const row of rows) {
      const apart = TOLERANCE * largest(row);
      if (row.some((value, c) => Math.abs(value - row[c - (c % order)]) > apart)) return null;
    }
    const [b, scale, shift, mean, variance] = rows.map((row) => row.filter((_, c) => c % order === 0));
    // The lab's norms have one ε: what another one adds is added to the variance.
    const raised = variance.map((value) => Math.max(0, value + norm.epsilon - NORM_EPSILON));
    found.push({ bias: b, scale, shift, mean, variance: raised });
  }
  return found;
}

function paramsOf(
  arch: ArchSpec,
  { dense }: Taken,
  filters: readonly Param[],
  fields: readonly PerField[],
): Record<string, Param> | null {
  const params: Record<string, Param> = {};
  const row = (name: string, data: Float32Array) => {
    params[name] = { shape: [data.length], data };
  };
  for (const [i, { bias, ...norm }] of fields.entries()) {
    const names = normNames(`norm${i + 1}`);
    params[`conv${i + 1}.weight`] = filters[i];
    row(`conv${i + 1}.bias`, bias);
    for (const part of ['scale', 'shift', 'mean', 'variance'] as const) row(names[part], norm[part]);
  }
  for (const [i, { weight, bias }] of dense.entries()) {
    const [outputs, inputs] = weight.shape;
    // A map is stored as (y, x, field) here and as (field, y, x) there; all else is a row of numbers.
    const channels = i === 0 && arch.head.kind === 'flat' ? arch.blocks.at(-1)!.fields : inputs;
    const positions = inputs / channels;
    params[`dense${i + 1}.weight`] = {
      shape: [inputs, outputs],
      data: outputsLast(weight.data, positions, channels),
    };
    row(`dense${i + 1}.bias`, bias ?? new Float32Array(outputs));
  }
  try {
    blockLayouts(arch);
    const fits = gcnnParams(arch).every(({ name, shape }) => params[name]?.shape.join() === shape.join());
    return fits ? params : null;
  } catch {
    // Odd sizes in front of a pool: it is read as a graph.
    return null;
  }
}

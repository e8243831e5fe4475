/**
 * Whether the filters of a network are turned copies of each other: found in the weights, not believed. A convolution between
 * fields of a group G is equivariant when its filter of (f, g), reading (f′, h), is that of (f, 1) reading (f′, g⁻¹h), turned by
 * g (symmetry/filters.ts), and its bias is the same for all g.
 */
import type { ImportedModel } from '../../families/imported/model';
import { type Left, shapesOf } from '../../families/imported/shapes';
import type { Convolution, ImportedLayer, ImportedSpec } from '../../families/imported/spec';
import { isDepthwise } from '../../families/imported/spec';
import type { Params } from '../../nn/model';
import { expansionMap } from '../../symmetry/filters';
import { GROUPS, type GroupName } from '../../symmetry/group';

/** The largest first; a mirror alone last. */
const CANDIDATES: readonly GroupName[] = ['D4', 'C4', 'C2', 'D1'];

/** Copies may differ by so much of the largest weight: rounding of how they were made. */
const TOLERANCE = 1e-4;

/**
 * The model with the group that acts on its channels, where its first convolution has all its filters in every orientation; and
 * called equivariant under it, where all layers up to the head are.
 */
export function withActing(model: ImportedModel): ImportedModel {
  const { arch, params } = model;
  const acting = CANDIDATES.find((group) => actsOnFirst(arch, params, group));
  if (!acting) return model;
  const spec = { ...arch, acting };
  const left = shapesOf(spec);
  const holds = spec.layers.every((layer) => isEquivariant(layer, spec, left, params));
  return { ...model, arch: { ...spec, group: holds ? acting : 'C1' } };
}

function actsOnFirst(arch: ImportedSpec, params: Params, group: GroupName): boolean {
  const first = arch.layers.find((layer): layer is Convolution => layer.op === 'convolution');
  return (
    first !== undefined && !isDepthwise(first) && turnsCopies(first, params, group, arch.input.channels, 1)
  );
}

/** Whether a convolution's filters are those of its first orientation, turned. inputs: fields that it reads, each of `sizeIn` channels. */
function turnsCopies(
  { name, kernel, outputs }: Convolution,
  params: Params,
  group: GroupName,
  inputs: number,
  sizeIn: number,
): boolean {
  const { order } = GROUPS[group];
  if (outputs % order !== 0) return false;
  const fieldsOut = outputs / order;
  const bank = params[`${name}.weight`].data;
  const bias = params[`${name}.bias`].data;
  const shape = { group, kernel, fieldsIn: inputs, sizeIn, fieldsOut };
  const { source } = expansionMap(shape);
  // The free weights are the copies of g = 1, which stand at every |G|-th output.
  const free = bank.filter((_, i) => i % order === 0);
  const tolerance = TOLERANCE * largest(bank);
  for (let i = 0; i < bank.length; i++) if (Math.abs(bank[i] - free[source[i]]) > tolerance) return false;
  const apart = TOLERANCE * Math.max(largest(bias), largest(bank));
  return bias.every((value, c) => Math.abs(value - bias[c - (c % order)]) <= apart);
}

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Whether a layer leaves fields that turn, of fields that do; or what is read from them for the answer. */
function isEquivariant(
  layer: ImportedLayer,
  spec: ImportedSpec,
  left: ReadonlyMap<string, Left>,
  params: Params,
): boolean {
  const acting = spec.acting!;
  const { order } = GROUPS[acting];
  const read = left.get(layer.from)!;
  switch (layer.op) {
    case 'convolution': {
      if (!readsAllAround(layer, read.size!)) return false;
      if (isDepthwise(layer)) return false;
      const sizeIn = read.inFields ? order : 1;
      return turnsCopies(layer, params, acting, read.width / sizeIn, sizeIn);
    }
    case 'scale': {
      const constant = (part: string) => {
        const { data } = params[`${layer.name}.${part}`];
        const apart = TOLERANCE * largest(data);
        return data.every((value, c) => !read.inFields || Math.abs(value - data[c - (c % order)]) <= apart);
      };
      return constant('scale') && constant('shift');
    }
    case 'maximum pool':
      return readsAllAround(layer, read.size!);
    case 'average pool':
      return readsAllAround({ ...layer, padding: 0 }, read.size!);
    case 'field maximum':
    case 'field mean':
      return read.inFields ? layer.order % order === 0 : true;
    case 'turned dense':
      // The largest over all orientations of maps stays as the map turns.
      return !read.inFields;
    case 'average':
    case 'flatten':
      // Rows of channels that change places are no fields any longer.
      return !read.inFields;
    case 'sum': {
      const other = left.get(layer.and)!;
      return read.inFields === other.inFields;
    }
    default:
      return true;
  }
}

/** Whether the windows lie in a map as they do in the turned one: none is left over at one side only. */
const readsAllAround = (
  { kernel, stride, padding }: { readonly kernel: number; readonly stride: number; readonly padding: number },
  size: number,
): boolean => (size + 2 * padding - kernel) % stride === 0;

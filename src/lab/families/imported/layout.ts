/**
 * The parameters of a network from elsewhere, under the names that its layers had there:
 *
 *   <convolution>.weight [k², inputs, 1, outputs], depthwise [k², 1, 1, channels]   <convolution>.bias [outputs]
 *   <scale>.scale, .shift [channels]
 *   <dense>.weight [inputs, outputs], after a `flatten` in the order (channel, y, x)   <dense>.bias [outputs]
 *
 * As everywhere, 8-bit integers stand beside a scale per output channel, of dense layers one for all.
 */
import { sizeOf } from '../../nn/model';
import { DENSE, HE, type Start } from '../../nn/start';
import { GROUPS } from '../../symmetry/group';
import type { LayerWork, ObservedLayer, ParamLayout } from '../family';
import { filterShape, type Left, shapesOf } from './shapes';
import { type ImportedLayer, type ImportedSpec, isDepthwise, readBy } from './spec';

/** Every parameter, in a fixed order. */
export function importedParams(spec: ImportedSpec): ParamLayout[] {
  const left = shapesOf(spec);
  const inIntegers = spec.int8?.layers;
  const lastDense = spec.layers.findLast(({ op }) => op === 'dense' || op === 'turned dense');
  return spec.layers.flatMap((layer): ParamLayout[] => {
    const inputs = left.get(layer.from)!.width;
    const common = { layer: layer.name, head: layer === lastDense, int8: false };
    const floats = (
      part: string,
      shape: readonly number[],
      role: ParamLayout['role'],
      start: Start,
    ): ParamLayout => ({
      ...{ ...common, name: `${layer.name}.${part}` },
      ...{ shape, role, start },
    });
    switch (layer.op) {
      case 'convolution': {
        const int8 = inIntegers === 'all';
        return [
          { ...floats('weight', filterShape(layer, inputs), 'trained', HE), int8 },
          floats('bias', [layer.outputs], 'trained', 0),
          ...(int8 ? [floats('weight_scale', [layer.outputs], 'carried', 0)] : []),
        ];
      }
      case 'dense':
      case 'turned dense': {
        const int8 = inIntegers !== undefined;
        return [
          { ...floats('weight', [inputs * positionsOf(layer, left), layer.outputs], 'trained', DENSE), int8 },
          floats('bias', [layer.outputs], 'trained', 0),
          ...(int8 ? [floats('weight_scale', [1], 'carried', 0)] : []),
        ];
      }
      case 'scale':
        return [floats('scale', [inputs], 'trained', 1), floats('shift', [inputs], 'trained', 0)];
      default:
        return [];
    }
  });
}

/** Of the maps that a layer reads flattened; 1 of rows. */
const positionsOf = (layer: ImportedLayer, left: ReadonlyMap<string, Left>): number =>
  layer.op === 'turned dense' ? left.get(layer.from)!.size! ** 2 : 1;

/** Every layer with parameters and its multiply-adds, in order. */
export function importedWork(spec: ImportedSpec): LayerWork[] {
  const left = shapesOf(spec);
  return spec.layers.flatMap((layer): LayerWork[] => {
    const inputs = left.get(layer.from)!.width;
    switch (layer.op) {
      case 'convolution': {
        const macs = left.get(layer.name)!.size! ** 2 * sizeOf(filterShape(layer, inputs));
        return [{ layer: layer.name, kind: isDepthwise(layer) ? 'depthwise' : 'convolution', macs }];
      }
      case 'dense':
        return [{ layer: layer.name, kind: 'dense', macs: inputs * layer.outputs }];
      case 'turned dense': {
        const each = inputs * positionsOf(layer, left) * layer.outputs;
        return [{ layer: layer.name, kind: 'dense', macs: GROUPS[layer.group].order * each }];
      }
      case 'scale':
        return [{ layer: layer.name, kind: 'scale', macs: 0 }];
      default:
        return [];
    }
  });
}

/** A layer that is looked at, and what it is called then. */
export interface Watched {
  readonly layer: ImportedLayer;
  readonly shown: ObservedLayer;
}

/**
 * The layers that are looked at: each value once, behind its activation, under the name of what is activated. Rows of channels
 * that change places under a turn (averaged or flattened fields and maps) are left out: there is no rule for them.
 */
export function watchedLayers(spec: ImportedSpec): Watched[] {
  const left = shapesOf(spec);
  const readers = new Map<string, ImportedLayer[]>();
  for (const layer of spec.layers)
    for (const name of readBy(layer)) readers.set(name, [...(readers.get(name) ?? []), layer]);
  const byName = new Map(spec.layers.map((layer) => [layer.name, layer]));
  return spec.layers.flatMap((layer): Watched[] => {
    const next = readers.get(layer.name) ?? [];
    if (next.length === 1 && changesInPlace(next[0])) return [];
    const what = left.get(layer.name)!;
    if (layer.op === 'flatten' || (layer.op === 'average' && what.inFields)) return [];
    let first: ImportedLayer = layer;
    while (changesInPlace(first) && readers.get(first.from)?.length === 1 && byName.has(first.from))
      first = byName.get(first.from)!;
    return [{ layer, shown: { name: first.name, ...kindOf(what, spec) } }];
  });
}

const changesInPlace = ({ op }: ImportedLayer): boolean => op === 'relu' || op === 'relu6' || op === 'scale';

function kindOf({ size, width, inFields }: Left, { acting }: ImportedSpec) {
  if (size === null) return { kind: 'invariant' as const };
  return inFields && acting
    ? { kind: 'regular' as const, fields: width / GROUPS[acting].order }
    : { kind: 'map' as const };
}

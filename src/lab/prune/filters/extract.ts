/** The smaller network that is left when some filters of bundles go: each with all that it is tied to. */
import { type Bundle, bundlesOf } from '../../families/imported/channels';
import type { ImportedModel } from '../../families/imported/model';
import { type ImportedLayer, isDepthwise } from '../../families/imported/spec';
import type { Param } from '../../nn/model';
import { takeEntries, zeroEntries } from '../units/take';
import { removedUnits } from '../units/units';

/** Of every bundle, the units that stay, ascending. */
export type KeptFilters = readonly Uint32Array[];

/** Throws where there are not as many lists as bundles, or one keeps nothing. */
export function extractFilters(model: ImportedModel, kept: KeptFilters): ImportedModel {
  const bundles = bundlesOf(model.arch);
  if (bundles.length !== kept.length || kept.some(({ length }) => length === 0))
    throw new Error(`There are ${bundles.length} bundles, each of which keeps a unit: ${kept.length} lists.`);
  const params: Record<string, Param> = { ...model.params };
  const layers = new Map(model.arch.layers.map((layer) => [layer.name, layer]));
  for (const [i, bundle] of bundles.entries()) {
    if (kept[i].length === bundle.units) continue;
    for (const { name, axis, each } of bundle.places)
      params[name] = takeEntries(params[name], axis, entriesOf(kept[i], each));
    for (const name of bundle.layers) layers.set(name, shrunk(layers.get(name)!, bundle, kept[i].length));
  }
  return { ...model, arch: { ...model.arch, layers: [...layers.values()] }, params };
}

/** The network with all that reads other units blind to them, and nothing shrunk: what `extractFilters` answers. */
export function blindFilters(model: ImportedModel, kept: KeptFilters): ImportedModel {
  const params: Record<string, Param> = { ...model.params };
  for (const [i, { units, readers }] of bundlesOf(model.arch).entries()) {
    const gone = removedUnits(kept[i], units);
    for (const { layer, rows } of readers) {
      const name = `${layer}.weight`;
      // A convolution's channels, or a dense layer's rows.
      const axis = params[name].shape.length === 4 ? 1 : 0;
      params[name] = zeroEntries(params[name], axis, entriesOf(gone, rows));
    }
  }
  return { ...model, params };
}

/** The entries of units of which each has `each` side by side. */
export const entriesOf = (units: Uint32Array, each: number): Uint32Array =>
  Uint32Array.from(
    { length: units.length * each },
    (_, i) => units[Math.floor(i / each)] * each + (i % each),
  );

function shrunk(layer: ImportedLayer, { order }: Bundle, units: number): ImportedLayer {
  if (layer.op === 'dense' || layer.op === 'turned dense') return { ...layer, outputs: units };
  if (layer.op !== 'convolution') throw new Error(`${layer.name} has no outputs to lose.`);
  const outputs = units * order;
  return { ...layer, outputs, groups: isDepthwise(layer) ? outputs : 1 };
}

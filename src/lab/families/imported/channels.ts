/**
 * Which channels of a network from elsewhere are one thing: what a filter leaves is read by other layers, passes depthwise
 * convolutions and pools, and is added to what other filters leave, so that all of these can only be removed together.
 *
 * A `Bundle` is a set of layers whose outputs are numbered alike. Its units are filters, or whole fields of |G| channels where
 * a group acts. Channels of the picture and the logits are no units.
 */
import { GROUPS } from '../../symmetry/group';
import { type Left, shapesOf } from './shapes';
import { type ImportedLayer, type ImportedSpec, isDepthwise, PICTURE } from './spec';

/** A parameter, and `each` entries side by side along an axis of it for each unit. */
export interface Place {
  readonly name: string;
  readonly axis: number;
  readonly each: number;
}

/** A layer with weights that reads units: `each` of the channels, or numbers, that it reads for each unit. */
export interface Reader {
  readonly layer: string;
  readonly each: number;
  /** Rows of its weights for each unit: as many, but of a layer that flattens its maps by itself. */
  readonly rows: number;
}

export interface Bundle {
  readonly units: number;
  /** Channels of a filter's output for each unit: 1, or |G|. */
  readonly order: number;
  /** Layers whose filters leave the units, in order; several are tied by residual sums. */
  readonly makers: readonly string[];
  /** Layers whose outputs become fewer when units go: the makers, and depthwise convolutions behind them. */
  readonly layers: readonly string[];
  readonly places: readonly Place[];
  readonly readers: readonly Reader[];
}

interface Draft {
  units: number;
  order: number;
  fixed: boolean;
  makers: string[];
  layers: string[];
  places: Place[];
  readers: Reader[];
}

/** What a value is made of: `each` numbers of every position for each unit of a draft. */
interface Carried {
  readonly draft: Draft;
  readonly each: number;
}

/** All bundles whose units can be removed, in the order of their first layers. */
export function bundlesOf(spec: ImportedSpec): Bundle[] {
  const left = shapesOf(spec);
  const drafts: Draft[] = [];
  const begun = (units: number, order: number, fixed: boolean): Draft => {
    const draft = { units, order, fixed, makers: [], layers: [], places: [], readers: [] };
    drafts.push(draft);
    return draft;
  };
  const values = new Map<string, Carried>([
    [PICTURE, { draft: begun(spec.input.channels, 1, true), each: 1 }],
  ]);
  const last = spec.layers.at(-1)!;
  for (const layer of spec.layers) {
    const read = values.get(layer.from)!;
    values.set(layer.name, carriedBy(layer, read, { spec, left, begun, values }));
  }
  // What is tied to the logits is the answer, and stays.
  values.get(last.name)!.draft.fixed = true;
  // Tied layers are found from the end of a block: they are told as they stand in the network.
  const places = new Map(spec.layers.map(({ name }, i) => [name, i]));
  const before = (a: string, b: string) => places.get(a)! - places.get(b)!;
  return drafts
    .filter((draft) => !draft.fixed && draft.units > 1 && draft.makers.length > 0 && draft.readers.length > 0)
    .map(({ fixed: _, ...bundle }) => ({ ...bundle, makers: bundle.makers.toSorted(before) }))
    .sort((a, b) => before(a.makers[0], b.makers[0]));
}

interface Ground {
  readonly spec: ImportedSpec;
  readonly left: ReadonlyMap<string, Left>;
  begun(units: number, order: number, fixed: boolean): Draft;
  readonly values: Map<string, Carried>;
}

function carriedBy(layer: ImportedLayer, read: Carried, ground: Ground): Carried {
  const { spec, left, begun, values } = ground;
  const { name } = layer;
  const { draft, each } = read;
  switch (layer.op) {
    case 'convolution': {
      if (isDepthwise(layer)) {
        draft.layers.push(name);
        draft.places.push({ name: `${name}.weight`, axis: 3, each }, { name: `${name}.bias`, axis: 0, each });
        return read;
      }
      draft.places.push({ name: `${name}.weight`, axis: 1, each });
      draft.readers.push({ layer: name, each, rows: each });
      const order = left.get(name)!.inFields ? GROUPS[spec.acting!].order : 1;
      const made = begun(layer.outputs / order, order, false);
      made.makers.push(name);
      made.layers.push(name);
      made.places.push(
        { name: `${name}.weight`, axis: 3, each: order },
        { name: `${name}.bias`, axis: 0, each: order },
      );
      return { draft: made, each: order };
    }
    case 'dense':
    case 'turned dense': {
      const rows = layer.op === 'dense' ? each : each * left.get(layer.from)!.size! ** 2;
      draft.places.push({ name: `${name}.weight`, axis: 0, each: rows });
      draft.readers.push({ layer: name, each, rows });
      const made = begun(layer.outputs, 1, false);
      made.makers.push(name);
      made.layers.push(name);
      made.places.push(
        { name: `${name}.weight`, axis: 1, each: 1 },
        { name: `${name}.bias`, axis: 0, each: 1 },
      );
      return { draft: made, each: 1 };
    }
    case 'scale':
      draft.places.push({ name: `${name}.scale`, axis: 0, each }, { name: `${name}.shift`, axis: 0, each });
      return read;
    case 'sum': {
      const other = values.get(layer.and)!;
      return { draft: tied(draft, other.draft, each === other.each, values), each };
    }
    case 'flatten':
      return { draft, each: each * left.get(layer.from)!.size! ** 2 };
    case 'field maximum':
    case 'field mean':
      // Fields that are not whole units: nothing of them is removed.
      if (each % layer.order !== 0) return { draft: begun(left.get(name)!.width, 1, fix(draft)), each: 1 };
      return { draft, each: each / layer.order };
    default:
      return read;
  }
}

function fix(draft: Draft): true {
  draft.fixed = true;
  return true;
}

/** One draft of two whose units are added to each other. */
function tied(a: Draft, b: Draft, isAlike: boolean, values: Map<string, Carried>): Draft {
  if (a === b) return a;
  a.fixed ||= b.fixed || !isAlike || a.units !== b.units;
  if (!isAlike || a.units !== b.units) b.fixed = true;
  a.makers.push(...b.makers);
  a.layers.push(...b.layers);
  a.places.push(...b.places);
  a.readers.push(...b.readers);
  b.makers = [];
  b.readers = [];
  for (const [name, { draft, each }] of values) if (draft === b) values.set(name, { draft: a, each });
  return a;
}

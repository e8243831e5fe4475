/**
 * Two networks layer by layer: which layers are the same one, what went of each, what changed. Layers are paired by
 * sequence alignment (Needleman and Wunsch 1970): in order, so that the names, kinds and shapes of pairs agree most.
 */
import type { LayerUnits } from '../families/family';
import type { Cost } from './cost';
import type { DescribedLayer, DescribedNetwork } from './layers';

/** `merged`: a norm that went into the layer before it. */
export type LayerFate = 'same' | 'changed' | 'gone' | 'merged' | 'new';

/** What differs in a pair: whole numbers, or what weights are stored as. */
export type LayerChange =
  | { readonly what: 'makes'; readonly from: LayerUnits; readonly to: LayerUnits }
  | { readonly what: 'reads' | 'kernel' | 'positions'; readonly from: number; readonly to: number }
  | { readonly what: 'numbers'; readonly from: 'floats' | 'integers'; readonly to: 'floats' | 'integers' }
  | { readonly what: 'kind'; readonly from: string; readonly to: string }
  | { readonly what: 'shape'; readonly from: readonly number[]; readonly to: readonly number[] }
  /** Of its costs alone. */
  | { readonly what: 'cost' };

export interface LayerPair {
  readonly fate: LayerFate;
  /** null for a layer that is new. */
  readonly before: DescribedLayer | null;
  /** null for one that is gone. */
  readonly after: DescribedLayer | null;
  readonly changes: readonly LayerChange[];
  /**
   * How many units it makes fewer: all of those of a layer that is gone; negative where it makes more. None where they are
   * others, as fields and channels are.
   */
  readonly removed: number;
}

export interface NetworkDiff {
  readonly before: DescribedNetwork;
  readonly after: DescribedNetwork;
  readonly pairs: readonly LayerPair[];
  readonly totals: { readonly before: Cost; readonly after: Cost };
}

/** Both networks, layer beside layer. */
export function diffNetworks(before: DescribedNetwork, after: DescribedNetwork): NetworkDiff {
  const aligned = align(before.layers, after.layers);
  const pairs = aligned.map(([was, is], i): LayerPair => {
    if (!was) return { fate: 'new', before: null, after: is, changes: [], removed: -unitsOf(is) };
    if (!is) {
      const fate = isMerged(was, before.layers, aligned, i) ? 'merged' : 'gone';
      return { fate, before: was, after: null, changes: [], removed: unitsOf(was) };
    }
    const changes = changesOf(was, is);
    const fate = changes.length === 0 ? 'same' : 'changed';
    return {
      fate,
      before: was,
      after: is,
      changes,
      removed: isAlike(was, is) ? unitsOf(was) - unitsOf(is) : 0,
    };
  });
  return { before, after, pairs, totals: { before: sumOf(before), after: sumOf(after) } };
}

const unitsOf = (layer: DescribedLayer | null): number => layer?.makes?.count ?? 0;

const isAlike = ({ makes: was }: DescribedLayer, { makes: is }: DescribedLayer): boolean =>
  was?.unit === is?.unit && was?.each === is?.each;

/** Sums over the layers; `exported` is null where a layer has no such form. */
export function sumOf({ layers }: DescribedNetwork): Cost {
  const sum = (of: 'params' | 'macs' | 'bytes') => layers.reduce((all, layer) => all + layer[of], 0);
  const exported = layers.map((layer) => layer.exported);
  return {
    ...{ params: sum('params'), macs: sum('macs'), bytes: sum('bytes') },
    exported: exported.some((value) => value === null) ? null : exported.reduce((a, b) => a! + b!, 0),
  };
}

/** A norm whose layer stays, and is in integers now, for which norms are folded in. */
function isMerged(
  norm: DescribedLayer,
  layers: readonly DescribedLayer[],
  aligned: readonly Aligned[],
  at: number,
): boolean {
  if (norm.kind !== 'norm') return false;
  const normalised = layers[layers.indexOf(norm) - 1];
  const pair = aligned.slice(0, at).find(([was]) => was && was === normalised);
  return pair?.[1]?.numbers === 'integers' && normalised.numbers === 'floats';
}

function changesOf(was: DescribedLayer, is: DescribedLayer): LayerChange[] {
  const changes: LayerChange[] = [];
  const number = (what: 'reads' | 'kernel' | 'positions', from: number | null, to: number | null) => {
    if (from !== null && to !== null && from !== to) changes.push({ what, from, to });
  };
  if (was.kind !== is.kind) changes.push({ what: 'kind', from: was.kind, to: is.kind });
  if (was.makes && is.makes && (was.makes.count !== is.makes.count || !isAlike(was, is)))
    changes.push({ what: 'makes', from: was.makes, to: is.makes });
  number('reads', was.reads, is.reads);
  number('kernel', was.kernel, is.kernel);
  number('positions', was.positions, is.positions);
  if (was.numbers && is.numbers && was.numbers !== is.numbers)
    changes.push({ what: 'numbers', from: was.numbers, to: is.numbers });
  if (was.shape && is.shape && was.shape.join() !== is.shape.join())
    changes.push({ what: 'shape', from: was.shape, to: is.shape });
  const costs = ['params', 'macs', 'bytes', 'exported'] as const;
  if (changes.length === 0 && costs.some((of) => was[of] !== is[of])) changes.push({ what: 'cost' });
  return changes;
}

type Aligned =
  | readonly [before: DescribedLayer, after: DescribedLayer | null]
  | readonly [null, DescribedLayer];

/** The pairs of greatest likeness in sum, with every layer of both in its order. */
function align(before: readonly DescribedLayer[], after: readonly DescribedLayer[]): Aligned[] {
  /** best[i][j]: of the layers from i and from j on. */
  const best = Array.from({ length: before.length + 1 }, () => new Float64Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      best[i][j] = Math.max(
        best[i + 1][j],
        best[i][j + 1],
        likeness(before[i], after[j]) + best[i + 1][j + 1],
      );
  const aligned: Aligned[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i === before.length) aligned.push([null, after[j++]]);
    else if (j === after.length || best[i][j] === best[i + 1][j]) aligned.push([before[i++], null]);
    else if (best[i][j] === best[i][j + 1]) aligned.push([null, after[j++]]);
    else aligned.push([before[i++], after[j++]]);
  }
  return aligned;
}

/** How much two layers look like the same one; −∞ for what cannot become each other. Greatest for a layer and itself. */
function likeness(was: DescribedLayer, is: DescribedLayer): number {
  if (classOf(was) !== classOf(is)) return Number.NEGATIVE_INFINITY;
  const counts = [was, is].map((layer) => unitsOf(layer) * (layer.makes?.each ?? 1));
  return (
    1 +
    (was.name === is.name ? 4 : 0) +
    (was.kind === is.kind ? 1 : 0) +
    (was.kernel === is.kernel ? 1 : 0) +
    (counts[0] === counts[1] ? 1 : Math.min(...counts) / Math.max(...counts))
  );
}

/** Rounding, a group or attention make another kind of a layer, but it stays the same one. */
function classOf({ kind }: DescribedLayer): string {
  if (kind.includes('dense')) return 'dense';
  return ['convolution', 'lifting', 'group convolution'].includes(kind) ? 'convolution' : kind;
}

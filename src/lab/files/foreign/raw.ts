/**
 * A network as another program wrote it: layers with their weights in PyTorch's layouts, norms apart, before anything is known
 * of the pictures that it reads. What each reader of a format makes, and all that comes after starts from.
 */
import { BadInput } from '../../errors';
import { PICTURE } from '../../families/imported/spec';
import type { Param } from '../../nn/model';
import { plain } from '../../plain';
import type { GroupName } from '../../symmetry/group';

interface Named {
  readonly name: string;
  /** The layer that it reads, or `PICTURE`. */
  readonly from: string;
}

interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

export interface RawConvolution extends Named {
  readonly op: 'convolution';
  /** [out, in / groups, k, k] */
  readonly weight: Param;
  readonly bias: Float32Array | null;
  readonly stride: number;
  readonly padding: number;
  readonly groups: number;
}

export interface RawDense extends Named {
  readonly op: 'dense';
  /** [out, in]; behind maps in the order (channel, y, x). */
  readonly weight: Param;
  readonly bias: Float32Array | null;
}

/** A batch norm as it answers, for each channel: scale · (x − mean) / √(variance + epsilon) + shift. */
export interface RawNorm extends Named {
  readonly op: 'norm';
  readonly scale: Float32Array;
  readonly shift: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly epsilon: number;
}

/** `RawDense` on maps in every orientation, and the largest response of each output. */
export type RawTurned = Omit<RawDense, 'op'> & { readonly op: 'turned dense'; readonly group: GroupName };

export type RawLayer =
  | RawConvolution
  | RawDense
  | RawTurned
  | RawNorm
  | (Named & { readonly op: 'scale'; readonly scale: Float32Array; readonly shift: Float32Array })
  | (Named & { readonly op: 'relu' })
  | (Named & { readonly op: 'relu6' })
  | (Named & { readonly op: 'average' })
  | (Named & { readonly op: 'flatten' })
  | (Named & Window & { readonly op: 'maximum pool' })
  | (Named & Omit<Window, 'padding'> & { readonly op: 'average pool' })
  /** Averages over parts of the map, so that `size` × `size` of them are left, whatever the map's size. */
  | (Named & { readonly op: 'adaptive pool'; readonly size: number })
  | (Named & { readonly op: 'field maximum'; readonly order: number })
  | (Named & { readonly op: 'field mean'; readonly order: number })
  | (Named & { readonly op: 'sum'; readonly and: string });

export type RawOf<Op extends RawLayer['op']> = Extract<RawLayer, { op: Op }>;

export interface RawNetwork {
  /** What it is taken for: "ResNet", "a sequence of layers". */
  readonly kind: string;
  /** What the network is called where it is listed, like `resnet`. */
  readonly id: string;
  readonly layers: readonly RawLayer[];
}

/** Puts layers one after the other: each reads the last unless it says otherwise. */
export class Sequence {
  readonly layers: RawLayer[] = [];
  /** The layer that the next one reads. */
  at = PICTURE;

  /** Adds a layer that reads the last one; returns its name. */
  add(layer: DistributedOmit<RawLayer, 'from'>): string {
    this.layers.push({ ...layer, from: this.at } as RawLayer);
    this.at = layer.name;
    return layer.name;
  }
}

type DistributedOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** So many are named of what cannot be read; the others are counted. */
const MOST_NAMED = 12;

/** Of a file of which some layers cannot be read: each by its name, and why. */
export function unreadable(called: string, what: string, layers: readonly string[]): BadInput {
  const named = layers.slice(0, MOST_NAMED).map((each) => plain(each));
  const more = layers.length - named.length;
  return new BadInput(
    `${plain(called)} ${what}: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}. Nothing of it was taken.`,
  );
}

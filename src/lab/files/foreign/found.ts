/** A network from elsewhere layer by layer as its file holds it: what each was read as, what it leaves, how many numbers it has. */
import { shapesOf } from '../../families/imported/shapes';
import type { ImportedSpec } from '../../families/imported/spec';
import type { RawLayer } from './raw';

export interface LayerFound {
  /** As in the file, where it has one there. */
  readonly name: string;
  /** What it was read as: "convolution 3×3, stride 2". */
  readonly kind: string;
  /** Side of the maps that it leaves, null for rows of numbers; and how many of them. */
  readonly size: number | null;
  readonly width: number;
  /** Trained numbers. */
  readonly params: number;
}

/** spec: of the same network, norms folded in. */
export function foundIn(layers: readonly RawLayer[], spec: ImportedSpec): LayerFound[] {
  const known = shapesOf(spec);
  return layers.map((layer) => {
    // What is folded into the layer before it leaves what that one leaves.
    const { size, width } = known.get(layer.name) ?? known.get(layer.from)!;
    known.set(layer.name, { size, width, inFields: false });
    return { name: layer.name, kind: kindOf(layer), size, width, params: paramsOf(layer) };
  });
}

function kindOf(layer: RawLayer): string {
  switch (layer.op) {
    case 'convolution': {
      const { weight, stride, groups } = layer;
      return `${groups > 1 ? 'depthwise convolution' : 'convolution'} ${windowOf(weight.shape[3], stride, 1)}`;
    }
    case 'dense':
      return 'dense layer';
    case 'turned dense':
      return `dense layer in all orientations of ${layer.group}`;
    case 'norm':
      return 'batch norm';
    case 'scale':
      return 'factor and shift';
    case 'relu':
      return 'ReLU';
    case 'relu6':
      return 'ReLU6';
    case 'maximum pool':
    case 'average pool':
      return `${layer.op} ${windowOf(layer.kernel, layer.stride, layer.kernel)}`;
    case 'adaptive pool':
      return `average to ${layer.size}×${layer.size}`;
    case 'average':
      return 'average over all positions';
    case 'flatten':
      return 'flatten';
    case 'field maximum':
    case 'field mean':
      return `${layer.op === 'field mean' ? 'mean' : 'maximum'} over fields of ${layer.order}`;
    case 'sum':
      return `sum with ${layer.and}`;
  }
}

/** A stride is said where it is not the usual one. */
const windowOf = (kernel: number, stride: number, usual: number): string =>
  `${kernel}×${kernel}${stride === usual ? '' : `, stride ${stride}`}`;

function paramsOf(layer: RawLayer): number {
  switch (layer.op) {
    case 'convolution':
    case 'dense':
    case 'turned dense':
      return layer.weight.data.length + (layer.bias?.length ?? 0);
    case 'norm':
    case 'scale':
      return layer.scale.length + layer.shift.length;
    default:
      return 0;
  }
}

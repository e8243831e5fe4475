/** Layers of PyTorch's modules from the tensors of a checkpoint. */
import type { RawConvolution, RawDense, RawNorm } from './raw';
import type { Weights } from './weights';

type Unplaced<Layer> = Omit<Layer, 'from'>;

/** What may be said of a convolution beside its weights; its padding is (k−1)/2 unless it is said. */
export interface ConvolutionChoices {
  readonly stride?: number;
  readonly padding?: number;
}

/** `Conv2d`: <name>.weight [out, in / groups, k, k] and maybe <name>.bias. inputs: what it reads, which tells its groups. */
export function convolutionOf(
  weights: Weights,
  name: string,
  inputs: number,
  { stride = 1, padding }: ConvolutionChoices = {},
  names: { readonly weight: string; readonly bias: string } = {
    weight: `${name}.weight`,
    bias: `${name}.bias`,
  },
): Unplaced<RawConvolution> {
  const weight = weights.take(names.weight, 4);
  const [outputs, each, height, width] = weight.shape;
  if (height !== width)
    weights.misfits.push(`"${name}" has a kernel of ${height}×${width}, which is not square`);
  const groups = each > 0 ? inputs / each : 1;
  const isKnown = groups === 1 || (each === 1 && outputs === inputs);
  if (weight.data.length > 0 && !isKnown)
    weights.misfits.push(
      `"${name}" has filters of ${each} channels, and ${inputs} stand before it: neither all of them nor one for each`,
    );
  const bias = weights.has(names.bias) ? weights.takeRow(names.bias, outputs) : null;
  return {
    op: 'convolution',
    ...{ name, weight, bias, stride },
    padding: padding ?? Math.floor((height - 1) / 2),
    groups: isKnown ? groups : 1,
  };
}

/** `Linear`: <name>.weight [out, in] and maybe <name>.bias. */
export function denseOf(weights: Weights, name: string): Unplaced<RawDense> {
  const weight = weights.take(`${name}.weight`, 2);
  const bias = weights.has(`${name}.bias`) ? weights.takeRow(`${name}.bias`, weight.shape[0]) : null;
  return { op: 'dense', name, weight, bias };
}

/** PyTorch's default, which torchvision's networks of these kinds have. */
export const EPSILON = 1e-5;

/** `BatchNorm2d`: <name>.weight, .bias, .running_mean, .running_var, a value for each channel. */
export function normOf(
  weights: Weights,
  name: string,
  channels: number,
  epsilon = EPSILON,
): Unplaced<RawNorm> {
  const row = (part: string) => weights.takeRow(`${name}.${part}`, channels);
  const [mean, variance] = [row('running_mean'), row('running_var')];
  if (variance.some((each) => each < 0))
    weights.misfits.push(`"${name}.running_var" holds a variance below zero`);
  // Without learnt factors, as `affine=False` leaves it.
  const isPlain = !weights.has(`${name}.weight`) && !weights.has(`${name}.bias`);
  return {
    op: 'norm',
    name,
    scale: isPlain ? new Float32Array(channels).fill(1) : row('weight'),
    shift: isPlain ? new Float32Array(channels) : row('bias'),
    ...{ mean, variance, epsilon },
  };
}

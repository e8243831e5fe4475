/** What tfjs says of a convolution, channels last, as far as the lab's own kernels know it. */
import type { Ending } from '../../runtime/kernels/matmul';
import * as tf from '../../runtime/tf';

type Shape4 = [number, number, number, number];

/** The attributes of tfjs's kernels, plain or fused. */
interface ConvolutionAttrs {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  /** Depthwise, it is always channels last. */
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly activation?: string;
}

export interface KnownConvolution {
  readonly stride: number;
  /** Where the activation cuts off. */
  readonly ending: Required<Pick<Ending, 'low' | 'high'>>;
}

/** Where an activation cuts off. */
const CUTS: Readonly<Record<string, KnownConvolution['ending']>> = {
  linear: { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
  relu: { low: 0, high: Number.POSITIVE_INFINITY },
  relu6: { low: 0, high: 6 },
};

/**
 * Stride and activation of a convolution that the kernels know, or undefined: k odd, padding (k−1)/2 on all sides, and a
 * bias, if any, for each channel.
 */
export function knownConvolution(
  { x, filter, bias, preluActivationWeights }: Readonly<Record<string, tf.TensorInfo>>,
  attrs: object,
  depthwise = false,
): KnownConvolution | undefined {
  const { strides, pad, dataFormat, dilations, dimRoundingMode, activation } = attrs as ConvolutionAttrs;
  const [shape, [kernel, kernelAcross]] = [x.shape as Shape4, filter.shape];
  const ending = CUTS[activation ?? 'linear'];
  const info = tf.backend_util.computeConv2DInfo(
    shape,
    filter.shape as Shape4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
    tf.backend_util.convertConv2DDataFormat(dataFormat ?? 'NHWC'),
  );
  const stride = info.strideHeight;
  const isSquare = kernel === kernelAcross && kernel % 2 === 1 && info.strideWidth === stride;
  const isPlain = info.dilationHeight === 1 && info.dilationWidth === 1 && info.dataFormat === 'channelsLast';
  const isCentred =
    [info.padInfo.top, info.padInfo.left].every((each) => each === (kernel - 1) / 2) &&
    info.outHeight === Math.ceil(info.inHeight / stride) &&
    info.outWidth === Math.ceil(info.inWidth / stride);
  const isBiased = !bias || bias.shape.reduce((product, each) => product * each, 1) === info.outChannels;
  const isKnown = isSquare && isPlain && isCentred && isBiased && !preluActivationWeights;
  return isKnown && ending ? { stride, ending } : undefined;
}

/** Convolutions, and norms that stand behind them. */
import type { NodeProto } from '../../onnx/schema/onnx_pb';
import { constantAt, leave, Misfit, mapsAt, nameFor, type Reading, valueAt } from './reading';
import type { Attributes } from './values';
import { windowOf } from './windows';

/** `Conv`: with square kernels, of all channels or depthwise. */
export function readConvolution(reading: Reading, node: NodeProto, attributes: Attributes): void {
  const value = mapsAt(reading, node.input[0]);
  const { shape, data } = constantAt(reading, node.input[1], 'filters');
  const bias = node.input[2] ? constantAt(reading, node.input[2], 'biases').data : null;
  if (shape.length !== 4) throw new Misfit(`has filters of the shape [${shape}]`);
  const [outputs, each, height, width] = shape;
  if (height !== width) throw new Misfit(`has a kernel of ${height}×${width}, which is not square`);
  const groups = attributes.whole('group', 1);
  const [channels, size] = value.made;
  if (each * groups !== channels)
    throw new Misfit(`reads ${each * groups} channels, and ${channels} stand before it`);
  if (groups > 1 && (each !== 1 || outputs !== channels))
    throw new Misfit(
      `has ${groups} groups of ${each} channels: only depthwise ones are known, a filter for each channel`,
    );
  const { stride, padding } = windowOf(attributes, height, size);
  if ((attributes.list('dilations') ?? []).some((dilation) => dilation !== 1)) throw new Misfit('is dilated');
  const side = Math.floor((size + 2 * padding - height) / stride) + 1;
  const name = nameFor(reading, node);
  const weight = { shape, data: Float32Array.from(data) };
  const layer = { op: 'convolution' as const, name, from: value.layer, weight, stride, padding, groups };
  leave(reading, node, { ...layer, bias: bias && Float32Array.from(bias) }, [outputs, side, side]);
}

/** `BatchNormalization`, as it answers. */
export function readNorm(reading: Reading, node: NodeProto, attributes: Attributes): void {
  const value = valueAt(reading, node.input[0], true);
  if (attributes.whole('training_mode', 0) !== 0)
    throw new Misfit('learns while it answers: export the network for inference');
  const row = (at: number) => Float32Array.from(constantAt(reading, node.input[at], 'numbers').data);
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map(row);
  if ([scale, shift, mean, variance].some(({ length }) => length !== value.made[0]))
    throw new Misfit(`has ${scale.length} values, and ${value.made[0]} channels stand before it`);
  const epsilon = attributes.float('epsilon', 1e-5);
  const name = nameFor(reading, node);
  leave(
    reading,
    node,
    { op: 'norm', name, from: value.layer, scale, shift, mean, variance, epsilon },
    value.made,
  );
}

/** Operators that go over a map window by window: convolutions and pools. */
import { BadInput } from '../../errors';
import type { Operator } from '../../families/operators';
import { windowOf } from '../c/shapes';
import { activationField } from './elementwise';
import { Padding } from './schema/tables';
import { table } from './schema/write';
import type { Values } from './values';

export function convolution(values: Values, each: Operator): void {
  const { made, shapeOf } = values;
  const { inputs, output, attributes } = each;
  const [x, weight, bias] = inputs;
  const { kernel, stride, pad } = windowOf(attributes);
  const groups = attributes.group as number;
  const [outputs] = shapeOf(weight);
  const channels = shapeOf(x)[1];
  if (groups > 1 && groups !== channels)
    throw new BadInput(`A convolution in ${groups} groups of several channels has no form in TFLite.`);
  const isDepthwise = groups > 1;
  const filters = isDepthwise
    ? values.weightsAt(weight, [2, 3, 0], 0, [1, kernel, kernel, outputs])
    : values.weightsAt(weight, [0, 2, 3, 1], 0);
  const isRounded = made.tensors[filters].type === 'INT8';
  const { value, padding } = padded(values, x, { kernel, stride, pad }, 0);
  const sides = { padding, strideW: stride, strideH: stride, ...activationField(each) };
  const options = isDepthwise
    ? table('DepthwiseConv2DOptions', { ...sides, depthMultiplier: outputs / channels })
    : table('Conv2DOptions', sides);
  const version = isRounded ? (isDepthwise ? 6 : 5) : 1;
  const op = isDepthwise ? 'DEPTHWISE_CONV_2D' : 'CONV_2D';
  const given = [value, filters, values.at(bias)];
  values.putMap(
    output,
    made.operator(op, given, values.mapShapeOf(output), { name: output, version, options }),
  );
}

/** Below all other floats: what lies around a map that a maximum is taken of. */
const LOWEST = -3.4028234663852886e38;

export function pool(values: Values, { op, inputs: [x], output, attributes }: Operator): void {
  const window = windowOf(attributes);
  const { kernel, stride } = window;
  const { value, padding } = padded(values, x, window, op === 'MaxPool' ? LOWEST : 0);
  const options = table('Pool2DOptions', {
    ...{ padding, strideW: stride, strideH: stride, filterWidth: kernel, filterHeight: kernel },
  });
  const written = op === 'MaxPool' ? 'MAX_POOL_2D' : 'AVERAGE_POOL_2D';
  values.putMap(
    output,
    values.made.operator(written, [value], values.mapShapeOf(output), { name: output, options }),
  );
}

/** `SAME` puts what is odd behind, where the graph has as much on both sides: then the map is made larger before. */
function padded(
  values: Values,
  x: string,
  { kernel, stride, pad }: { readonly kernel: number; readonly stride: number; readonly pad: number },
  by: number,
): { readonly value: number; readonly padding: number } {
  const { made } = values;
  const value = values.mapAt(x);
  if (pad === 0) return { value, padding: Padding.VALID };
  if (stride === 1 && 2 * pad === kernel - 1) return { value, padding: Padding.SAME };
  const [n, height, width, channels] = values.mapShapeOf(x);
  const shape = [n, height + 2 * pad, width + 2 * pad, channels];
  const amounts = made.whole([0, 0, pad, pad, pad, pad, 0, 0], [4, 2]);
  const larger =
    by === 0
      ? made.operator('PAD', [value, amounts], shape, { options: table('PadOptions', {}) })
      : made.operator('PADV2', [value, amounts, made.float(by)], shape, {
          options: table('PadV2Options', {}),
        });
  return { value: larger, padding: Padding.VALID };
}

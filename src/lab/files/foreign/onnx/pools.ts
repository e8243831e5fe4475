/** Pools, averages over the whole map, and what goes over the channels of a field. */
import type { NodeProto } from '../../onnx/schema/onnx_pb';
import { constantAt, leave, Misfit, mapsAt, nameFor, type Reading, valueAt } from './reading';
import { leaveLargest } from './turnedDense';
import type { Attributes } from './values';
import { windowOf } from './windows';

/** `MaxPool`, `AveragePool`: with square windows. */
export function readPool(reading: Reading, node: NodeProto, attributes: Attributes): void {
  const value = mapsAt(reading, node.input[0]);
  const [channels, size] = value.made;
  const sides = attributes.list('kernel_shape') ?? [];
  const [kernel] = sides;
  if (sides.length !== 2 || kernel !== sides[1])
    throw new Misfit(`has windows of ${sides.join('×')}, which are not square`);
  const { stride, padding } = windowOf(attributes, kernel, size);
  if ((attributes.list('dilations') ?? []).some((dilation) => dilation !== 1)) throw new Misfit('is dilated');
  const reach = size + 2 * padding - kernel;
  if (attributes.whole('ceil_mode', 0) !== 0 && reach % stride !== 0)
    throw new Misfit('has windows that are cut off at the edge (ceil_mode)');
  const side = Math.floor(reach / stride) + 1;
  const named = { name: nameFor(reading, node), from: value.layer };
  if (node.opType === 'MaxPool') {
    leave(reading, node, { op: 'maximum pool', ...named, kernel, stride, padding }, [channels, side, side]);
    return;
  }
  if (padding !== 0) throw new Misfit('averages over a padding');
  leave(reading, node, { op: 'average pool', ...named, kernel, stride }, [channels, side, side]);
}

/** `GlobalAveragePool`. */
export function readGlobalAverage(reading: Reading, node: NodeProto): void {
  average(reading, node, true);
}

/** `ReduceMean`, `ReduceMax`: over all positions, a field's channels, or all orientations of a dense layer. */
export function readReduction(reading: Reading, node: NodeProto, attributes: Attributes): void {
  const value = valueAt(reading, node.input[0], true);
  const { dims, made, layer } = value;
  const given =
    attributes.list('axes') ??
    (node.input[1] ? Array.from(constantAt(reading, node.input[1], 'axes').data) : []);
  const axes = given.map((axis) => (axis < 0 ? axis + dims.length + 1 : axis)).sort((a, b) => a - b);
  const isKept = attributes.whole('keepdims', 1) !== 0;
  const isMean = node.opType === 'ReduceMean';
  if (value.turned?.step === 'responses' && !isMean && axes.join() === '1' && !isKept) {
    leaveLargest(reading, node, value);
    return;
  }
  if (value.turned) throw new Misfit('goes over turned maps in a way that is not known');
  const isAllPositions =
    made.length === 3 &&
    dims[0] === made[0] &&
    axes.join() ===
      dims
        .map((_, i) => i + 1)
        .slice(1)
        .join();
  if (isMean && isAllPositions) {
    average(reading, node, isKept);
    return;
  }
  // A field's channels stand apart, on an axis of their own.
  if (axes.join() === '2' && dims.length >= 2 && dims[0] * dims[1] === made[0] && dims[1] > 1) {
    const [fields, order, ...rest] = dims;
    const name = nameFor(reading, node);
    reading.layers.push({ op: isMean ? 'field mean' : 'field maximum', name, from: layer, order });
    const after = [fields, ...(isKept ? [1] : []), ...rest];
    reading.values.set(node.output[0], { layer: name, dims: after, made: [fields, ...made.slice(1)] });
    return;
  }
  throw new Misfit(
    `goes over the axes ${axes.join(', ')} of a value of the shape [${dims}], which is neither all positions nor a field’s channels`,
  );
}

/** isKept: the axes stay, of one position each. */
function average(reading: Reading, node: NodeProto, isKept: boolean): void {
  const value = valueAt(reading, node.input[0]);
  const [channels] = value.made;
  if (value.made.length !== 3 || value.dims[0] !== channels)
    throw new Misfit(`averages a value of the shape [${value.dims}]`);
  const name = nameFor(reading, node);
  reading.layers.push({ op: 'average', name, from: value.layer });
  reading.values.set(node.output[0], {
    layer: name,
    dims: isKept ? [channels, 1, 1] : [channels],
    made: [channels],
  });
}

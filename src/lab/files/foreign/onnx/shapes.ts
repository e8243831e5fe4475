/** Shapes that are computed from a value's, as exporters do to flatten a batch. */
import type { NodeProto } from '../../onnx/schema/onnx_pb';
import { type Dimensions, Misfit, type Reading, valueAt } from './reading';
import type { Attributes } from './values';

/** Follows what is computed of shapes; whether the node is a part of that. */
export function computesShape(reading: Reading, node: NodeProto, attributes: Attributes): boolean {
  const { opType, input, output } = node;
  const known = (name: string): Dimensions | undefined => {
    const constant = reading.constants.get(name);
    return reading.shapes.get(name) ?? (constant?.isWhole ? Array.from(constant.data) : undefined);
  };
  if (opType === 'Shape') {
    reading.shapes.set(output[0], ['batch', ...valueAt(reading, input[0]).dims]);
    return true;
  }
  if (!input.some((name) => reading.shapes.has(name)) || opType === 'Reshape') return false;
  const first = known(input[0]);
  if (!first) throw new Misfit('computes with a shape in a way that is not known');
  switch (opType) {
    case 'Gather': {
      const indices = known(input[1]);
      if (!indices) throw new Misfit('takes from a shape what is computed');
      reading.shapes.set(
        output[0],
        indices.map((i) => first.at(Number(i))!),
      );
      return true;
    }
    case 'Concat': {
      const parts = input.map(known);
      if (parts.includes(undefined)) throw new Misfit('joins shapes that are not known');
      reading.shapes.set(output[0], (parts as Dimensions[]).flat());
      return true;
    }
    case 'Slice': {
      const [starts, ends] = [
        known(input[1]) ?? attributes.list('starts'),
        known(input[2]) ?? attributes.list('ends'),
      ];
      if (!starts || !ends) throw new Misfit('takes from a shape what is computed');
      reading.shapes.set(output[0], first.slice(Number(starts[0]), Number(ends[0])));
      return true;
    }
    case 'Unsqueeze':
    case 'Squeeze':
    case 'Cast':
    case 'Identity':
      reading.shapes.set(output[0], first);
      return true;
    default:
      throw new Misfit('computes with a shape in a way that is not known');
  }
}

/** The layers that a graph's answer is made by. */
import { BadInput } from '../../../errors';
import { plain } from '../../../plain';
import type { GraphProto } from '../../onnx/schema/onnx_pb';
import type { RawLayer } from '../raw';
import type { Reading } from './reading';

/** When all nodes were read. Throws `BadInput` where the answer is no row of numbers that a layer left. */
export function layersOfAnswer(reading: Reading, graph: GraphProto, called: string): readonly RawLayer[] {
  const outputs = graph.output.map(({ name }) => name);
  const found = outputs.length === 1 ? reading.values.get(outputs[0]) : undefined;
  const last = reading.layers.at(-1);
  if (!found || !last || found.turned || found.dims.length !== 1)
    throw new BadInput(
      `${plain(called)} answers ${outputs.length === 1 ? 'with something other than a row of numbers' : `with ${outputs.length} outputs`}: only networks that tell classes apart come in.`,
    );
  if (found.layer === last.name) return reading.layers;
  // What leads to no answer is left out.
  const byName = new Map(reading.layers.map((layer) => [layer.name, layer]));
  const needed = new Set<string>();
  const visit = (name: string): void => {
    const layer = byName.get(name);
    if (!layer || needed.has(name)) return;
    needed.add(name);
    visit(layer.from);
    if (layer.op === 'sum') visit(layer.and);
  };
  visit(found.layer);
  return reading.layers.filter(({ name }) => needed.has(name));
}

/** Between what bounds a network's values lie on some pictures, as ONNX Runtime finds them. */
import type { OperatorGraph } from '../../families/operators';
import { INFERENCE_BATCH } from '../../nn/batch';
import type { Model } from '../../nn/model';
import { breathe } from '../../runtime/breathe';
import type { Stage } from '../../stage/events';
import { QUARTER_TURNS } from '../../symmetry/group';
import { inputOf, type Pictures } from './compare';
import { type Ranges, roundedValues } from './integers';
import { onnxOfGraph } from './onnx';
import { type LoadRuntime, openOnnx } from './runtime';

/** The smallest and the largest of every value that is to be rounded, on the chosen pictures as they are. */
export async function* rangesOn(
  model: Model,
  graph: OperatorGraph,
  pictures: Pictures,
  chosen: Uint32Array,
  load: LoadRuntime,
): Stage<Ranges> {
  const watched = withBounds(graph, roundedValues(graph));
  const choices = { batch: null, preprocessing: 'beside' } as const;
  const file = onnxOfGraph(model, watched.graph, choices, [2 * watched.names.length]);
  const session = await openOnnx(load, file);
  const ranges = new Map<string, [number, number]>();
  try {
    for (let done = 0; done < chosen.length; done += INFERENCE_BATCH) {
      const piece = chosen.subarray(done, done + INFERENCE_BATCH);
      const found = await session.run(
        inputOf(model, pictures, piece, QUARTER_TURNS[0], 'beside'),
        piece.length,
      );
      for (const [i, name] of watched.names.entries()) {
        const [low, high] = ranges.get(name) ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
        ranges.set(name, [Math.min(low, found[2 * i]), Math.max(high, found[2 * i + 1])]);
      }
      yield { type: 'progress', what: 'ranges', done: done + piece.length, total: chosen.length };
      await breathe();
    }
    return ranges;
  } finally {
    await session.release();
  }
}

/** The graph with one answer more: the smallest and the largest of each of these values, in this order. */
function withBounds(graph: OperatorGraph, names: readonly string[]) {
  const bounds = names.flatMap((name) =>
    (['ReduceMin', 'ReduceMax'] as const).map((op) => ({
      ...{ op, inputs: [name], output: `${name}.${op}`, attributes: { keepdims: 0 } },
    })),
  );
  const one = { shape: [1], data: BigInt64Array.of(1n) };
  const rows = bounds.map(({ output }) => ({
    ...{ op: 'Reshape', inputs: [output, 'one'], output: `${output}.row`, attributes: {} },
  }));
  const output = 'bounds';
  const last = { op: 'Concat', inputs: rows.map((row) => row.output), output, attributes: { axis: 0 } };
  const operators = [...graph.operators, ...bounds, ...rows, last];
  return { graph: { ...graph, operators, constants: { ...graph.constants, one }, output }, names };
}

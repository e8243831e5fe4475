/** What cannot be seen by running one network: names, and which number of a value belongs to which of a result. */
import { expect, test } from 'vitest';
import { type GraphBuilder, graphBuilder, INPUT } from '../../families/operators';
import { planMemory } from './memory';
import { valuesOf } from './shapes';
import { indexOf, statementsOf } from './statements';

function written(build: (graph: GraphBuilder) => string) {
  const builder = graphBuilder();
  const graph = builder.build(build(builder));
  const values = valuesOf(graph, [1, 1, 2, 2]);
  return statementsOf(graph, values, planMemory(graph, values));
}

const numbers = (weight: number) => ({
  weight: { shape: [1, 1, 1, 1], data: Float32Array.of(weight) },
  bias: { shape: [1], data: Float32Array.of(0) },
});

test('layers whose names C cannot tell apart keep their own numbers', () => {
  const { arrays } = written((graph) =>
    ['a.b', 'a_b', 'a-b'].reduce(
      (value, layer, i) => graph.convolution(layer, value, numbers(i + 1), { padding: 0 }),
      INPUT,
    ),
  );
  const names = arrays.map((text) => /float (\w+)\[/.exec(text)![1]);
  expect(new Set(names).size).toBe(6);
  for (const weight of [1, 2, 3]) expect(arrays.join()).toContain(`{\n${weight}.0f,}`);
});

test('an operator that C does not have is refused by name', () => {
  expect(() => written((graph) => graph.add('Sin', [INPUT]))).toThrow(/the operator Sin has no form in C/);
});

test.each([
  [[], [2, 3], '0'],
  [[3], [2, 3], 'i % 3'],
  [[2, 1], [2, 3], 'i / 3'],
  [[2, 3], [2, 3], 'i'],
  [[1, 4, 1, 1], [2, 4, 3, 3], 'i / 9 % 4'],
  [[2, 1, 3], [2, 4, 3], 'i / 12 * 3 + i % 3'],
])('%j in %j: %s', (shape, result, index) => {
  expect(indexOf(shape, result)).toBe(index);
});

/** Single operators as TFLite files, run by LiteRT, against their definition: windows of every size, stride and border. */
import fc from 'fast-check';
import { expect, test as run } from 'vitest';
import { graphBuilder, INPUT } from '../../families/operators';
import { uniform } from '../../random';
import { describeOnBackends } from '../../testing/backends';
import { testPlatform } from '../../testing/platform';
import { cases } from '../../testing/properties';
import { encodeTflite } from './encode';
import { lowered } from './lower';
import { openTflite } from './runtime';

const load = () => testPlatform().loadLiteRt();

const noise = (length: number, seed: number): Float32Array => {
  const next = uniform(seed, 'window');
  return Float32Array.from({ length }, () => 2 * next() - 1);
};

interface Case {
  readonly op: 'convolution' | 'depthwise' | 'MaxPool' | 'AveragePool';
  readonly size: number;
  readonly channels: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
  readonly seed: number;
}

/** [size, size, channels] → [out, out, outputs], in float64. */
function expected(x: Float32Array, weights: Float32Array, bias: Float32Array, given: Case): number[] {
  const { op, size, channels, kernel, stride, pad } = given;
  const isPool = op === 'MaxPool' || op === 'AveragePool';
  const outputs = isPool ? channels : given.outputs;
  const out = Math.floor((size + 2 * pad - kernel) / stride) + 1;
  const found: number[] = [];
  for (let y = 0; y < out; y++)
    for (let z = 0; z < out; z++)
      for (let o = 0; o < outputs; o++) {
        const read = isPool ? [o] : op === 'depthwise' ? [Math.floor(o / (outputs / channels))] : null;
        const all = read ?? Array.from({ length: channels }, (_, c) => c);
        let total = isPool ? 0 : bias[o];
        let most = Number.NEGATIVE_INFINITY;
        for (const [i, c] of all.entries())
          for (let a = 0; a < kernel; a++)
            for (let b = 0; b < kernel; b++) {
              const [row, column] = [y * stride + a - pad, z * stride + b - pad];
              if (row < 0 || column < 0 || row >= size || column >= size) continue;
              const value = x[(row * size + column) * channels + c];
              most = Math.max(most, value);
              const weight = isPool
                ? 1 / kernel ** 2
                : weights[((o * all.length + i) * kernel + a) * kernel + b];
              total += value * weight;
            }
        found.push(op === 'MaxPool' ? most : total);
      }
  return found;
}

describeOnBackends('windows in a TFLite file', (backend) => {
  const test = run.skipIf(backend === 'cpu');

  test('give what their definition says', async () => {
    const given = fc.record<Case>({
      op: fc.constantFrom('convolution', 'depthwise', 'MaxPool', 'AveragePool'),
      size: fc.integer({ min: 5, max: 9 }),
      channels: fc.integer({ min: 2, max: 4 }),
      outputs: fc.integer({ min: 1, max: 5 }),
      kernel: fc.integer({ min: 1, max: 5 }),
      stride: fc.integer({ min: 1, max: 3 }),
      pad: fc.integer({ min: 0, max: 2 }),
      seed: fc.nat(1000),
    });
    await fc.assert(
      fc.asyncProperty(given, async (drawn) => {
        // A window lies on the map with a part of it; averages are of whole windows.
        const pad = drawn.op === 'AveragePool' ? 0 : Math.min(drawn.pad, Math.floor(drawn.kernel / 2));
        const outputs =
          drawn.op === 'depthwise' ? drawn.channels * Math.min(drawn.outputs, 2) : drawn.outputs;
        const one = { ...drawn, pad, outputs };
        const { op, size, channels, kernel, stride, seed } = one;
        const inputs = op === 'depthwise' ? 1 : channels;
        const weights = noise(outputs * inputs * kernel ** 2, seed);
        const bias = noise(outputs, seed + 1);
        const x = noise(size ** 2 * channels, seed + 2);
        const graph = graphBuilder();
        const value =
          op === 'convolution' || op === 'depthwise'
            ? graph.convolution(
                'layer',
                INPUT,
                {
                  weight: { shape: [outputs, inputs, kernel, kernel], data: weights },
                  bias: { shape: [outputs], data: bias },
                },
                { stride, padding: pad, groups: op === 'depthwise' ? channels : 1 },
              )
            : graph.add(op, [INPUT], {
                kernel_shape: [kernel, kernel],
                strides: [stride, stride],
                ...(pad > 0 && { pads: [pad, pad, pad, pad] }),
              });
        const built = graph.build(graph.add('Transpose', [value], { perm: [0, 2, 3, 1] }));
        const made = lowered(built, { input: [1, channels, size, size], isRounded: false });
        const bytes = encodeTflite(made, 'window', 'A window.', {});
        const input = { name: INPUT, type: 'float32', shape: [1, size, size, channels] } as const;
        const session = await openTflite(load, { bytes, input, output: { ...input, name: 'logits' } });
        const found = await session.run(x, 1);
        await session.release();
        const wanted = expected(x, weights, bias, one);
        const off = wanted.map((each, i) => Math.abs(each - found[i]));
        expect([found.length, Math.max(...off) < 1e-5]).toEqual([wanted.length, true]);
      }),
      { numRuns: cases(200) },
    );
  });

  test('an operator without a counterpart is named', () => {
    const graph = graphBuilder();
    const built = graph.build(graph.add('Erf', [INPUT]));
    expect(() => lowered(built, { input: [1, 2, 4, 4], isRounded: false })).toThrow(
      /with the operator Erf has no form in TFLite/,
    );
    const other = graph.build(graph.add('Tan', [INPUT]));
    expect(() => lowered(other, { input: [1, 2, 4, 4], isRounded: false })).toThrow(
      /with the operator Tan has no form in TFLite/,
    );
  });
});

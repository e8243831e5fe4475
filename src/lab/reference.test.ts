/** The lab against PyTorch + e2cnn, on every backend of this platform (Node: plain JavaScript and WASM). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { logitsFromFeatures } from './evaluate/features';
import type { ArchSpec } from './families/gcnn/arch';
import { blockLayouts, featureMap } from './families/gcnn/layout';
import type { GcnnModel } from './families/gcnn/model';
import { openNetwork } from './families/gcnn/network';
import { namedArch } from './families/gcnn/zoo';
import { expandFilters } from './nn/ops/expand';
import { criterion } from './prune/criteria';
import { prune, pruningOrder } from './prune/neurons/prune';
import { neuronFilters } from './prune/units/filters';
import { unitStatistics } from './prune/units/statistics';
import { keptUnits } from './prune/units/units';
import { quantiseModel } from './quantize/quantise';
import * as tf from './runtime/tf';
import { GROUPS, QUARTER_TURNS } from './symmetry/group';
import { steerableBasis } from './symmetry/steerable';
import { turnPictures } from './symmetry/turn';
import { describeOnBackends, forbidLeaks } from './testing/backends';
import { THOROUGH } from './testing/properties';
import {
  bankFromReference,
  channelsLast,
  EQUIVARIANT_NAMES,
  PLAIN_NAMES,
  referenceArray,
  referenceModel,
  transposed,
} from './testing/reference';
import { describeWithShared, readReference, sharedPath } from './testing/shared';
import { relativeToRange } from './testing/tiny';
import { adamState, adamStep } from './train/adam';
import { distillationLoss } from './train/loss';
import { startPlateau, stepPlateau } from './train/plateau';

const fiveByFive: ArchSpec = {
  ...namedArch('c4', { head: 'pooled', hidden: 32 }),
  blocks: [
    { fields: 8, kernel: 5, pool: true },
    { fields: 16, kernel: 5, pool: true },
  ],
};

const NETWORKS = [
  { file: 'c4_3x3_flat', arch: namedArch('c4', { head: 'flat' }), names: EQUIVARIANT_NAMES },
  { file: 'd4_3x3_flat', arch: namedArch('paper'), names: EQUIVARIANT_NAMES },
  { file: 'c4_5x5_pooled', arch: fiveByFive, names: EQUIVARIANT_NAMES },
  { file: 'base_pooled', arch: namedArch('base'), names: PLAIN_NAMES },
] as const;

const TOLERANCE = 1e-4;

function pictures(data: Float32Array, size = 64): Float32Array {
  return channelsLast(data, 3, size);
}

/** Features, hidden activations and logits of normalised pictures (NHWC). */
async function through(model: GcnnModel, data: Float32Array) {
  const network = openNetwork(model);
  const count = data.length / (64 * 64 * 3);
  const [features, hidden, logits] = tf.tidy(() => {
    const f = network.features(tf.tensor4d(data, [count, 64, 64, 3]));
    const h = network.hidden(f);
    return [f, h, network.logits(h)];
  });
  const values = await Promise.all(
    [features, hidden, logits].map(async (t) => Float32Array.from(await t.data())),
  );
  tf.dispose([features, hidden, logits]);
  network.dispose();
  return { features: values[0], hidden: values[1], logits: values[2] };
}

describeWithShared('PyTorch + e2cnn reference', 'reference', () => {
  describeOnBackends('networks', (backend) => {
    forbidLeaks();
    // Plain JavaScript takes seconds for each: one of them, unless there is time.
    const isSlow = backend === 'cpu' && !THOROUGH;

    for (const { file: name, arch, names } of isSlow ? NETWORKS.slice(0, 1) : NETWORKS) {
      const file = readReference(`${name}.safetensors`);
      const model = referenceModel(file, arch, names);
      const input = pictures(referenceArray(file, 'input'));

      test(`${name}: expanded filters`, async () => {
        for (const { index, filter } of blockLayouts(arch)) {
          const { order } = GROUPS[arch.group];
          const { shape, data } = model.params[`conv${index}.weight`];
          const bank = tf.tidy(() => expandFilters(tf.tensor(data, [...shape]), filter, arch.filters));
          const expected = bankFromReference(
            referenceArray(file, names.filter(index)),
            filter.fieldsOut * order,
            filter.fieldsIn * filter.sizeIn,
            filter.kernel,
          );
          expect(relativeToRange(await bank.data(), expected)).toBeLessThan(TOLERANCE);
          bank.dispose();
        }
      });

      test(`${name}: features, hidden activations and logits`, async () => {
        const { features, hidden, logits } = await through(model, input);
        expect(relativeToRange(logits, referenceArray(file, 'logits'))).toBeLessThan(TOLERANCE);
        if (!file.tensors.features) return;
        const maps = referenceArray(file, 'features');
        const expected = arch.head.kind === 'pooled' ? maps : channelsLast(maps, 16, 16);
        expect(relativeToRange(features, expected)).toBeLessThan(TOLERANCE);
        expect(relativeToRange(hidden, referenceArray(file, 'hidden'))).toBeLessThan(TOLERANCE);
      });

      test(`${name}: logits of the turned tiles`, async () => {
        for (const [i, degrees] of [90, 180, 270].entries()) {
          const expected = file.tensors[`logits_rot${degrees}`];
          if (!expected) continue;
          const { logits } = await through(model, turnPictures(input, 64, 3, QUARTER_TURNS[i + 1]));
          expect(relativeToRange(logits, expected.data)).toBeLessThan(TOLERANCE);
        }
        if (!file.tensors.logits_mirror) return;
        const { logits } = await through(model, turnPictures(input, 64, 3, GROUPS.D4.elements[4]));
        expect(relativeToRange(logits, file.tensors.logits_mirror.data)).toBeLessThan(TOLERANCE);
      });

      if (file.tensors['int8.fc1.scale']) {
        const quantised = quantiseModel(model, { layers: 'dense', range: 'batch' });

        test(`${name}: PyTorch's int8 weights and scales, all of them`, () => {
          for (const layer of [1, 2]) {
            const expected = file.tensors[`int8.fc${layer}.weight_int8`];
            expect(expected.data).toBeInstanceOf(Int8Array);
            const { data } = quantised.int8![`dense${layer}.weight`];
            const found = denseRows(data, layer === 1 ? arch : undefined, expected.shape);
            expect(Buffer.from(found).equals(Buffer.from(expected.data as Int8Array))).toBe(true);
            expect(quantised.params[`dense${layer}.weight_scale`].data).toEqual(
              file.tensors[`int8.fc${layer}.scale`].data,
            );
          }
        });

        test(`${name}: PyTorch's int8 logits`, async () => {
          const expected = referenceArray(file, 'int8.dynamic_logits');
          const { logits } = await through(quantised, input);
          expect(relativeToRange(logits, expected)).toBeLessThan(0.02);
          const maps = referenceArray(file, 'features');
          const exact = arch.head.kind === 'pooled' ? maps : channelsLast(maps, 16, 16);
          const close = await logitsFromFeatures(quantised, exact);
          expect(relativeToRange(close, expected)).toBeLessThan(1e-6);
        });
      }

      if (!file.tensors['l2.kept_50']) continue;

      test(`${name}: L2 and variance keep the same neurons; pruned and compensated logits`, async () => {
        const units = arch.head.hidden;
        const statistics = {
          mean: Float64Array.from(referenceArray(file, 'vbp.mean')),
          variance: Float64Array.from(referenceArray(file, 'vbp.variance')),
          tiles: 64,
          // None of these is asked for here.
          taylor: new Float64Array(units),
          overlaps: new Float64Array(units ** 2),
          gram: new Float64Array(units ** 2),
        };
        const saliency = criterion('l2').saliency({ filters: neuronFilters(model), statistics, seed: 1 });
        expect(relativeToRange(saliency, referenceArray(file, 'l2.saliency'))).toBeLessThan(1e-5);
        const { features } = await through(model, input);
        for (const [method, reference] of [
          ['l2', 'l2'],
          ['variance', 'vbp'],
        ] as const) {
          for (const percent of [50, 90]) {
            const expected = file.tensors[`${reference}.kept_${percent}`];
            if (!expected) continue;
            const kept = keptUnits(pruningOrder(model, method, statistics, 1), expected.data.length);
            expect(Array.from(kept)).toEqual(Array.from(expected.data));
            const ratio = 1 - expected.data.length / units;
            for (const [compensation, key] of [
              ['none', method === 'l2' ? `l2.logits_${percent}` : `vbp.logits_${percent}_no_compensation`],
              ['mean', `vbp.logits_${percent}_mean`],
            ] as const) {
              if (method === 'l2' && compensation === 'mean') continue;
              const pruned = prune(model, { method, compensation, ratio, seed: 1 }, statistics);
              expect(Array.from(pruned.kept)).toEqual(Array.from(expected.data));
              const logits = await logitsFromFeatures(pruned.model, features);
              expect(relativeToRange(logits, referenceArray(file, key))).toBeLessThan(TOLERANCE);
            }
          }
        }
      });
    }

    const statistics = 'statistics over the 64 calibration tiles: mean and population variance after ReLU';
    if (!isSlow)
      test(statistics, async () => {
        const file = readReference('c4_5x5_pooled.safetensors');
        const model = referenceModel(file, fiveByFive, EQUIVARIANT_NAMES);
        const { hidden } = await through(model, pictures(referenceArray(file, 'calibration')));
        const { mean, variance } = unitStatistics(hidden, 32);
        expect(relativeToRange(mean, referenceArray(file, 'vbp.mean'))).toBeLessThan(TOLERANCE);
        expect(relativeToRange(variance, referenceArray(file, 'vbp.variance'))).toBeLessThan(TOLERANCE);
        expect(hidden.length / 32).toBe(64);
      });

    test.each([0, 0.5, 1])('distillation with α = %d: loss and gradient', async (alpha) => {
      const file = readReference('distillation.safetensors');
      const rows = (name: string) => tf.tensor2d(referenceArray(file, name), [5, 10]);
      const { value, grad } = tf.tidy(() =>
        tf.valueAndGrad((student) =>
          distillationLoss(student as tf.Tensor2D, file.tensors.labels.data, rows('teacher_logits'), {
            alpha,
            temperature: 4,
          }),
        )(rows('student_logits')),
      );
      const name = `alpha${alpha.toFixed(1)}`;
      expect(Math.abs((await value.data())[0] - referenceArray(file, `${name}.loss`)[0])).toBeLessThan(1e-5);
      const gradient = await grad.data();
      referenceArray(file, `${name}.gradient`).forEach((expected, i) => {
        expect(Math.abs(gradient[i] - expected)).toBeLessThan(1e-5);
      });
      tf.dispose([value, grad]);
    });

    test('Adam with weight decay in the gradient', async () => {
      const { adam_weight_decay: expected } = readSchedules();
      const params: Record<string, tf.Tensor> = { w: tf.tensor1d(expected.start) };
      const state = adamState(params);
      for (const step of expected.trajectory) {
        const gradient = tf.tidy(() => tf.mul(tf.mul(params.w, 2), tf.tensor1d(expected.c)));
        adamStep(params, { w: gradient }, state, {
          learningRate: expected.lr,
          weightDecay: expected.weight_decay,
        });
        gradient.dispose();
        const values = await params.w.data();
        step.forEach((value, i) => {
          expect(values[i]).toBeCloseTo(value, 6);
        });
      }
      tf.dispose([params, state.first, state.second].flatMap((tensors) => Object.values(tensors)));
    });
  });

  test('ReduceLROnPlateau: the learning rate after every step', () => {
    const { reduce_lr_on_plateau: expected } = readSchedules();
    let state = startPlateau(expected.start_lr);
    const rates = expected.metric.map((metric) => {
      state = stepPlateau(state, metric, { factor: expected.factor, patience: expected.patience });
      return state.learningRate;
    });
    expect(rates).toEqual(expected.lr_after_step);
  });

  test('the steerable bases span the same spaces', () => {
    const file = readReference('steerable_bases.safetensors');
    for (const kernel of [1, 3, 5, 7, 9]) {
      const { count, functions } = steerableBasis(kernel);
      const projector = referenceArray(file, `projector_${kernel}x${kernel}`);
      const positions = kernel * kernel;
      for (let i = 0; i < positions; i++) {
        for (let j = 0; j < positions; j++) {
          let sum = 0;
          for (let f = 0; f < count; f++) sum += functions[i * count + f] * functions[j * count + f];
          expect(Math.abs(sum - projector[i * positions + j])).toBeLessThan(1e-5);
        }
      }
    }
  });
});

/** The lab's [inputs, out] as PyTorch's [out, inputs], with the inputs of a flat first layer as (field, y, x). */
function denseRows(
  data: Int8Array,
  first: ArchSpec | undefined,
  [out, inputs]: readonly number[],
): Int8Array {
  const rows = Int8Array.from(transposed(Float32Array.from(data), inputs, out));
  if (!first || first.head.kind === 'pooled') return rows;
  const { size, fields } = featureMap(first);
  const positions = size * size;
  return rows.map((_, i) => {
    const [row, column] = [Math.floor(i / inputs), i % inputs];
    const [field, position] = [Math.floor(column / positions), column % positions];
    return rows[row * inputs + position * fields + field];
  });
}

function readSchedules() {
  const numbers = z.array(z.number());
  return z
    .object({
      reduce_lr_on_plateau: z.object({
        factor: z.number(),
        patience: z.number(),
        start_lr: z.number(),
        metric: numbers,
        lr_after_step: numbers,
      }),
      adam_weight_decay: z.object({
        start: numbers,
        c: numbers,
        lr: z.number(),
        weight_decay: z.number(),
        trajectory: z.array(numbers),
      }),
    })
    .parse(JSON.parse(readFileSync(sharedPath('reference/schedules.json'), 'utf8')));
}

import { describe, expect, test } from 'vitest';
import { uploadParams } from '../nn/live';
import * as tf from '../runtime/tf';
import { type Action, symmetryOf } from '../spatial/action';
import { type SpatialArch, startSpatial } from '../spatial/arch';
import { openSpatial } from '../spatial/network';
import { mapProblem } from '../spatial/problem';
import { finish } from '../stage/events';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { fit } from '../train/fit';
import { separated } from './action';
import { beginning, deviationOf, type FlowSetSettings, frameOf, makeFlows, pairsOf } from './flows';
import { flowExamples, flowLoss, framesAt, measureFlows, scoreFlows } from './learning';
import { divergence, rmse } from './measures';
import { shownFlow } from './shown';
import { advance, velocityOf } from './solver';

const settings: FlowSetSettings = {
  ...{ seed: 4, n: 16, viscosity: 0.02, interval: 0.2, substeps: 2, steps: 3 },
};

describe('a set of flows', () => {
  test('is its seed’s, flow by flow, and each frame the solver’s', async () => {
    const set = await makeFlows(settings, 3);
    expect(await makeFlows(settings, 3)).toEqual(set);
    expect((await makeFlows(settings, 1, 2)).frames).toEqual(set.frames.subarray(2 * 4 * 512));
    const { u, v } = velocityOf(advance(beginning(settings, 1), 0.1, 4));
    const frame = separated(frameOf(set, 1 * 4 + 2));
    for (let i = 0; i < u.length; i++) {
      expect(frame.u[i]).toBeCloseTo(u[i], 6);
      expect(frame.v[i]).toBeCloseTo(v[i], 6);
    }
  });

  test('begins at a mean square speed of 1 and fades', async () => {
    const set = await makeFlows(settings, 2);
    const power = (frame: number) =>
      (2 * frameOf(set, frame).reduce((sum, x) => sum + x * x, 0)) / frameOf(set, frame).length;
    for (const flow of [0, 1]) {
      expect(power(4 * flow)).toBeCloseTo(1, 5);
      for (const step of [1, 2, 3]) expect(power(4 * flow + step)).toBeLessThan(power(4 * flow + step - 1));
    }
  });

  test('pairs neighbours in time, and never the end of a flow with the beginning of another', async () => {
    const set = await makeFlows(settings, 2);
    expect([...pairsOf(set)]).toEqual([0, 1, 2, 4, 5, 6]);
    const { count, input, target } = flowExamples(set, 2);
    expect(count).toBe(6);
    expect(input([3])).toEqual(frameOf(set, 4).map((x) => x / 2));
    expect(target([2, 3])).toEqual(framesAt(set, [3, 5], 2));
  });
});

test('an error of a deviation is one; noise has a divergence of about one', async () => {
  const set = await makeFlows(settings, 2);
  const none = new Float32Array(set.frames.length);
  expect(rmse(none, set.frames) / deviationOf(set)).toBeCloseTo(1, 6);
  let state = 1;
  const noise = Float64Array.from({ length: 512 }, () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647 - 0.5;
  });
  expect(divergence(separated(noise), 16)).toBeGreaterThan(0.7);
  expect(divergence(separated(noise), 16)).toBeLessThan(1.4);
  // u = v = sin x has as much of sources as of turning: the divergence of u, the vorticity of v.
  const sines = Float64Array.from({ length: 256 }, (_, i) => Math.sin((2 * Math.PI * (i % 16)) / 16));
  expect(divergence({ u: sines, v: sines }, 16)).toBeCloseTo(1, 10);
  expect(divergence({ u: new Float64Array(256), v: sines }, 16)).toBeLessThan(1e-12);
});

describeOnBackends('networks of flows', (backend) => {
  forbidLeaks();

  test('a flow as it is shown: upright nobody minds; turned, a plain network does and an equivariant one does not', async () => {
    const set = await makeFlows(settings, 1);
    const g: Action = { element: { turns: 1, mirror: true }, move: [5, 3] };
    const alone = await shownFlow(set, g, 0.7, null);
    expect([alone.network, alone.solved.length]).toEqual([null, set.frames.length]);
    for (const group of ['C1', 'D4'] as const) {
      const arch: SpatialArch = {
        ...{ group, size: 16, input: ['vector'], output: ['vector'], rim: 'wrapped', residual: true },
        ...{ blocks: [{ fields: 3, kernel: 3, pool: false }], answerKernel: 3 },
      };
      const params = uploadParams(startSpatial(arch, 1));
      const open = openSpatial(arch, params);
      const upright = (
        await shownFlow(set, { element: { turns: 0, mirror: false }, move: [0, 0] }, 0.7, { open, arch })
      ).network!;
      const turned = (await shownFlow(set, g, 0.7, { open, arch })).network!;
      expect(upright.minds).toEqual([0, 0, 0]);
      if (group === 'D4') expect(Math.max(...turned.minds)).toBeLessThan(1e-5);
      else expect(Math.min(...turned.minds)).toBeGreaterThan(1e-3);
      // It begins where the solver does, and goes its own way.
      expect(turned.frames.slice(0, 512)).toEqual(alone.solved.slice(0, 512));
      const last = turned.frames.subarray(3 * 512);
      expect(turned.errors[2]).toBeCloseTo(rmse(last, alone.solved.subarray(3 * 512)) / deviationOf(set), 6);
      expect(turned.divergences).toHaveLength(3);
      open.dispose();
      tf.dispose(Object.values(params));
    }
  });

  const arch = (group: 'C1' | 'D4'): SpatialArch => ({
    ...{ group, size: 16, input: ['vector'], output: ['vector'], answerKernel: 3, residual: true },
    rim: group === 'C1' ? 'zeros' : 'wrapped',
    blocks: [{ fields: group === 'C1' ? 12 : 4, kernel: 3, pool: false }],
  });

  test.skipIf(backend === 'cpu')('learn to foretell better than that nothing changes', async () => {
    const set = await makeFlows(settings, 6);
    const unseen = await makeFlows(settings, 2, 100);
    const unit = deviationOf(set);
    const still = await measureFlows(null, arch('C1'), unseen, unit);
    for (const group of ['C1', 'D4'] as const) {
      const design = arch(group);
      const problem = mapProblem({
        ...{
          arch: design,
          examples: flowExamples(set, unit),
          loss: flowLoss,
          seed: 1,
          lambda: 0,
          augment: false,
        },
        symmetry: symmetryOf('D4', true),
        validate: (network) => scoreFlows(network, design, unseen, unit),
      });
      const plan = {
        epochs: backend === 'webgpu' ? 2 : 14,
        batch: 6,
        weightDecay: 0,
        dropout: 0,
        hidden: 0,
        seed: 1,
      };
      const { params, best, history } = await finish(
        fit(problem, startSpatial(design, 1), { ...plan, learningRate: () => 0.01, stop: () => null }),
      );
      expect(history.at(-1)!.loss).toBeLessThan(history[0].loss);
      const live = uploadParams(params);
      const network = openSpatial(design, live);
      const figures = await measureFlows(network, design, unseen, unit);
      expect(best.accuracy).toBeCloseTo(1 - figures.step ** 2, 5);
      if (backend !== 'webgpu') expect(figures.step).toBeLessThan(0.8 * still.step);
      expect(figures.rollout).toHaveLength(3);
      // The first step of the roll-out is one of those that `step` is the mean of.
      expect(Math.abs(figures.rollout[0] / figures.step - 1)).toBeLessThan(0.5);
      expect(still.rollout[2]).toBeGreaterThan(still.rollout[0]);
      expect(still.divergence).toBeLessThan(1e-6);
      network.dispose();
      tf.dispose(Object.values(live));
    }
  });
});

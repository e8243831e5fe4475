import { expect, test } from 'vitest';
import { largestDifference, largestOf } from '../evaluate/difference';
import { decodeCheckpoint, encodeCheckpoint } from '../files/checkpointFile';
import { uploadParams } from '../nn/live';
import { channelsLast } from '../nn/maps/channelsLast';
import { preferredForm } from '../nn/maps/forms';
import { uniform } from '../random';
import * as tf from '../runtime/tf';
import type { FitCheckpoint } from '../stage/checkpoint';
import { finish, type Stage } from '../stage/events';
import { GROUPS } from '../symmetry/group';
import type { Kind } from '../symmetry/kinds';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { type FitResult, fit, type Plan } from '../train/fit';
import { type Action, actOnMaps, drawAction, numberMap, symmetryOf } from './action';
import { answerSize, type SpatialArch, spatialCost, spatialLayers, startSpatial } from './arch';
import { answersOf, measuredActions, unequalUnder } from './measure';
import { openSpatial, type TrainedMaps, trainSpatial } from './network';
import { mapProblem, type Training } from './problem';

const MIXED: Kind[] = ['scalar', 'vector', 'extent'];

const flowArch = (group: SpatialArch['group'], rim: SpatialArch['rim'] = 'wrapped'): SpatialArch => ({
  ...{ group, rim, size: 8, input: ['vector'], output: ['vector'], answerKernel: 3, residual: true },
  blocks: [
    { fields: group === 'C1' ? 6 : 3, kernel: 3, pool: false },
    { fields: group === 'C1' ? 6 : 2, kernel: 3, pool: false },
  ],
});

const sceneArch = (group: SpatialArch['group']): SpatialArch => ({
  ...{ group, rim: 'zeros', size: 8, input: ['scalar', 'scalar'], output: MIXED, answerKernel: 1 },
  residual: false,
  blocks: [{ fields: 3, kernel: 3, pool: true }],
});

/** Weights and statistics that are not those of a beginning. */
function worn(arch: SpatialArch) {
  const next = uniform('worn', arch.group, arch.rim);
  return Object.fromEntries(
    Object.entries(startSpatial(arch, 1)).map(([name, { shape, data }]) => {
      const moved = data.map((x) => (name.endsWith('variance') ? 0.5 + next() : x + next() - 0.5));
      return [name, { shape, data: moved }];
    }),
  );
}

const mapsFor = ({ size, input }: SpatialArch, count: number, key = 1): Float32Array => {
  const next = uniform('maps', key);
  const width = input.reduce((sum, kind) => sum + (kind === 'scalar' ? 1 : 2), 0);
  return Float32Array.from({ length: count * size * size * width }, () => 2 * next() - 1);
};

const plan = (epochs: number): Plan => ({
  ...{ epochs, batch: 4, weightDecay: 0, dropout: 0, hidden: 0, seed: 3 },
  learningRate: () => 0.02,
  stop: () => null,
});

/** To learn: each vector a third of itself turned by a quarter, which is no thing for a network to do by itself. */
function trainingOf(arch: SpatialArch, more: Partial<Training> = {}): Training {
  const [input, count] = [mapsFor(arch, 12), 12];
  const perMap = input.length / count;
  const pick = (data: Float32Array, rows: ArrayLike<number>) => {
    const out = new Float32Array(rows.length * perMap);
    for (let i = 0; i < rows.length; i++)
      out.set(data.subarray(rows[i] * perMap, (rows[i] + 1) * perMap), i * perMap);
    return out;
  };
  const target = input.map((_, i) => (i % 2 === 0 ? input[i + 1] : -input[i - 1]) / 3);
  const loss = (answer: tf.Tensor4D, wanted: tf.Tensor4D) =>
    tf.mean(tf.square(tf.sub(answer, wanted))) as tf.Scalar;
  return {
    ...{ arch, loss, lambda: 0, augment: false, symmetry: symmetryOf('D4', true) },
    examples: {
      count,
      called: 'maps',
      input: (rows) => pick(input, rows),
      target: (rows) => pick(target, rows),
      targetKinds: ['vector'],
    },
    validate: async (network) => {
      const answers = await answersOf(network, arch, input);
      const error = answers.reduce((sum, x, i) => sum + (x - target[i]) ** 2, 0) / target.length;
      return { accuracy: Math.max(0, 1 - error), loss: error };
    },
    ...more,
  };
}

describeOnBackends('networks from maps to maps', (backend) => {
  forbidLeaks();

  test.each(['C2', 'C4', 'D4'] as const)(
    '%s: answers turn with what is read, numbers of every kind',
    async (group) => {
      for (const arch of [flowArch(group, 'zeros'), sceneArch(group)]) {
        const params = uploadParams(worn(arch));
        const network = openSpatial(arch, params);
        const data = mapsFor(arch, 3);
        const size = answerSize(arch);
        const upright = await answersOf(network, arch, data);
        expect(largestOf(upright)).toBeGreaterThan(0.1);
        for (const element of GROUPS[group].elements) {
          const action: Action = { element, move: [0, 0] };
          const turned = await answersOf(
            network,
            arch,
            actOnMaps(data, numberMap(action, arch.size, arch.input)),
          );
          const expected = actOnMaps(upright, numberMap(action, size, arch.output));
          expect(largestDifference(turned, expected) / largestOf(upright)).toBeLessThan(1e-5);
        }
        network.dispose();
        tf.dispose(Object.values(params));
      }
    },
  );

  test('one that goes astray is told of in words of its own examples', async () => {
    const arch = flowArch('C1');
    const { loss } = trainingOf(arch);
    let batches = 0;
    const problem = mapProblem(
      trainingOf(arch, {
        loss: (...given) => tf.mul(loss(...given), ++batches > 3 ? Number.NaN : 1) as tf.Scalar,
      }),
    );
    await expect(finish(fit(problem, startSpatial(arch, 1), plan(2)))).rejects.toThrow(
      /astray in epoch 2: .*NaN.* epoch 1, with a score of \d+\.\d % on the validation maps\./,
    );
  });

  test('wrapped round it does not mind moves either; with zeros around, or of one element, it does', async () => {
    const error = async (arch: SpatialArch, only: 'turns' | 'moves') => {
      const params = uploadParams(worn(arch));
      const network = openSpatial(arch, params);
      const actions = measuredActions(symmetryOf('D4', true), arch.size).filter(
        ({ move }) => (only === 'moves') === move[0] + move[1] > 0,
      );
      const found = await unequalUnder(network, arch, mapsFor(arch, 2), actions);
      network.dispose();
      tf.dispose(Object.values(params));
      return found;
    };
    expect(await error(flowArch('D4'), 'moves')).toBeLessThan(1e-6);
    expect(await error(flowArch('D4'), 'turns')).toBeLessThan(1e-6);
    expect(await error(flowArch('D4', 'zeros'), 'moves')).toBeGreaterThan(1e-3);
    expect(await error(flowArch('C1'), 'moves')).toBeLessThan(1e-6);
    expect(await error(flowArch('C1'), 'turns')).toBeGreaterThan(1e-2);
  });

  test('the form of the maps changes nothing, in training or after it', async () => {
    for (const arch of [flowArch('D4'), flowArch('C1', 'zeros'), sceneArch('C4')]) {
      const params = uploadParams(worn(arch));
      const data = mapsFor(arch, 2);
      const perMap = data.length / (2 * arch.size ** 2);
      const x = tf.tensor4d(data, [2, arch.size, arch.size, perMap]);
      const seen: Float32Array[] = [];
      for (const form of [preferredForm(), channelsLast]) {
        const [output, ...moments] = tf.tidy(() => tensorsOf(trainSpatial(arch, params, x, form)));
        const network = openSpatial(arch, params, form);
        const opened = network.run(x);
        seen.push((await output.data()) as Float32Array, (await opened.data()) as Float32Array);
        network.dispose();
        tf.dispose([output, opened, ...moments]);
      }
      // Of the range of what comes out.
      const range = (values: Float32Array) =>
        values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largestDifference(seen[0], seen[2])).toBeLessThan(1e-5 * range(seen[2]));
      expect(largestDifference(seen[1], seen[3])).toBeLessThan(1e-5 * range(seen[3]));
      tf.dispose([x, ...Object.values(params)]);
    }
  });

  test('gradients are what small changes of the weights do to the loss, R included', async () => {
    // A field's bias adds nothing to a vector that turns: of a plain network it is looked at.
    for (const [arch, names] of [
      [flowArch('C4'), ['conv1.weight', 'norm2.scale', 'answer.weight']],
      [flowArch('C1', 'zeros'), ['conv2.weight', 'answer.bias']],
    ] as const) {
      const problem = mapProblem(trainingOf(arch, { lambda: 0.7 }));
      const params = uploadParams(worn(arch));
      const rows = Uint32Array.of(0, 3, 5);
      for (const name of names) {
        const grad = tf.tidy(() =>
          tf.grad((w) => problem.loss({ ...params, [name]: w }, rows, null, uniform('drawn')).loss)(
            params[name],
          ),
        );
        const norm = Math.sqrt(((await grad.data()) as Float32Array).reduce((sum, x) => sum + x * x, 0));
        const along = async (step: number) => {
          const loss = tf.tidy(() => {
            const moved = tf.add(params[name], tf.mul(grad, step / norm));
            return problem.loss({ ...params, [name]: moved }, rows, null, uniform('drawn')).loss;
          });
          const [value] = await loss.data();
          loss.dispose();
          return value;
        };
        // Along the gradient itself the loss changes by its length.
        const slope = ((await along(2e-3)) - (await along(-2e-3))) / 4e-3;
        expect(Math.abs(slope / norm - 1), name).toBeLessThan(0.03);
        grad.dispose();
      }
      tf.dispose(Object.values(params));
    }
  });

  test('R falls where it is asked for, and the task is learned beside it', async () => {
    const arch = flowArch('C1', 'zeros');
    const learned = async (lambda: number) => {
      const { params, history } = await finish(
        fit(mapProblem(trainingOf(arch, { lambda })), startSpatial(arch, 1), plan(6)),
      );
      expect(history.at(-1)!.validationLoss).toBeLessThan(history[0].validationLoss);
      const live = uploadParams(params);
      const network = openSpatial(arch, live);
      const found = await unequalUnder(
        network,
        arch,
        mapsFor(arch, 4, 9),
        measuredActions(symmetryOf('D4', true), 8),
      );
      network.dispose();
      tf.dispose(Object.values(live));
      return found;
    };
    expect(await learned(3)).toBeLessThan(0.8 * (await learned(0)));
  });

  test.runIf(backend !== 'webgpu')(
    'goes on from a checkpoint bit for bit, with what is drawn at random',
    async () => {
      const arch = flowArch('C1', 'zeros');
      for (const more of [{ lambda: 1 }, { augment: true }]) {
        const run = (epochs: number, from?: FitCheckpoint) =>
          fit(mapProblem(trainingOf(arch, more)), startSpatial(arch, 1), plan(epochs), from);
        const whole = await finish(run(3));
        const cut = await checkpointAfter(run(3), 2);
        const resumed = await finish(run(3, decodeCheckpoint(encodeCheckpoint(cut))));
        expect(resumed.params).toEqual(whole.params);
        expect(resumed.history.map(({ loss }) => loss)).toEqual(whole.history.map(({ loss }) => loss));
      }
    },
  );
});

const tensorsOf = ({ output, moments }: TrainedMaps): tf.Tensor[] => [
  output,
  ...moments.flatMap(({ mean, variance }) => [mean, variance]),
];

async function checkpointAfter(stage: Stage<FitResult>, epochs: number): Promise<FitCheckpoint> {
  for await (const event of stage) {
    if (event.type === 'checkpoint' && event.checkpoint.history.length === epochs) return event.checkpoint;
  }
  throw new Error('the training ended before that epoch');
}

test('what is drawn is every action but the one that changes nothing', () => {
  const next = uniform('draws');
  const drawn = Array.from({ length: 300 }, () => drawAction(symmetryOf('C4', false), 8, next).element.turns);
  expect([...new Set(drawn)].sort()).toEqual([1, 2, 3]);
  const moved = Array.from({ length: 300 }, () =>
    drawAction({ elements: GROUPS.C1.elements, moves: true }, 2, next).move.join(),
  );
  expect([...new Set(moved)].sort()).toEqual(['0,1', '1,0', '1,1']);
  expect(() => drawAction(symmetryOf('C1', false), 8, next)).toThrow(RangeError);
});

test('networks that do not fit together are refused, and costs are counted', () => {
  const arch = flowArch('D4');
  const pooled = { ...arch, blocks: [{ fields: 2, kernel: 3, pool: true }] };
  expect(() => spatialLayers(pooled)).toThrow(/wrapped/);
  expect(() => spatialLayers({ ...pooled, rim: 'zeros' })).toThrow(/same kind and size/);
  expect(() => spatialLayers({ ...pooled, rim: 'zeros', residual: false, size: 7 })).toThrow(/even/);
  // 9·(1·8·3 + 3·8·2 + 2·8·1) weights, scales and shifts of 5 fields, one bias; as convolutions between 8 times as many channels.
  expect(spatialCost(arch)).toEqual({ params: 9 * 88 + 10 + 1, macs: 64 * 9 * 88 * 8 });
});

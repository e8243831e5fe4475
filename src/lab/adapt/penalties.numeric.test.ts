import fc from 'fast-check';
import { expect, test } from 'vitest';
import { largestDifference } from '../evaluate/difference';
import { equivarianceErrors } from '../evaluate/equivariance';
import type { ParamAction } from '../families/family';
import type { GcnnModel } from '../families/gcnn/model';
import { openClassifier, traineeOf } from '../families/networks';
import { uploadParams } from '../nn/live';
import type { AnyModel } from '../nn/model';
import * as tf from '../runtime/tf';
import { finish } from '../stage/events';
import { GROUPS, type GroupName } from '../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { shuffledChannels } from '../testing/shuffled';
import { noise, relativeToRange, shakenModel, TINY_MOBILE, tinyDataset, tinyModel } from '../testing/tiny';
import { arrangeFields } from './arrange';
import { actionOn, projectParams } from './fieldAction';
import { symmetryOf } from './measure';
import { PENALTIES } from './penalties';
import { PENALTY_IDS, type PenaltyId } from './penalties/names';
import { actionsOf, REFUSALS } from './penalties/refusals';
import { projectModel } from './project';
import { turnEach } from './turnedTiles';

const GROUP_CHOICES = ['C2', 'C4', 'D1', 'D4'] as const satisfies readonly GroupName[];
const anyGroup = fc.constantFrom(...GROUP_CHOICES);
const SIZE = 8;

/** A plain network of 8 and 16 channels: fields of every group. */
function plainModel(seed: number): GcnnModel {
  const { arch } = tinyModel({ group: 'C1', head: 'pooled', hidden: 5 });
  const blocks = arch.blocks.map((block, i) => ({ ...block, fields: 8 * (i + 1) }));
  return shakenModel({ ...arch, blocks }, seed);
}

const projectedPlain = (model: GcnnModel, group: GroupName): GcnnModel => {
  const actions = actionsOf(model.arch);
  if ('refusal' in actions) throw new Error(actions.refusal);
  return { ...model, params: projectParams(model.params, actions, GROUPS[group]) };
};

/** What R is a function of: the answers of both halves of a batch, or the weights. */
type Inputs = Readonly<Record<string, tf.Tensor>>;

function inputsOf(model: AnyModel, id: PenaltyId): Inputs {
  if (!PENALTIES[id].turnsTiles) return uploadParams(model.params);
  const of = (seed: number, shape: number[]) =>
    tf.tensor(
      noise(
        shape.reduce((a, b) => a * b, 1),
        seed,
      ),
      shape,
    );
  const maps = [4, 2, 2, 16];
  return {
    ...{ uprightLogits: of(1, [4, 3]), turnedLogits: of(2, [4, 3]) },
    ...{ uprightMaps: of(3, maps), turnedMaps: of(4, maps) },
    ...{ uprightToken: of(5, [4, 1, 1, 8]), turnedToken: of(6, [4, 1, 1, 8]) },
  };
}

/** R and its gradient. */
async function penaltyOf({ arch }: AnyModel, id: PenaltyId, group: GroupName, inputs: Inputs) {
  const names = Object.keys(inputs);
  const elements = Uint8Array.from({ length: 4 }, (_, n) => (n + 1) % GROUPS[group].order);
  const penalise = PENALTIES[id].prepare(arch, GROUPS[group]);
  const { value, grads } = tf.tidy(() =>
    tf.valueAndGrads((...live: tf.Tensor[]) => {
      const now = Object.fromEntries(names.map((name, i) => [name, live[i]]));
      const half = (which: string) => ({
        logits: now[`${which}Logits`] as tf.Tensor2D,
        maps: () => ['Maps', 'Token'].map((each) => now[which + each] as tf.Tensor4D),
      });
      const answers = PENALTIES[id].turnsTiles
        ? { upright: half('upright'), turned: half('turned'), elements }
        : null;
      // Every input takes part, so that each has a gradient.
      const sums: tf.Tensor[] = live.map((each) => tf.sum(each));
      const nothing = tf.mul(
        sums.reduce((a, b) => tf.add(a, b)),
        0,
      );
      return tf.add(penalise({ params: now, answers }), nothing) as tf.Scalar;
    })(names.map((name) => inputs[name])),
  );
  const slopes = await Promise.all(
    grads.map(async (each) => Float32Array.from(await each.data<'float32'>())),
  );
  const result = {
    value: (await value.data())[0],
    slopes: Object.fromEntries(names.map((name, i) => [name, slopes[i]])),
  };
  tf.dispose([value, ...grads]);
  return result;
}

/** R of a batch of noise in front of a network with norms from the batch, as training has it. */
async function trainedPenalty(model: AnyModel, group: GroupName): Promise<number> {
  const tensors = uploadParams(model.params);
  const tiles = noise(4 * SIZE * SIZE * 3, 3);
  const elements = Uint8Array.from({ length: 4 }, (_, n) => (n + 1) % GROUPS[group].order);
  const both = Float32Array.from([...tiles, ...turnEach(tiles, SIZE, 3, GROUPS[group], elements)]);
  const value = tf.tidy(() => {
    const { logits } = traineeOf(model.arch).train(tensors, tf.tensor4d(both, [8, SIZE, SIZE, 3]), null);
    const [upright, turned] = tf.split(logits, 2) as tf.Tensor2D[];
    const answers = { upright: { logits: upright }, turned: { logits: turned }, elements };
    return PENALTIES.logits.prepare(model.arch, GROUPS[group])({ params: tensors, answers });
  });
  const [result] = await value.data();
  tf.dispose([value, ...Object.values(tensors)]);
  return result;
}

async function logitsOf(model: AnyModel, tiles: Float32Array): Promise<Float32Array> {
  const { size } = model.arch.input;
  const network = openClassifier(model);
  const logits = tf.tidy(() =>
    network.logits(tf.tensor4d(tiles, [tiles.length / (size * size * 3), size, size, 3])),
  );
  const data = Float32Array.from(await logits.data<'float32'>());
  logits.dispose();
  network.dispose();
  return data;
}

test('the group acts on every parameter as a group, and the mean over it is a projection', () => {
  fc.assert(
    fc.property(anyGroup, fc.integer({ min: 1, max: 99 }), fc.nat(7), fc.nat(7), (name, seed, a, b) => {
      const group = GROUPS[name];
      const [j, k] = [a % group.order, b % group.order];
      const model = plainModel(seed);
      const actions = actionsOf(model.arch);
      if ('refusal' in actions) throw new Error(actions.refusal);
      const once = projectParams(model.params, actions, group);
      const twice = projectParams(once, actions, group);
      for (const { name, axes } of actions) {
        const { shape, data } = model.params[name];
        const act = (values: Float32Array, element: number) =>
          Float32Array.from(actionOn(shape, axes, group, element), (from) => values[from]);
        expect(act(data, group.multiply[j][k])).toEqual(act(act(data, k), j));
        // Idempotent, left as it is by every element, and orthogonal: W − P(W) has no part along P(W).
        expect(largestDifference(twice[name].data, once[name].data), name).toBeLessThan(1e-6);
        expect(largestDifference(act(once[name].data, k), once[name].data), name).toBeLessThan(1e-6);
        let [along, length] = [0, 0];
        data.forEach((value, i) => {
          along += (value - once[name].data[i]) * once[name].data[i];
          length += value * value;
        });
        expect(Math.abs(along) / length, name).toBeLessThan(1e-6);
      }
    }),
    { numRuns: 20 },
  );
});

test('networks without fields are refused in words', () => {
  const { features, weights, logits } = REFUSALS;
  const small = tinyModel({ group: 'C1', head: 'pooled' }).arch;
  expect(weights(small, GROUPS.C4)).toMatch(
    /2 channels at conv1.weight, which do not divide into fields of 4/,
  );
  const flat = { ...plainModel(1).arch, head: { kind: 'flat' as const, hidden: 4, dropout: 0 } };
  expect(features(flat, GROUPS.C4)).toMatch(/reads its map position by position/);
  expect(weights(tinyModel({ group: 'C4' }).arch, GROUPS.C4)).toMatch(/equivariant under C4 by its design/);
  expect(logits(flat, GROUPS.C4)).toBeNull();
});

describeOnBackends('penalties', (backend) => {
  forbidLeaks();

  test.skipIf(backend === 'webgpu')(
    'are nothing for an equivariant network, and something for others',
    async () => {
      for (const group of GROUP_CHOICES) {
        const tiles = tinyDataset(4);
        const all = Uint32Array.from({ length: tiles.count }, (_, i) => i);
        const measured = (model: AnyModel) => finish(symmetryOf(model, tiles, all, GROUPS[group]));
        const plain = plainModel(4);
        const before = await measured(plain);
        const { discrepancies: after, moved } = await measured(projectedPlain(plain, group));
        for (const id of PENALTY_IDS) {
          expect(before.discrepancies[id], `${group} ${id}`).toBeGreaterThan(1e-4);
          expect(after[id], `${group} ${id}`).toBeLessThan(1e-10);
        }
        expect(moved.agreement).toBe(1);
        // A network of group convolutions has no fields to find; its answers stay.
        const { discrepancies } = await measured(tinyModel({ group }));
        expect(discrepancies).toMatchObject({ features: null, weights: null });
        expect(discrepancies.logits).toBeLessThan(1e-10);
      }
    },
  );

  test.skipIf(backend === 'webgpu')(
    'in training, too: a group network answers its turned batch the same',
    async () => {
      for (const group of GROUP_CHOICES) {
        expect(await trainedPenalty(tinyModel({ group }), group)).toBeLessThan(1e-12);
        expect(await trainedPenalty(plainModel(2), group)).toBeGreaterThan(1e-6);
      }
    },
  );

  test.each(PENALTY_IDS)('%s: the gradient is that of finite differences', async (id) => {
    for (const group of backend === 'wasm' ? GROUP_CHOICES : (['C4'] as const)) {
      const model = plainModel(7);
      const inputs = inputsOf(model, id);
      const { slopes } = await penaltyOf(model, id, group, inputs);
      let largest = 0;
      for (const [at, name] of Object.keys(inputs).entries()) {
        const along = noise(inputs[name].size, 50 + at);
        const step = 0.05;
        const moved = async (by: number) => {
          const there = tf.tidy(() => tf.add(inputs[name], tf.mul(tf.tensor(along, inputs[name].shape), by)));
          const { value } = await penaltyOf(model, id, group, { ...inputs, [name]: there });
          there.dispose();
          return value;
        };
        // R is a square: differences are exact but for rounding.
        const slope = ((await moved(step)) - (await moved(-step))) / (2 * step);
        const claimed = slopes[name].reduce((sum, value, i) => sum + value * along[i], 0);
        largest = Math.max(largest, Math.abs(claimed));
        expect(Math.abs(slope - claimed), `${group} ${name}`).toBeLessThan(1e-4 + 1e-3 * Math.abs(claimed));
      }
      expect(largest, group).toBeGreaterThan(2e-3);
      tf.dispose(Object.values(inputs));
    }
  });

  test.skipIf(backend === 'webgpu')(
    'channels are arranged without a change of answer, and the fields of an equivariant network are found again',
    async () => {
      const tiles = noise(2 * SIZE * SIZE * 3, 6);
      const of = async (model: AnyModel, group: GroupName) => {
        const inputs = uploadParams(model.params);
        const { value } = await penaltyOf(model, 'weights', group, inputs);
        tf.dispose(Object.values(inputs));
        return value;
      };
      for (const [i, group] of GROUP_CHOICES.entries()) {
        const plain = plainModel(11 + i);
        const arranged = arrangeFields(plain, group);
        expect(relativeToRange(await logitsOf(arranged, tiles), await logitsOf(plain, tiles))).toBeLessThan(
          1e-5,
        );
        expect(await of(arranged, group)).toBeLessThan(await of(plain, group));
        const lost = shuffledChannels(projectedPlain(plain, group), 3 + i);
        expect(await of(lost, group)).toBeGreaterThan(0.1);
        expect(await of(arrangeFields(lost, group), group)).toBeLessThan(1e-8);
      }
    },
  );

  test.skipIf(backend === 'webgpu')('a comparator’s channels are arranged alike', async () => {
    const tiles = noise(2 * SIZE * SIZE * 3, 6);
    const all = Uint32Array.of(0, 1, 2);
    for (const group of ['C2', 'D1'] as const) {
      const distance = async (model: AnyModel) =>
        (await finish(symmetryOf(model, tinyDataset(1), all, GROUPS[group]))).discrepancies.weights!;
      const model = shakenModel(TINY_MOBILE, 5);
      const arranged = arrangeFields(model, group);
      expect(relativeToRange(await logitsOf(arranged, tiles), await logitsOf(model, tiles))).toBeLessThan(
        1e-5,
      );
      expect(await distance(arranged)).toBeLessThan(0.95 * (await distance(model)));
    }
  });

  test.skipIf(backend === 'webgpu')(
    'weights that the group leaves as they are make a comparator equivariant on odd maps, and not on even ones',
    async () => {
      for (const size of [8, 9]) {
        const { arch, params, ...rest } = shakenModel(TINY_MOBILE, 5);
        const input = { ...arch.input, size };
        const projected = projectParams(params, actionsOf(arch) as readonly ParamAction[], GROUPS.D1);
        const model = { ...rest, arch: { ...arch, input }, params: projected };
        const tiles = noise(2 * size * size * 3, 6);
        const mirrored = turnEach(tiles, size, 3, GROUPS.D1, [1, 1]);
        const off = relativeToRange(await logitsOf(model, mirrored), await logitsOf(model, tiles));
        if (size === 9) expect(off).toBeLessThan(1e-5);
        else expect(off).toBeGreaterThan(1e-3);
      }
    },
  );

  test.skipIf(backend === 'webgpu')(
    'a projected network is a small one of the lab’s own kind, with the answers of the plain one it was written out to',
    async () => {
      for (const group of GROUP_CHOICES) {
        const plain = plainModel(3);
        const small = projectModel(plain, group);
        const tiles = noise(3 * SIZE * SIZE * 3, 8);
        const expected = await logitsOf(projectedPlain(plain, group), tiles);
        expect(relativeToRange(await logitsOf(small, tiles), expected)).toBeLessThan(1e-5);
        for (const { layer, max } of await equivarianceErrors(small, tiles))
          expect(max, layer).toBeLessThan(1e-5);
        const count = ({ params }: AnyModel, part: RegExp) =>
          Object.entries(params).reduce(
            (sum, [name, { data }]) => sum + (part.test(name) ? data.length : 0),
            0,
          );
        const part = /conv.*weight/;
        expect(count(small, part)).toBe(count(plain, part) / GROUPS[group].order);
      }
    },
  );
});

/** A plain transformer with its channels in fields: what the group does to it, and the equivariant network that it becomes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { totalCost } from '../evaluate/cost';
import { largestDifference } from '../evaluate/difference';
import { equivarianceErrors } from '../evaluate/equivariance';
import { openClassifier } from '../families/networks';
import type { VitModel } from '../families/vit/model';
import type { VitSpec } from '../families/vit/spec';
import { fingerprintOf } from '../files/fingerprint';
import { decodeAnyModel, encodeModel } from '../files/modelFile';
import type { AnyModel } from '../nn/model';
import * as tf from '../runtime/tf';
import { finish } from '../stage/events';
import { GROUPS, type GroupName } from '../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { cases } from '../testing/properties';
import { shuffledChannels } from '../testing/shuffled';
import { noise, relativeToRange, shakenModel, tinyDataset, wideVit } from '../testing/tiny';
import { arrangeFields } from './arrange';
import { actionOn, projectParams } from './fieldAction';
import { symmetryOf } from './measure';
import { PENALTY_IDS } from './penalties/names';
import { actionsOf, REFUSALS } from './penalties/refusals';
import { projectionRefusal, projectModel } from './project';
import { turnEach } from './turnedTiles';

const GROUP_CHOICES = ['C2', 'C4', 'D1', 'D4'] as const satisfies readonly GroupName[];
const drawn = fc.record({
  name: fc.constantFrom(...GROUP_CHOICES),
  seed: fc.integer({ min: 1, max: 99 }),
  // Grids of 2×2 and of 3×3 patches.
  size: fc.constantFrom(8, 12),
});

const actions = (() => {
  const found = actionsOf(wideVit());
  if ('refusal' in found) throw new Error(found.refusal);
  return found;
})();

const projectedPlain = (model: VitModel, name: GroupName): VitModel => ({
  ...model,
  params: projectParams(model.params, actions, GROUPS[name]),
});

async function logitsOf(model: AnyModel, tiles: Float32Array): Promise<Float32Array> {
  const { size, channels } = model.arch.input;
  const network = openClassifier(model);
  const logits = tf.tidy(() =>
    network.logits(tf.tensor4d(tiles, [tiles.length / size ** 2 / channels, size, size, channels])),
  );
  const values = Float32Array.from(await logits.data<'float32'>());
  logits.dispose();
  network.dispose();
  return values;
}

test('the group acts on every parameter as a group, and the mean over it is an orthogonal projection', () => {
  fc.assert(
    fc.property(drawn, fc.nat(7), fc.nat(7), ({ name, seed, size }, a, b) => {
      const group = GROUPS[name];
      const [j, k] = [a % group.order, b % group.order];
      const model = shakenModel(wideVit(size), seed);
      const once = projectParams(model.params, actions, group);
      const twice = projectParams(once, actions, group);
      for (const { name: param, axes } of actions) {
        const { shape, data } = model.params[param];
        const act = (values: Float32Array, element: number) =>
          Float32Array.from(actionOn(shape, axes, group, element), (from) => values[from]);
        expect(act(data, group.multiply[j][k])).toEqual(act(act(data, k), j));
        expect(largestDifference(twice[param].data, once[param].data), param).toBeLessThan(1e-6);
        expect(largestDifference(act(once[param].data, k), once[param].data), param).toBeLessThan(1e-6);
        let [along, length] = [0, 0];
        data.forEach((value, i) => {
          along += (value - once[param].data[i]) * once[param].data[i];
          length += value * value;
        });
        expect(Math.abs(along) / length, param).toBeLessThan(1e-6);
      }
      // All but the last bias is acted on.
      const left = Object.keys(model.params).filter((param) => !actions.some((each) => each.name === param));
      expect(left).toEqual(['head.bias']);
    }),
    { numRuns: cases(20) },
  );
});

test('transformers without whole fields are refused in words', () => {
  const spec = wideVit();
  expect(REFUSALS.weights({ ...spec, group: 'C4' }, GROUPS.C4)).toMatch(/equivariant under C4 by its design/);
  const narrow: VitSpec = { ...spec, fields: 18 };
  expect(REFUSALS.features(narrow, GROUPS.C4)).toMatch(
    /18 channels at patch.weight, which do not divide into fields of 4/,
  );
  const pruned = { ...spec, blocks: [spec.blocks[0], { heads: 1, hidden: 7 }] };
  expect(projectionRefusal(pruned, 'C2')).toMatch(/7 channels at block2.fc1.weight, .* it stays as it is/);
  // 2 heads of 6 make 12 channels: fields of 4, of which the middle one lies in both heads.
  const heads: VitSpec = { ...spec, headFields: 6, blocks: [{ heads: 2, hidden: 16 }] };
  expect(projectionRefusal(heads, 'C4')).toMatch(/a head with 6 channels at block1.qkv.weight/);
  expect(projectionRefusal(heads, 'C2')).toBeNull();
  for (const name of GROUP_CHOICES) expect(projectionRefusal(spec, name)).toBeNull();
});

describeOnBackends('a transformer in fields', (backend) => {
  forbidLeaks();

  test.skipIf(backend === 'webgpu')(
    'becomes a small one of the lab’s own kind, with the answers of the plain one whose weights are projected',
    async () => {
      await fc.assert(
        fc.asyncProperty(drawn, async ({ name, seed, size }) => {
          const { order } = GROUPS[name];
          const model = shakenModel(wideVit(size), seed);
          const small = projectModel(model, name);
          const tiles = noise(3 * size * size * 3, seed);
          const expected = await logitsOf(projectedPlain(model, name), tiles);
          expect(relativeToRange(await logitsOf(small, tiles), expected)).toBeLessThan(1e-5);
          expect(relativeToRange(await logitsOf(model, tiles), expected)).toBeGreaterThan(1e-3);
          for (const { layer, max } of await equivarianceErrors(small, tiles))
            expect(max, layer).toBeLessThan(1e-5);
          for (const k of GROUPS[name].elements.keys()) {
            const moved = turnEach(tiles, size, 3, GROUPS[name], Array(3).fill(k));
            expect(relativeToRange(await logitsOf(small, moved), expected)).toBeLessThan(1e-5);
          }
          expect(fingerprintOf(decodeAnyModel(encodeModel(small)))).toBe(fingerprintOf(small));
          // But for the last bias every parameter is stored |G| times less often.
          const biases = model.arch.classes;
          expect(totalCost(small.arch).params - biases).toBe((totalCost(model.arch).params - biases) / order);
        }),
        { numRuns: cases(12, 4) },
      );
    },
  );

  test.skipIf(backend === 'webgpu')(
    'has no R where it is equivariant, and each R where it is not',
    async () => {
      const dataset = tinyDataset(2);
      const all = Uint32Array.from({ length: dataset.count }, (_, i) => i);
      for (const [i, name] of GROUP_CHOICES.entries()) {
        const measured = (model: AnyModel) => finish(symmetryOf(model, dataset, all, GROUPS[name]));
        const plain = shakenModel(wideVit(), 4 + i);
        const before = await measured(plain);
        const { discrepancies, moved } = await measured(projectedPlain(plain, name));
        for (const id of PENALTY_IDS) {
          expect(before.discrepancies[id], `${name} ${id}`).toBeGreaterThan(1e-4);
          expect(discrepancies[id], `${name} ${id}`).toBeLessThan(1e-9);
        }
        expect(moved.agreement).toBe(1);
        // One parameter off, however little, and R of the weights tells.
        const off = projectedPlain(plain, name);
        const { shape, data } = off.params['class.token'];
        const token = { shape, data: data.map((value, at) => value + (at === 0 ? 0.1 : 0)) };
        const changed = { ...off, params: { ...off.params, 'class.token': token } };
        const { order } = GROUPS[name];
        expect((await measured(changed)).discrepancies.weights).toBeCloseTo(0.01 * (1 - 1 / order), 5);
      }
    },
  );

  test.skipIf(backend === 'webgpu')(
    'has its channels arranged without a change of answer, and finds the fields of an equivariant one again',
    async () => {
      const dataset = tinyDataset(1);
      const all = Uint32Array.of(0, 1, 2);
      const tiles = noise(2 * 192, 6);
      for (const [i, name] of GROUP_CHOICES.entries()) {
        const distance = async (model: AnyModel) =>
          (await finish(symmetryOf(model, dataset, all, GROUPS[name]))).discrepancies.weights!;
        const plain = shakenModel(wideVit(), 11 + i);
        const arranged = arrangeFields(plain, name);
        expect(arranged.params).not.toEqual(plain.params);
        const expected = await logitsOf(plain, tiles);
        expect(relativeToRange(await logitsOf(arranged, tiles), expected)).toBeLessThan(1e-5);
        expect(await distance(arranged)).toBeLessThan(await distance(plain));
        const lost = shuffledChannels(projectedPlain(plain, name), 3 + i);
        expect(await distance(lost)).toBeGreaterThan(0.1);
        expect(await distance(arrangeFields(lost, name))).toBeLessThan(1e-8);
      }
    },
  );
});

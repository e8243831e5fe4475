/** What every family owes the lab, held against each that is listed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mapLayers } from '../adapt/penalties/refusals';
import { layerCosts } from '../evaluate/cost';
import { encodeModel } from '../files/modelFile';
import { dataSectionBytes } from '../files/safetensors';
import { type AnyArch, INT8_LAYERS } from '../nn/arch';
import { uploadParams } from '../nn/live';
import type { AnyModel } from '../nn/model';
import { quantiseModel } from '../quantize/quantise';
import * as tf from '../runtime/tf';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import {
  noise,
  relativeToRange,
  shakenModel,
  TINY_IMPORTED,
  TINY_MOBILE,
  tinyArch,
  tinyVit,
} from '../testing/tiny';
import { anyArchSchema, anyNamedArch } from './anyArch';
import type { BatchMoments, ParamLayout } from './family';
import { paramLayouts, paramShapes } from './layout';
import { addFamily, openClassifier, traineeOf } from './networks';
import { FAMILIES, familyOf, listFamilies } from './registry';
import { patches } from './testing/patches';
import { patchesNetworks } from './testing/patches/networks';

/** A small architecture of each family. A family that has none here fails the first test. */
const SMALL: Readonly<Record<string, AnyArch>> = {
  gcnn: tinyArch({ group: 'C4', filters: 'steerable' }),
  mobile: TINY_MOBILE,
  vit: tinyVit('C4'),
  imported: TINY_IMPORTED,
  patches: patches.named('patches-small', {}),
};

describeOnBackends('every family', () => {
  forbidLeaks();
  let remove: () => void;
  beforeAll(() => {
    remove = addFamily(patches, patchesNetworks);
  });
  afterAll(() => remove());

  test('goes by the name under which it is listed, and its designs by names of their own', () => {
    expect(Object.values(FAMILIES).map(({ name }) => name)).toEqual(Object.keys(FAMILIES));
    expect(listFamilies().map(({ name }) => name)).toEqual(Object.keys(SMALL));
    const designs = listFamilies().flatMap((family) => family.designs);
    expect(new Set(designs).size).toBe(designs.length);
    for (const family of listFamilies()) {
      for (const id of family.designs) {
        const arch = anyNamedArch(id, { classes: 3, size: 8 });
        expect(familyOf(arch), id).toBe(family);
        expect(anyArchSchema.parse(JSON.parse(JSON.stringify(arch))), id).toEqual(arch);
      }
    }
  });

  /** As floats, and in each form of integers that the family has. */
  function forms(arch: AnyArch): AnyModel[] {
    const float = shakenModel(arch);
    const integers = INT8_LAYERS.flatMap((layers) => {
      try {
        return [quantiseModel(float, { layers, range: 'tile' })];
      } catch {
        return [];
      }
    });
    return [float, ...integers];
  }

  test.each(Object.keys(SMALL))(
    '%s: what is stored is what is laid out, and every layer is counted',
    (name) => {
      const models = forms(SMALL[name]);
      expect(models.length).toBeGreaterThan(1);
      for (const model of models) {
        const layouts = paramLayouts(model.arch);
        const stored = new Map(
          Object.entries({ ...model.params, ...model.int8 }).map(([key, { shape }]) => [key, shape]),
        );
        expect(stored).toEqual(paramShapes(model.arch));
        expect(Object.keys(model.int8 ?? {}).sort()).toEqual(
          layouts
            .filter(({ int8 }) => int8)
            .map((each) => each.name)
            .sort(),
        );
        const costs = layerCosts(model.arch);
        expect(new Set(costs.map((each) => each.name))).toEqual(new Set(layouts.map(({ layer }) => layer)));
        expect(costs.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(dataSectionBytes(encodeModel(model)));
      }
    },
  );

  test.each(Object.keys(SMALL))('%s: what is to be seen on the way is what is said', (name) => {
    for (const model of forms(SMALL[name])) {
      const seen: { name: string; shape: readonly number[] }[] = [];
      const network = openClassifier(model);
      tf.tidy(() => {
        network.logits(tf.tensor4d(noise(192, 1), [1, 8, 8, 3]), (layer, { shape }) =>
          seen.push({ name: layer, shape }),
        );
      });
      network.dispose();
      const said = familyOf(model.arch).observed(model.arch);
      expect(seen.map((each) => each.name)).toEqual(said.map((each) => each.name));
      for (const [i, layer] of said.entries()) {
        expect(seen[i].shape.length, layer.name).toBe(layer.kind === 'invariant' ? 2 : 4);
        if (layer.kind === 'regular') expect(seen[i].shape[3] % layer.fields).toBe(0);
      }
      expect(seen.at(-1)!.shape).toEqual([1, model.arch.classes]);
    }
  });

  test.each(Object.keys(SMALL))('%s: answers in training as it does when opened', async (name) => {
    const model = shakenModel(SMALL[name]);
    const x = tf.tensor4d(noise(3 * 192, 4), [3, 8, 8, 3]);
    const [network, live] = [openClassifier(model), uploadParams(model.params)];
    const validating = traineeOf(model.arch).open(live);
    const [a, b] = [network.logits(x), tf.tidy(() => validating.logits(x))];
    expect(relativeToRange(await a.data(), await b.data())).toBeLessThan(1e-5);
    validating.dispose();
    network.dispose();
    tf.dispose([x, a, b, ...Object.values(live)]);
  });

  test.each(Object.keys(SMALL))(
    '%s: leaves in training the maps that are seen under the names said',
    (name) => {
      const model = shakenModel(SMALL[name]);
      const [network, live] = [openClassifier(model), uploadParams(model.params)];
      tf.tidy(() => {
        const x = tf.tensor4d(noise(2 * 192, 4), [2, 8, 8, 3]);
        const seen = new Map<string, readonly number[]>();
        network.logits(x, (layer, { shape }) => seen.set(layer, shape));
        const left = traineeOf(model.arch).train(live, x, null).maps?.() ?? [];
        expect(left.map(({ shape }) => shape)).toEqual(mapLayers(model.arch).map((layer) => seen.get(layer)));
        expect(left.length).toBeGreaterThan(0);
      });
      network.dispose();
      tf.dispose(Object.values(live));
    },
  );

  test.each(Object.keys(SMALL))(
    '%s: every trained parameter has a gradient, every running statistic moves',
    (name) => {
      const { arch, params } = shakenModel(SMALL[name]);
      const layouts = paramLayouts(arch);
      const named = (role: ParamLayout['role']) =>
        layouts.filter((layout) => layout.role === role).map((layout) => layout.name);
      const [live, trained] = [uploadParams(params), named('trained')];
      let moments: readonly BatchMoments[] = [];
      tf.tidy(() => {
        const x = tf.tensor4d(noise(3 * 192, 4), [3, 8, 8, 3]);
        const weights = tf.tensor2d(noise(3 * arch.classes, 5), [3, arch.classes]);
        // It throws where the logits do not depend on one of them.
        const { grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
          const given = { ...live, ...Object.fromEntries(trained.map((each, i) => [each, values[i]])) };
          const result = traineeOf(arch).train(given, x, null);
          moments = result.moments;
          return tf.sum(tf.mul(result.logits, weights)) as tf.Scalar;
        })(trained.map((each) => live[each]));
        expect(grads.map(({ shape }) => shape)).toEqual(trained.map((each) => live[each].shape));
      });
      const moved = moments.flatMap(({ running }) => [running.mean, running.variance]);
      expect(moved.toSorted()).toEqual(named('carried').toSorted());
      for (const { mean, variance, running } of moments) {
        expect([mean.size, variance.size]).toEqual([live[running.mean].size, live[running.variance].size]);
      }
      tf.dispose(Object.values(live));
    },
  );
});

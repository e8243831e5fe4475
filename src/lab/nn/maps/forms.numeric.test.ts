import { expect, test } from 'vitest';
import { trainTrunk } from '../../families/gcnn/trunk';
import * as tf from '../../runtime/tf';
import { GROUP_NAMES } from '../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { THOROUGH } from '../../testing/properties';
import { noise, relativeToRange, tinyModel } from '../../testing/tiny';
import { uploadParams } from '../live';
import { channelsLast } from './channelsLast';
import type { MapForm } from './form';
import { preferredForm } from './forms';

/** A whole trunk: its maps, every norm's moments, and the gradient of Σ weights·maps for every parameter. */
async function wholeTrunk(form: MapForm, group: (typeof GROUP_NAMES)[number], filters: 'grid' | 'steerable') {
  const { arch, params } = tinyModel({ group, filters, size: 12 });
  const live = uploadParams(params);
  const names = Object.keys(params).filter((name) => /^(conv|norm)/.test(name));
  const trained = names.filter((name) => !/bias|mean|variance/.test(name));
  const x = tf.tensor4d(noise(5 * 12 * 12 * 3, 3), [5, 12, 12, 3]);
  const outputs: tf.Tensor[] = [];
  const gradients = tf.grads((...values: tf.Tensor[]) => {
    const all = { ...live, ...Object.fromEntries(trained.map((name, i) => [name, values[i]])) };
    const { maps, moments } = trainTrunk(arch, all, x, form);
    outputs.push(
      tf.keep(maps),
      ...moments.flatMap(({ mean, variance }) => [tf.keep(mean), tf.keep(variance)]),
    );
    return tf.sum(tf.mul(maps, tf.tensor(noise(maps.size, 4), maps.shape)));
  })(trained.map((name) => live[name]));
  const all = [...outputs, ...gradients];
  const read = await Promise.all(all.map(async (each) => Float32Array.from(await each.data())));
  tf.dispose([...all, x, ...Object.values(live)]);
  return read;
}

describeOnBackends('the forms of maps', (backend) => {
  forbidLeaks();

  const expected = backend === 'cpu' ? 'channels last' : 'planar';

  test(`is ${expected} here`, () => {
    expect(preferredForm().name).toBe(expected);
  });

  // The small groups are in the tables of operations.
  const groups = backend === 'webgpu' && !THOROUGH ? (['C4', 'D4'] as const) : GROUP_NAMES;
  for (const group of groups) {
    for (const filters of ['grid', 'steerable'] as const) {
      // Programs are the same for both kinds of weights, and take seconds to compile where a GPU is emulated.
      const isEnough = backend === 'webgpu' && filters === 'steerable';
      test.skipIf(backend === 'cpu' || isEnough)(
        `${group}, ${filters}: a trunk by Fourier and one with expanded filters agree, gradients too`,
        async () => {
          const fast = await wholeTrunk(preferredForm(), group, filters);
          const reference = await wholeTrunk(channelsLast, group, filters);
          for (const [i, each] of fast.entries())
            expect(relativeToRange(each, reference[i])).toBeLessThan(2e-5);
        },
      );
    }
  }
});

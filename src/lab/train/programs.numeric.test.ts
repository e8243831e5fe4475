import { expect, test } from 'vitest';
import { initialParams } from '../families/init';
import * as tf from '../runtime/tf';
import { setProgramsAside, watchPrograms } from '../runtime/webgpu/program';
import { finish } from '../stage/events';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { THOROUGH } from '../testing/properties';
import { tinyArch, tinyDataset, tinySplits } from '../testing/tiny';
import { trainSettingsSchema } from './settings';
import { trainModel } from './train';

/** The programs that one step of training launches, by name; and the parameters after the epoch. */
async function oneEpoch(head: 'orbit' | 'pooled') {
  const arch = tinyArch({ group: 'D4', head });
  const dataset = tinyDataset(12, 8);
  const model = {
    arch,
    params: initialParams(arch, 1),
    classes: dataset.classes,
    normalisation: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    provenance: {},
  };
  const settings = trainSettingsSchema.parse({ epochs: 1, batch: 8, learningRate: 0.001 });
  let launched: string[] = [];
  const steps: string[][] = [];
  const end = watchPrograms(tf.backend() as tf.WebGPUBackend, (name) => launched.push(name));
  const { params } = await finish(
    trainModel(model, dataset, tinySplits(dataset), settings, 1),
    ({ type }) => {
      if (type !== 'batch') return;
      steps.push(launched);
      launched = [];
    },
  );
  end();
  return { programs: steps[1], params };
}

describeOnBackends('programs of a training step', (backend) => {
  forbidLeaks();

  test.skipIf(backend !== 'webgpu').each([
    ['orbit', 50],
    // Of another head two programs differ: only where time is no matter.
    ...(THOROUGH ? ([['pooled', 50]] as const) : []),
  ] as const)('%s head, two blocks: at most %i, to the same parameters', async (head, most) => {
    const ours = await oneEpoch(head);
    setProgramsAside(true);
    const composed = await oneEpoch(head);
    setProgramsAside(false);
    console.info(
      `${head}: ${composed.programs.length} programs of tfjs's, ${ours.programs.length} with ours`,
    );
    expect(ours.programs.length).toBeLessThanOrEqual(most);
    for (const [name, { data }] of Object.entries(composed.params)) {
      const range = Math.max(...data.map(Math.abs));
      const off = Math.max(...data.map((value, i) => Math.abs(value - ours.params[name].data[i])));
      // Where a gradient is next to nothing, Adam makes steps of its rounding: within one of them, 0.001.
      expect(off, name).toBeLessThan(1e-2 * Math.max(range, 0.1));
    }
  });
});

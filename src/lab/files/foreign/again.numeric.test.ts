/** Every network that the lab writes as ONNX in floats comes in again, with its logits, and with the symmetry that it has. */
import { expect, test } from 'vitest';
import { openClassifier } from '../../families/networks';
import type { AnyModel } from '../../nn/model';
import { quantiseModel } from '../../quantize/quantise';
import * as tf from '../../runtime/tf';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { noise, relativeToRange } from '../../testing/tiny';
import { USUAL_CHOICES } from '../onnx/choices';
import { onnxOf } from '../onnx/onnx';
import { kinds } from '../onnx/testing/kinds';
import { readForeign } from './read';

async function logitsOf(model: AnyModel, x: Float32Array): Promise<Float32Array> {
  const network = openClassifier(model);
  const logits = tf.tidy(() => network.logits(tf.tensor4d(x, [x.length / 192, 8, 8, 3])));
  const values = Float32Array.from(await logits.data());
  logits.dispose();
  network.dispose();
  return values;
}

const all = Object.entries(kinds());
const isTransformer = ({ arch }: AnyModel): boolean => arch.family === 'vit';
const convolutional = all.filter(([, model]) => !isTransformer(model));
const others = all.filter(([, model]) => isTransformer(model));

describeOnBackends('ONNX files of the lab', () => {
  forbidLeaks();

  test.each(convolutional)('%s: comes in again with its logits', async (_, model) => {
    for (const preprocessing of ['inside', 'beside'] as const) {
      const { bytes } = onnxOf(model, { ...USUAL_CHOICES, preprocessing });
      const { model: again } = await readForeign(bytes);
      const x = noise(3 * 192, 4);
      expect(relativeToRange(await logitsOf(again, x), await logitsOf(model, x))).toBeLessThan(1e-4);
      expect(again.arch.group).toBe(model.arch.group);
      expect(again.classes).toEqual(model.classes);
      for (const what of ['mean', 'std'] as const)
        expect(
          relativeToRange([0, 1, ...again.normalisation[what]], [0, 1, ...model.normalisation[what]]),
        ).toBeLessThan(1e-5);
    }
  });

  test.each(others)('%s: is refused, operator by operator', async (_, model) => {
    const { bytes } = onnxOf(model, USUAL_CHOICES);
    await expect(readForeign(bytes)).rejects.toThrow(/has layers that cannot be read: "[^"]+" \(\w+\)/);
  });

  test('integers are refused by name: the file of floats comes in', async () => {
    const [, model] = convolutional[0];
    const { bytes } = onnxOf(quantiseModel(model, { layers: 'all', range: 'tile' }), USUAL_CHOICES);
    await expect(readForeign(bytes)).rejects.toThrow(/"conv1\.weight" holds 8-bit integers/);
  });

  test('a file that is cut off anywhere is refused in words', async () => {
    const { bytes } = onnxOf(convolutional[0][1], USUAL_CHOICES);
    for (let part = 1; part < 12; part++) {
      const cut = bytes.subarray(0, Math.floor((part / 12) * bytes.length));
      await expect(readForeign(cut, {}, 'net.onnx')).rejects.toThrow(/^net\.onnx /);
    }
  });
});

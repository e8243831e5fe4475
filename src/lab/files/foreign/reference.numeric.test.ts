/** Networks of e2cnn and PyTorch as they come in, against what those answered. */
import { expect, test as run } from 'vitest';
import { breaksAt } from '../../evaluate/breaks';
import { equivarianceErrors } from '../../evaluate/equivariance';
import { openClassifier } from '../../families/networks';
import { requireHidden } from '../../families/units';
import type { AnyModel } from '../../nn/model';
import { extractFields } from '../../prune/fields/extract';
import { extract } from '../../prune/neurons/extract';
import * as tf from '../../runtime/tf';
import { QUARTER_TURNS } from '../../symmetry/group';
import { turnPictures } from '../../symmetry/turn';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { THOROUGH } from '../../testing/properties';
import { channelsLast, referenceArray } from '../../testing/reference';
import { describeWithShared, readReference } from '../../testing/shared';
import { relativeToRange } from '../../testing/tiny';
import { decodeAnyModel, encodeModel } from '../modelFile';
import { encodeSafetensors, type SafeFile } from '../safetensors';
import { readForeign } from './read';
import type { Told } from './told';

/** A reference file as a checkpoint alone: what it holds beside, inputs and answers, is left out. */
function checkpoint(file: SafeFile, layers: RegExp, without?: RegExp): Uint8Array {
  const tensors = Object.entries(file.tensors).filter(([name]) => layers.test(name) && !without?.test(name));
  return encodeSafetensors({ metadata: {}, tensors: Object.fromEntries(tensors) });
}

const E2CNN = /^(conv|norm|head)/;
const twoBlocks = (order: number, last: string) =>
  `conv1 norm1 relu maxpool:2 conv2 norm2 relu maxpool:2 fieldmax:${order} ${last} head.fc1 relu dropout head.fc2`;
const base = `${[0, 3, 7, 10, 14, 17]
  .map((i) => `body.${i} body.${i + 1} relu${[3, 10, 17].includes(i) ? ' maxpool:2' : ''}`)
  .join(' ')} average head.fc1 relu head.fc2`;

const FILES = [
  { file: 'c4_3x3_flat', of: E2CNN, layers: twoBlocks(4, 'flatten'), group: 'C4', filters: 'steerable' },
  { file: 'd4_3x3_flat', of: E2CNN, layers: twoBlocks(8, 'flatten'), group: 'D4', filters: 'steerable' },
  { file: 'c4_5x5_pooled', of: E2CNN, layers: twoBlocks(4, 'average'), group: 'C4', filters: 'steerable' },
  { file: 'base_pooled', of: /^(body|head)/, layers: base, group: 'C1', filters: 'grid' },
] as const;

const told: Told = { size: 64, mean: [0], std: [1] };

async function logitsOf(model: AnyModel, x: Float32Array): Promise<Float32Array> {
  const network = openClassifier(model);
  const { size, channels } = model.arch.input;
  const logits = tf.tidy(() =>
    network.logits(tf.tensor4d(x, [x.length / (size * size * channels), size, size, channels])),
  );
  const values = Float32Array.from(await logits.data());
  logits.dispose();
  network.dispose();
  return values;
}

describeWithShared('networks of e2cnn and PyTorch', 'reference', () => {
  describeOnBackends('as they come in', (backend) => {
    forbidLeaks();
    // Plain JavaScript takes seconds for each, and that it gives what WebAssembly does others test.
    const test = run.skipIf(backend === 'cpu' && !THOROUGH);
    const read = async ({ file, of, layers }: (typeof FILES)[number], without?: RegExp) => {
      const reference = readReference(`${file}.safetensors`);
      const came = await readForeign(checkpoint(reference, of, without), { ...told, layers }, file);
      return { reference, ...came, input: channelsLast(referenceArray(reference, 'input'), 3, 64) };
    };

    test.each(FILES)(
      '$file: the lab’s own kind, with the logits that it had, upright and turned',
      async (each) => {
        const { reference, model, input } = await read(each);
        expect(model.arch).toMatchObject({ group: each.group, filters: each.filters });
        expect(
          relativeToRange(await logitsOf(model, input), referenceArray(reference, 'logits')),
        ).toBeLessThan(1e-4);
        for (const [i, degrees] of [90, 180, 270].entries()) {
          const expected = reference.tensors[`logits_rot${degrees}`];
          if (!expected) continue;
          const turned = turnPictures(input, 64, 3, QUARTER_TURNS[i + 1]);
          expect(relativeToRange(await logitsOf(model, turned), expected.data)).toBeLessThan(1e-4);
        }
        expect(decodeAnyModel(encodeModel(model))).toEqual(model);
      },
    );

    test('its neurons and whole fields go, and what is left is as equivariant', async () => {
      const { reference, model, input } = await read(FILES[2]);
      const came = requireHidden(model);
      const kept = Uint32Array.from(reference.tensors['l2.kept_50'].data);
      const fewer = await logitsOf(extract(came, kept), input);
      expect(relativeToRange(fewer, referenceArray(reference, 'l2.logits_50'))).toBeLessThan(1e-4);
      const smaller = extractFields(came, [Uint32Array.of(0, 3, 5), Uint32Array.of(1, 2, 8, 15)]);
      for (const { layer, max } of await equivarianceErrors(smaller, input))
        expect(max, layer).toBeLessThan(1e-4);
    });

    test('without its norms the same is a graph, whose fields of channels are found in its weights', async () => {
      const layers = FILES[2].layers.replaceAll(/norm\d /g, '');
      const { model, input } = await read({ ...FILES[2], layers } as never, /^norm/);
      expect(model.arch).toMatchObject({ family: 'imported', group: 'C4', acting: 'C4' });
      for (const { layer, max } of await equivarianceErrors(model, input))
        expect(max, layer).toBeLessThan(1e-4);
    });

    test('the meter tells where it breaks: from the layer on whose filter is no turned copy any more', async () => {
      const layers = FILES[2].layers.replaceAll(/norm\d /g, '');
      const reference = readReference('c4_5x5_pooled.safetensors');
      const { shape, data, dtype } = reference.tensors['conv2.expanded_weight'];
      const changed = {
        dtype,
        shape,
        data: (data as Float32Array).map((value, i) => (i === 7 ? value + 1 : value)),
      };
      const tensors = { ...reference.tensors, 'conv2.expanded_weight': changed };
      const { model } = await readForeign(checkpoint({ ...reference, tensors }, E2CNN, /^norm/), {
        ...told,
        layers,
      });
      expect(model.arch).toMatchObject({ group: 'C1', acting: 'C4' });
      const input = channelsLast(referenceArray(reference, 'input'), 3, 64);
      const errors = await equivarianceErrors(model, input);
      expect(breaksAt(errors)?.layer).toBe('conv2');
    });
  });
});

/** `adopt`: networks from elsewhere come in, and do what the lab's own do; each bad input is one sentence and writes nothing. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCodecs } from '../src/lab/data/testing/pictures';
import {
  bytesOf,
  mobileNetCheckpoint,
  resnetCheckpoint,
  SEQUENCE_LINE,
  sequenceCheckpoint,
  vggCheckpoint,
} from '../src/lab/files/foreign/testing/checkpoints';
import { encodeModel } from '../src/lab/files/modelFile';
import { tinyModel } from '../src/lab/testing/tiny';
import { lab, labJson, pictures, writeInto } from './testing/lab';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-adopt-'));
const at = (...name: string[]): string => path.join(top, ...name);
afterAll(() => rm(top, { recursive: true }));

const TOLD = ['--size', '8', '--classes', 'a,b,c', '--mean', '0.5', '--std', '0.25,0.25,0.3'];

beforeAll(async () => {
  await loadCodecs();
  await writeInto(top, await pictures('tiles/'));
  await writeFile(at('resnet.safetensors'), bytesOf(resnetCheckpoint()));
  await writeFile(at('mobilenet.safetensors'), bytesOf(mobileNetCheckpoint()));
  await writeFile(at('vgg.safetensors'), bytesOf(vggCheckpoint()));
  await writeFile(at('sequence.safetensors'), bytesOf(sequenceCheckpoint()));
  await writeFile(at('lab.safetensors'), encodeModel(tinyModel()));
});

const NETWORKS = [
  { file: 'resnet', kind: 'ResNet', more: [] },
  { file: 'mobilenet', kind: 'MobileNet-V2', more: [] },
  { file: 'vgg', kind: 'VGG', more: [] },
  { file: 'sequence', kind: 'sequence of layers', more: ['--layers', SEQUENCE_LINE] },
];

describe.each(NETWORKS)('$file', ({ file, kind, more }) => {
  const own = at(`${file}-own.safetensors`);
  const data = ['--data', at('tiles')];

  test('comes in, is evaluated, pruned, rounded, fine-tuned and exported again', async () => {
    const came = await labJson(['adopt', at(`${file}.safetensors`), '--out', own, ...TOLD, ...more]);
    expect(came).toMatchObject({
      ...{ kind, family: 'imported', group: 'C1', input: { size: 8, channels: 3 }, classes: ['a', 'b', 'c'] },
      ...{ normalisation: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.3] }, notes: [] },
    });
    const met = await labJson(['evaluate', own, ...data, '--split', 'all']);
    expect(met.equivarianceError.at(-1).max).toBeGreaterThan(1e-3);
    expect(met.breaksAt).toBe(met.equivarianceError[0].layer);

    const pruned = at(`${file}-pruned.safetensors`);
    const choice = ['--units', 'filters', '--ratio', '0.5', '--method', 'taylor', '--compensation', 'mean'];
    const less = await labJson(['prune', own, ...choice, ...data, '--out', pruned]);
    expect(less.after.params).toBeLessThan(0.7 * less.before.params);

    const tuned = at(`${file}-tuned.safetensors`);
    const tuning = ['--from', own, '--scope', 'network', '--out', tuned];
    expect(await labJson(['finetune', pruned, ...data, ...tuning])).toHaveProperty('triggered');

    const whole = at(`${file}.onnx`);
    const written = await labJson(['export', pruned, '--format', 'onnx', '--out', whole]);
    expect(written.check).toMatchObject({ answersThatDiffer: 0 });
    expect(written.check.largestDifference).toBeLessThan(1e-5);
    // What was written comes in again, with all that has to be known.
    const again = await labJson(['adopt', whole, '--out', at(`${file}-again.safetensors`)]);
    expect(again).toMatchObject({
      kind: 'ONNX',
      params: less.after.params,
      classes: ['a', 'b', 'c'],
      notes: [],
    });
    const direct = await labJson(['evaluate', whole, ...data, '--split', 'all']);
    const before = await labJson(['evaluate', pruned, ...data, '--split', 'all']);
    expect(direct.angles).toEqual(before.angles);

    const rounded = at(`${file}-int8.safetensors`);
    const int8 = await labJson(['quantize', pruned, '--layers', 'all', ...data, '--out', rounded]);
    expect(int8.after.bytes).toBeLessThan(int8.before.bytes);
  });
});

const bad: readonly (readonly [string, string, readonly string[], RegExp])[] = [
  [
    'without a size',
    'resnet',
    ['--mean', '0', '--std', '1'],
    /does not say the size of its pictures \(--size 32\)/,
  ],
  [
    'without a normalisation',
    'sequence',
    ['--size', '8', '--layers', SEQUENCE_LINE],
    /normalised by \(--mean/,
  ],
  ['without an order', 'sequence', TOLD, /"a\.conv\.weight".*names are those of no network.*--layers/],
  [
    'a word that is none',
    'sequence',
    [...TOLD, '--layers', 'a.conv swish c'],
    /say "swish", which is neither/,
  ],
  [
    'a number that is none',
    'sequence',
    [...TOLD, '--layers', 'a.conv maxpool:x'],
    /"maxpool:x", whose numbers are none/,
  ],
  [
    'layers left out',
    'sequence',
    [...TOLD, '--layers', 'a.conv relu average c'],
    /does not name: "a\.norm" \(.*\); "b" \(/,
  ],
  [
    'layers that do not fit',
    'sequence',
    [...TOLD, '--layers', 'a.conv a.norm relu b flatten c'],
    /"c" reads 16 numbers, and 256 stand before it/,
  ],
  ['too few classes', 'vgg', ['--size', '8', '--classes', 'a,b'], /tells 3 classes apart, and 2 are named/],
  ['a class twice', 'vgg', ['--size', '8', '--classes', 'a,b,a'], /names a class twice/],
  ['an empty class', 'vgg', ['--size', '8', '--classes', 'a,,b'], /a name that is empty/],
  [
    'means of other channels',
    'vgg',
    ['--size', '8', '--mean', '0,1', '--std', '1'],
    /reads 3 channels, and there are 2 means/,
  ],
  ['a deviation of zero', 'vgg', ['--size', '8', '--mean', '0', '--std', '0'], /above zero/],
  ['no number', 'vgg', ['--mean', 'half'], /--mean needs numbers/],
  ['pictures too small', 'vgg', ['--size', '4000'], /Pictures of 4000×4000 pixels are not read/],
  ['a network of the lab', 'lab', TOLD, /is a network of the lab already/],
];

test.each(bad)('%s: refused, and nothing is written', async (_, file, more, words) => {
  const out = at('never.safetensors');
  const outcome = await lab('adopt', at(`${file}.safetensors`), '--out', out, ...more);
  expect(outcome.err).toMatch(words);
  expect(outcome.code).toBe(2);
  expect(existsSync(out)).toBe(false);
});

test('a pickle, a picture, and a file that other verbs cannot know enough of are refused in words', async () => {
  await writeFile(at('net.pt'), Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0));
  await writeFile(at('net.txt'), 'a network');
  const files: readonly (readonly [string, RegExp])[] = [
    ['net.pt', /PyTorch's own .*save_file/],
    ['net.txt', /neither a safetensors file nor ONNX/],
  ];
  for (const [file, words] of files) {
    const { code, err } = await lab('adopt', at(file), '--out', at('never.safetensors'), ...TOLD);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(words) });
  }
  const { code, err } = await lab('evaluate', at('vgg.safetensors'), '--data', at('tiles'));
  expect({ code, err }).toEqual({
    code: 2,
    err: expect.stringMatching(/--size 32.*"lab adopt" takes it in/),
  });
  expect(await readFile(at('vgg.safetensors'))).toEqual(Buffer.from(bytesOf(vggCheckpoint())));
});

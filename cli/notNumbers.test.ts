/**
 * NaN, infinity and data that says nothing, planted where a person brings files: the command line refuses or stops in a
 * sentence, with exit code 2, and what was good before is still there.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadCodecs, picture, png } from '../src/lab/data/testing/pictures';
import { BadInput } from '../src/lab/errors';
import { namedArch } from '../src/lab/families/gcnn/zoo';
import { decodeAnyModel, encodeModel } from '../src/lab/files/modelFile';
import { PLANAR_NORM } from '../src/lab/nn/maps/names';
import { quantiseModel } from '../src/lab/quantize/quantise';
import { watchKernels } from '../src/lab/testing/planting';
import { STEERING } from '../src/lab/testing/steering';
import { bytesOf, type StrangeFile, strangeFile, withFloat } from '../src/lab/testing/strangeFiles';
import { tinyDataset, tinyModel } from '../src/lab/testing/tiny';
import { lab } from './testing/commands';
import { pictures, writeInto } from './testing/lab';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-numbers-'));
const at = (...name: string[]): string => path.join(top, ...name);
afterAll(() => rm(top, { recursive: true }));

/** What a command writes, run in this process; its error, where it is refused. */
async function run(...args: string[]): Promise<{ out: string; err: string; error: Error | null }> {
  const [out, err] = [[] as string[], [] as string[]];
  const writing = (to: string[]) => ((text: string) => to.push(String(text)) > 0) as never;
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(writing(out)),
    vi.spyOn(process.stderr, 'write').mockImplementation(writing(err)),
  ];
  const program = lab();
  for (const verb of [program, ...program.commands]) verb.exitOverride();
  try {
    await program.parseAsync(args, { from: 'user' });
    return { out: out.join(''), err: err.join(''), error: null };
  } catch (error) {
    return { out: out.join(''), err: err.join(''), error: error as Error };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

async function refused(words: RegExp, ...args: string[]): Promise<void> {
  const { out, error } = await run(...args);
  expect(error).toBeInstanceOf(BadInput);
  expect(error!.message).toMatch(words);
  expect(error!.message).not.toMatch(STEERING);
  expect(out).toBe('');
}

const model = tinyModel();
const tile = () => png(picture(8, 8, 1));
/** A short training on tiles, into a folder. */
const training = (tiles: string, out: string): string[] => [
  ...['train', 'tiny', '--data', at(tiles), '--out', at(out)],
  ...['--epochs', '3', '--batch', '16', '--size', '8', '--quiet'],
];
const evaluation = (network: string, tiles: string): string[] => ['evaluate', network, '--data', at(tiles)];

beforeAll(async () => {
  await loadCodecs();
  await writeInto(top, [...(await pictures('tiles/')), ['tile.png', await tile()]]);
});

const float = (name: string, value: number) => (file: StrangeFile) => {
  file.tensors.set(name, withFloat(file.tensors.get(name)!, 1, value));
};

describe('a network file', () => {
  const plants: readonly [what: string, bytes: () => Uint8Array, words: RegExp][] = [
    [
      'NaN in a convolution',
      () => strangeFile(model, float('conv1.weight', Number.NaN)),
      /"conv1.weight" holds NaN/,
    ],
    [
      'infinity in a norm',
      () => strangeFile(model, float('norm2.scale', Number.POSITIVE_INFINITY)),
      /"norm2.scale" holds Infinity/,
    ],
    [
      'NaN in a running variance',
      () => strangeFile(model, float('norm1.variance', Number.NaN)),
      /"norm1.variance" holds NaN/,
    ],
    [
      'infinity in a bias',
      () => strangeFile(model, float('dense1.bias', Number.NEGATIVE_INFINITY)),
      /"dense1.bias" holds -Infinity/,
    ],
    [
      'NaN in the scales of integers',
      () =>
        strangeFile(
          quantiseModel(model, { layers: 'all', range: 'tile' }),
          float('conv2.weight_scale', Number.NaN),
        ),
      /"conv2.weight_scale" holds NaN/,
    ],
    [
      'what 64 bits hold and 32 do not',
      () =>
        strangeFile(model, ({ tensors }) => {
          tensors.set('dense2.bias', {
            dtype: 'F64',
            shape: [3],
            bytes: bytesOf(Float64Array.of(1e300, 0, 0)),
          });
        }),
      /"dense2.bias" holds Infinity/,
    ],
    [
      'an infinite mean',
      () =>
        strangeFile(model, ({ metadata }) => {
          metadata.normalisation = '{"mean":[1e999,0,0],"std":[1,1,1]}';
        }),
      /normalisation.mean/,
    ],
    [
      'a deviation of zero',
      () =>
        strangeFile(model, ({ metadata }) => {
          metadata.normalisation = '{"mean":[0,0,0],"std":[1,0,1]}';
        }),
      /normalisation.std/,
    ],
    [
      'weights too large to multiply',
      () =>
        encodeModel({
          ...model,
          params: {
            ...model.params,
            'dense2.weight': {
              ...model.params['dense2.weight'],
              data: model.params['dense2.weight'].data.map(() => 3e38),
            },
            'dense2.bias': { shape: [3], data: Float32Array.of(3e38, 3e38, 3e38) },
          },
        }),
      /(answers hold|leave hold) (Infinity|NaN), which is no number/,
    ],
  ];

  test.each(plants)('with %s is answered by no figure', async (_, bytes, words) => {
    await writeFile(at('planted.safetensors'), bytes());
    const file = at('planted.safetensors');
    await refused(words, 'classify', file, at('tile.png'), '--quiet');
    await refused(words, ...evaluation(file, 'tiles'), '--quiet');
    await refused(words, 'export', file, '--out', at('taken.zip'));
    expect(existsSync(at('taken.zip'))).toBe(false);
  });

  test('with weights too large is neither pruned nor quantised nor fine-tuned', async () => {
    await writeFile(at('large.safetensors'), plants.at(-1)![1]());
    const of = (out: string) => ['--data', at('tiles'), '--out', at(out), '--quiet'];
    await refused(/no number/, 'prune', at('large.safetensors'), '--ratio', '0.5', ...of('p.safetensors'));
    await refused(/no number/, 'quantize', at('large.safetensors'), ...of('q.safetensors'));
    await refused(
      /no number/,
      'finetune',
      at('large.safetensors'),
      '--from',
      at('large.safetensors'),
      ...of('f.safetensors'),
    );
    expect((await readdir(top)).filter((name) => /^[pqf]\.safetensors/.test(name))).toEqual([]);
  });

  test('that is a device, a folder, a socket or endless is refused at once', async () => {
    await refused(/"\/dev\/zero" is no file but a device/, 'classify', '/dev/zero', at('tile.png'));
    await refused(/is a folder, where a file is meant/, ...evaluation(at('tiles'), 'tiles'));
    const socket = createServer().listen(at('socket'));
    await new Promise((resolve) => socket.once('listening', resolve));
    await refused(/a device, a pipe or a socket/, 'classify', at('socket'), at('tile.png'));
    socket.close();
    await writeFile(at('sparse'), new Uint8Array(1));
    const { truncate } = await import('node:fs/promises');
    await truncate(at('sparse'), 2 ** 40);
    await refused(/has 1099511627776 bytes, more than any network/, 'classify', at('sparse'), at('tile.png'));
    await rm(at('sparse'));
  });

  test('of other floats is read, and it is said', async () => {
    const halves = strangeFile(model, ({ tensors }) => {
      tensors.set('dense2.bias', { dtype: 'BF16', shape: [3], bytes: bytesOf(Uint16Array.of(0x3f00, 0, 0)) });
    });
    await writeFile(at('halves.safetensors'), halves);
    const { error, err } = await run('classify', at('halves.safetensors'), at('tile.png'), '--quiet');
    expect(error).toBeNull();
    expect(err).toMatch(/holds weights as BF16; they are read as 32-bit floats\.\n$/);
  });
});

test('a training that goes astray keeps its last good epoch, writes its best network, and goes on', async () => {
  const watched = watchKernels([PLANAR_NORM]);
  // In the first batch of the second epoch: there are two an epoch, of 27 tiles.
  watched.plant({ kernel: PLANAR_NORM, value: Number.NaN, after: 2 * namedArch('tiny').blocks.length });
  const { error } = await run(...training('tiles', 'astray'));
  watched.end();
  expect(error).toBeInstanceOf(BadInput);
  const words = /went astray in epoch 2: .* Everything up to epoch 1 is kept.* Its network is in "(.*)"/.exec(
    error!.message,
  );
  expect(decodeAnyModel(new Uint8Array(await readFile(words![1]))).classes).toEqual(['a', 'b', 'c']);
  // Nothing is planted any more: it goes on, to the network that one without a plant leaves.
  for (const out of ['astray', 'whole']) expect((await run(...training('tiles', out))).error).toBeNull();
  const bytesOf = (out: string) => readFile(at(out, 'models', 'train.safetensors'));
  const weights = (bytes: Uint8Array) => decodeAnyModel(new Uint8Array(bytes)).params;
  expect(weights(await bytesOf('astray'))).toEqual(weights(await bytesOf('whole')));
});

describe('data that says nothing', () => {
  /** The tiles with some channels of one value. */
  async function tilesOf(folder: string, change: (rgba: Uint8ClampedArray) => void): Promise<void> {
    const { classes, labels, pixels, count, size } = tinyDataset(15);
    const area = size * size;
    for (let i = 0; i < count; i++) {
      const data = new Uint8ClampedArray(4 * area).fill(255);
      for (let p = 0; p < area; p++)
        data.set(pixels.subarray(3 * (i * area + p), 3 * (i * area + p) + 3), 4 * p);
      change(data);
      const name = `${folder}/${classes[labels[i]]}/${i}.png`;
      await writeInto(top, [[name, await png({ width: size, height: size, data } as never)]]);
    }
  }
  const set = (rgba: Uint8ClampedArray, channels: readonly number[], value: number) => {
    for (let i = 0; i < rgba.length; i += 4) for (const c of channels) rgba[i + c] = value;
  };

  test('in one channel or two is told of, trained without them, and its network opens', async () => {
    for (const [folder, channels, value, words] of [
      ['no blue', [2], 0, /The blue channel never varies: it is 0 /],
      ['full red', [0], 255, /The red channel never varies: it is 255 /],
      ['only green', [0, 2], 77, /The red channel never varies.*The blue channel never varies/s],
    ] as const) {
      await tilesOf(folder, (rgba) => set(rgba, channels, value));
      const args = training(folder, `of ${folder}`);
      const first = await run(...args);
      expect([first.error, first.out]).toEqual([null, expect.stringMatching(words)]);
      expect(first.err).toMatch(words);
      const again = await run(...args);
      expect(again.out).toMatch(words);
      const network = at(`of ${folder}`, 'models', 'train.safetensors');
      const { error, out } = await run(...evaluation(network, folder), '--quiet', '--json');
      expect(error).toBeNull();
      expect(out).not.toMatch(/null|NaN|Infinity/);
    }
  });

  test('in any channel is no training, and nothing is written', async () => {
    await tilesOf('grey', (rgba) => set(rgba, [0, 1, 2], 128));
    await refused(
      /All 27 training tiles of "grey" are the same picture, which never varies/,
      ...training('grey', 'of grey'),
    );
    expect(existsSync(at('of grey'))).toBe(false);
  });
});

test('a seed that is too large is told so', async () => {
  const seeded = (seed: string) => [...training('tiles', 'seed'), '--seed', seed];
  for (const seed of ['4294967296', '1e20'])
    await refused(/--seed needs a whole number of at most 4294967295, not "/, ...seeded(seed));
  await refused(/--seed needs a whole number of at least 0, not "-1"/, ...seeded('-1'));
});

test('names as long as a file, and signs that steer a terminal, are cut and plain in tables and errors', async () => {
  const long = `\u202e\u001b[2J${'gnp\n'.repeat(2 ** 18)}`;
  await writeFile(
    at('named.safetensors'),
    encodeModel({ ...model, classes: [long, 'b', 'c'], provenance: { dataset: long } }),
  );
  const { out, error } = await run('classify', at('named.safetensors'), at('tile.png'), '--turns', '--quiet');
  expect(error).toBeNull();
  expect(out.replaceAll('\n', '')).not.toMatch(STEERING);
  expect(out.length).toBeLessThan(1500);
  await refused(/^The network tells 3 classes apart/, ...evaluation(at('named.safetensors'), 'tiles'));
  const report = JSON.stringify({ kind: 'orbit-lab report', version: 1, title: long });
  await mkdir(at('report'));
  await writeFile(at('report', 'report.json'), report);
  await refused(/is a damaged report/, 'redraw', at('report'));
  await mkdir(at('empty'));
  await refused(/./, ...evaluation(`${at('empty')}/\u202e\u0007x`, 'tiles'));
});

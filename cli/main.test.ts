/** The command line as a person meets it: exit codes, what it prints and what it leaves; some of it in real processes. */
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cifarBatch, gzipped, tarred } from '../src/lab/data/testing/official';
import { loadCodecs, zipOf } from '../src/lab/data/testing/pictures';
import { deadAddress, testServer, whole } from '../src/lab/data/testing/server';
import { initialParams } from '../src/lab/families/init';
import { namedComparator } from '../src/lab/families/mobile/spec';
import { encodeModel } from '../src/lab/files/modelFile';
import { dataSectionBytes } from '../src/lab/files/safetensors';
import type { AnyModel } from '../src/lab/nn/model';
import { quantiseModel } from '../src/lab/quantize/quantise';
import { shakenModel, TINY_MOBILE, tinyModel } from '../src/lab/testing/tiny';
import { findCompiler } from './node/compiledC';
import { lab, labJson, labProcess, pictures, writeInto } from './testing/lab';

const SIZE = 8;
const top = await mkdtemp(path.join(tmpdir(), 'orbit-cli-'));
const at = (name: string): string => path.join(top, name);

afterAll(() => rm(top, { recursive: true }));

const json = (...args: string[]) => labJson(args);

const write = (files: readonly [string, Uint8Array][]) => writeInto(top, files);

beforeAll(async () => {
  await loadCodecs();
  await write(await pictures('tiles/'));
});

describe('describe', () => {
  test.each([
    [['paper'], 532066],
    [['paper', '--hidden', '90'], 376000],
    [['efficient'], 376000],
    [['c4'], 528994],
    [['c4-twin', '--head', 'pooled'], 94002],
    [['base'], 359082],
    [['mobilenet-v2', '--classes', '1000', '--size', '224'], 3504872],
    [['efficientnet-lite0', '--classes', '1000', '--size', '224'], 4652008],
    [['mobilenet-v2'], 2236682],
  ])('%j has %i parameters', async (args, params) => {
    const described = await json('describe', ...args);
    expect(described.params).toBe(params);
    const sum = (key: string) =>
      described.layers.reduce((total: number, layer: never) => total + layer[key], 0);
    expect(sum('params')).toBe(params);
    expect(sum('macs')).toBe(described.macs);
    expect(sum('bytes')).toBe(described.bytes);
    // A comparator has no form that runs elsewhere.
    if (args[0].includes('net')) expect(described.exported).toBeNull();
    else expect(sum('exported')).toBe(described.exported);
  });

  test('in 8-bit integers: a byte per weight', async () => {
    const float = await json('describe', 'paper');
    const dense = await json('describe', 'paper', '--int8', 'dense');
    expect(dense.params).toBe(532066);
    // 4,096 × 128 + 128 × 10 weights of 1 byte instead of 4; one scale of 4 bytes for each matrix.
    expect(float.bytes - dense.bytes).toBe(3 * (4096 * 128 + 128 * 10) - 2 * 4);
  });

  test('without --json prints a table; a process of its own ends with the same code', async () => {
    const { code, out, err } = await labProcess('describe', 'paper');
    expect(await lab('describe', 'paper')).toEqual({ code, out, err });
    expect(code).toBe(0);
    expect(out).toMatch(/532066/);
  });
});

describe('describe --against', () => {
  test('a design beside the same with fewer neurons, and in integers', async () => {
    const found = await json('describe', 'paper', '--against', 'efficient');
    expect(found).toMatchObject({
      before: { name: 'paper', params: 532066 },
      after: { params: 376000 },
      removed: [{ unit: 'neuron', count: 38 }],
    });
    const words = found.pairs.filter(({ fate }: { fate: string }) => fate === 'changed');
    expect(words.map(({ before }: { before: { name: string } }) => before.name)).toEqual([
      'dense1',
      'dense2',
    ]);
    const rounded = await json('describe', 'c4', '--int8', 'all', '--against', 'c4');
    expect(rounded.pairs.some(({ fate }: { fate: string }) => fate === 'new')).toBe(true);
  });

  test('a file beside the shipped network it was pruned from; as a table, each layer on a line', async () => {
    const pruned = ['--units', 'fields', '--ratio', '0.5', '--method', 'l2', '--data', 'synthetic'];
    const out = at('half-tiny.safetensors');
    await json('prune', 'synthetic-tiny', ...pruned, '--out', out);
    const { before, after, removed, pairs } = await json('describe', 'synthetic-tiny', '--against', out);
    expect(after.params).toBeLessThan(before.params);
    expect(removed.map(({ unit }: { unit: string }) => unit)).toEqual(['field']);
    const { code, out: table } = await lab('describe', 'synthetic-tiny', '--against', out);
    expect(code).toBe(0);
    for (const { before } of pairs) expect(table).toMatch(new RegExp(`^${before.name} `, 'm'));
    expect(table).toContain(`${removed[0].count} fields went`);
    expect(table).toMatch(new RegExp(`^total +${before.params} ⇒ ${after.params}`, 'm'));
    const itself = await json('describe', out, '--against', out);
    expect(new Set(itself.pairs.map(({ fate }: { fate: string }) => fate))).toEqual(new Set(['same']));
  });

  test('a design that is changed is called by what changed it; of a file that is not there it is said', async () => {
    const { out } = await lab('describe', 'c4', '--group', 'D4', '--hidden', '90');
    expect(out).toMatch(/^c4 --group D4 --hidden 90: D4, .* 90 hidden neurons/);
    const missing = await lab('describe', 'missing.onnx');
    expect([missing.code, missing.err]).toEqual([
      2,
      expect.stringMatching(/^There is no model file "missing.onnx"/),
    ]);
  });

  test.each([
    [['synthetic-tiny', '--hidden', '4'], /--hidden changes a design/],
    [['c4', '--against', 'no-such-network'], /no-such-network/],
  ])('refuses %j', async (args, why) => {
    const { code, err } = await lab('describe', ...args);
    expect([code, err]).toEqual([2, expect.stringMatching(why)]);
  });
});

describe('a whole experiment', () => {
  const recipe = {
    version: 2,
    name: 'small study',
    arch: { id: 'tiny', size: SIZE },
    stages: [
      { kind: 'train', settings: { epochs: 4, batch: 16, learningRate: 0.02 } },
      {
        kind: 'sweep',
        neurons: {
          ratios: [0.5],
          methods: ['l2', 'variance'],
          compensations: ['none', 'mean'],
          finetune: { epochs: 2 },
        },
      },
      { kind: 'check', from: 'train' },
    ],
  };
  const timeless = (report: object) =>
    JSON.parse(JSON.stringify(report, (key, value) => (key === 'seconds' || key === 'models' ? 0 : value)));

  test('run, run again, resume, curve, prune, finetune, evaluate', async () => {
    await writeFile(at('recipe.json'), JSON.stringify(recipe));
    const run = (out: string) =>
      json('run', at('recipe.json'), '--data', at('tiles'), '--out', at(out), '--seed', '3');
    const first = await run('one');
    expect(first.data.splits).toEqual({ train: 27, val: 9, test: 9 });
    expect(first.seed).toBe(3);
    expect(first.stages.map(({ name }: { name: string }) => name)).toEqual([
      'train',
      ...['l2 none', 'l2 mean', 'variance none', 'variance mean'].flatMap((cell) => [
        `prune ${cell} 50%`,
        `finetune ${cell} 50%`,
      ]),
      'check test',
    ]);
    // In a process of its own too.
    const two = [
      'run',
      at('recipe.json'),
      '--data',
      at('tiles'),
      '--out',
      at('two'),
      '--seed',
      '3',
      '--json',
    ];
    const { code, out } = await labProcess(...two);
    expect(code).toBe(0);
    expect(timeless(JSON.parse(out))).toEqual(timeless(first));
    // What was finished is not run again: even the times are the old ones.
    expect(await run('one')).toEqual(first);

    const model = first.models[0];
    const curve = await json(
      'curve',
      model,
      '--data',
      at('tiles'),
      '--method',
      'variance',
      '--compensation',
      'mean',
    );
    expect(curve.points).toHaveLength(curve.units);
    expect(curve.points[0].accuracy).toBe(first.stages[0].accuracy);

    const pruned = await json(
      'prune',
      model,
      '--ratio',
      '0.9',
      '--data',
      at('tiles'),
      '--out',
      at('pruned.safetensors'),
    );
    expect(pruned.kept).toHaveLength(1);
    expect(pruned.before.accuracy).toBe(first.stages[0].accuracy);
    expect(pruned.after.params).toBeLessThan(pruned.before.params);
    expect(pruned.after.exported).toBeLessThan(pruned.before.exported);
    expect(first.stages[0].exported).toBe(pruned.before.exported);
    expect([pruned.before.agreement, pruned.after.agreement]).toEqual([1, 1]);

    const broken = await json(
      ...['prune', model, '--ratio', '0.5', '--cascade', 're-initialised', '--data', at('tiles')],
      ...['--out', at('broken.safetensors')],
    );
    const whole = await json(
      ...['prune', model, '--ratio', '0.5', '--data', at('tiles'), '--out', at('whole.safetensors')],
    );
    expect(broken.kept).toEqual(whole.kept);
    expect(broken.after.params).toBe(whole.after.params);
    expect(await readFile(at('broken.safetensors'))).not.toEqual(await readFile(at('whole.safetensors')));

    const tuned = await json(
      ...['finetune', at('pruned.safetensors'), '--from', model, '--data', at('tiles')],
      ...['--scope', 'network', '--out', at('tuned.safetensors')],
    );
    expect(tuned.baseline).toBe(pruned.before.accuracy);
    expect(tuned.exported).toBe(pruned.after.exported);
    expect(tuned.start).toBe(pruned.after.accuracy);
    expect(tuned.triggered).toBe(tuned.baseline - tuned.start > 0.02);

    const evaluated = await json(
      'evaluate',
      at('tuned.safetensors'),
      '--data',
      at('tiles'),
      '--angles',
      '0,45,90',
    );
    expect(evaluated.angles.map(({ degrees }: { degrees: number }) => degrees)).toEqual([0, 45, 90]);
    expect(evaluated.agreement).toBe(1);
    expect(evaluated.equivarianceError.length).toBe(5);
  }, 120_000);

  test('prune inside the trunk: fields under a budget, a ring of a kernel, and the counter-example', async () => {
    const inside = (...options: string[]) => [
      'prune',
      at('one/models/train.safetensors'),
      '--data',
      at('tiles'),
      ...options,
    ];
    const fields = await json(
      ...inside('--units', 'fields', '--budget', 'macs=0.6', '--out', at('fields.safetensors')),
    );
    expect(fields.after.macs).toBeLessThanOrEqual(0.6 * fields.before.macs);
    expect(fields.after.agreement).toBe(1);
    const sum = (at: 0 | 1) =>
      fields.layers.reduce((total: number, each: { params: number[] }) => total + each.params[at], 0);
    expect([sum(0), sum(1)]).toEqual([fields.before.params, fields.after.params]);
    const ring = await json(
      ...inside('--units', 'orbits', '--layer', '2', '--ring', '--out', at('ring.safetensors')),
    );
    const conv2 = ring.layers.find(({ name }: { name: string }) => name === 'conv2');
    expect(conv2.macs[0] / conv2.macs[1]).toBe(9);
    const naive = await json(
      ...inside('--units', 'channels', '--layer', '2', '--ratio', '0.5', '--method', 'random'),
    );
    expect(naive.whole.equivarianceError.at(-1).max).toBeLessThan(1e-5);
    expect(naive.channels.equivarianceError.at(-1).max).toBeGreaterThan(1e-4);
  }, 120_000);

  test('distill, quantize, evaluate', async () => {
    const teacher = at('one/models/train.safetensors');
    const data = ['--data', at('tiles')];
    const distilled = await json(
      ...['distill', teacher, ...data, '--out', at('student.safetensors'), '--hidden', '5'],
      ...['--epochs', '3', '--batch', '16', '--learning-rate', '0.02', '--alpha', '0.3'],
    );
    expect(distilled.student.params).toBeLessThan(distilled.teacher.params);
    expect(distilled.epochs).toHaveLength(3);

    const small = at('int8.safetensors');
    const args = ['quantize', at('student.safetensors'), ...data, '--out', small, '--layers', 'all'];
    const quantised = await json(...args);
    expect(quantised.before.accuracy).toBe(distilled.student.accuracy);
    expect(quantised.before.bytes).toBe(distilled.student.bytes);
    expect(quantised.after.bytes).toBeLessThan(quantised.before.bytes);
    expect(quantised.before.exported).toBe(distilled.student.exported);
    expect(quantised.after.exported).toBeLessThan(quantised.before.exported);
    const evaluated = await json('evaluate', small, ...data, '--split', 'val');
    expect(evaluated).toMatchObject({ bytes: quantised.after.bytes, exported: quantised.after.exported });
    expect(evaluated.angles[0].accuracy).toBe(quantised.after.accuracy);
    expect([evaluated.agreement, quantised.after.agreement]).toEqual([1, 1]);

    for (const verb of [
      ['prune', small, '--ratio', '0.5', ...data, '--out', at('never')],
      ['quantize', small, ...data, '--out', at('never')],
    ]) {
      const { code, err } = await lab(...verb);
      expect(code).toBe(2);
      expect(err).toMatch(/quantise last/);
    }
    const { code, err } = await lab('distill', teacher, ...data, '--out', at('never'), '--alpha', '1.5');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/--alpha does not fit/) });
    expect(existsSync(at('never'))).toBe(false);
  }, 120_000);

  test('a folder that holds another run is left alone', async () => {
    const args = ['run', at('recipe.json'), '--data', at('tiles'), '--out', at('one'), '--seed', '4'];
    const { code, err } = await lab(...args);
    expect(code).toBe(2);
    expect(err).toMatch(/another recipe, seed or dataset/);
  });

  test('evaluates every tile of a set it has never seen, some of the classes and no split', async () => {
    const model = at('one/models/train.safetensors');
    const known = await json('evaluate', model, '--data', at('tiles'), '--split', 'all');
    expect(known).toMatchObject({ split: 'all', n: 45, trainedOnThisSet: true });
    const parts = await Promise.all(
      ['train', 'val', 'test'].map((split) =>
        json('evaluate', model, '--data', at('tiles'), '--split', split),
      ),
    );
    const right = ({ n, angles }: { n: number; angles: { accuracy: number }[] }) =>
      Math.round(n * angles[0].accuracy);
    expect(parts.reduce((sum, part) => sum + right(part), 0)).toBe(right(known));

    // Two tiles of one class and one of another: too few for any split, and the first class is missing.
    const few = (await pictures('few/')).filter(([name]) => /few\/[bc]\//.test(name));
    const [b, c] = ['b', 'c'].map((name) => few.filter(([path]) => path.startsWith(`few/${name}/`)));
    await write([...b.slice(0, 2), c[0]]);
    const unseen = ['evaluate', model, '--data', at('few'), '--split'];
    expect((await lab(...unseen, 'test')).code).toBe(2);
    const { out, code } = await lab(...unseen, 'all');
    expect(code).toBe(0);
    expect(out).toMatch(/^all 3 tiles of few, no split made\n\n/);
    expect(await json(...unseen, 'all')).toMatchObject({ split: 'all', n: 3, trainedOnThisSet: false });
    // Labels are the network's, not those of a folder that lacks a class.
    const own = [...(await pictures('first/')), ...(await pictures('rest/'))];
    await write(
      own.filter(([name]) => /first\/a|first\/b\/\d*[02468]\.|rest\/b\/\d*[13579]\.|rest\/c/.test(name)),
    );
    const [first, rest] = await Promise.all(
      ['first', 'rest'].map((name) => json('evaluate', model, '--data', at(name), '--split', 'all')),
    );
    expect(right(first) + right(rest)).toBe(right(known));
    const refused = await lab(...unseen, 'all', '--split-seed', '2');
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/says nothing with --split all/)]);
  }, 120_000);

  test('a zip of the same tiles gives the same figures', async () => {
    const zip = await zipOf(await pictures('2750/'));
    await writeFile(at('tiles.zip'), new Uint8Array(await zip.arrayBuffer()));
    const evaluate = (data: string) => json('evaluate', at('one/models/train.safetensors'), '--data', data);
    expect(await evaluate(at('tiles.zip'))).toEqual(await evaluate(at('tiles')));
  });
});

describe('bad input ends with exit code 2, one sentence, and nothing written', () => {
  const out = at('never');
  const cases: [string, () => Promise<string[]> | string[], RegExp][] = [
    ['an unknown verb', () => ['paint'], /unknown command/],
    ['a missing option', () => ['run', 'tiny'], /required option/],
    ['an unknown architecture', () => ['describe', 'c5'], /no architecture "c5"/],
    ['an unknown head', () => ['describe', 'c4', '--head', 'round'], /no head "round"/],
    ['a comparator with hidden neurons', () => ['describe', 'mobilenet-v2', '--hidden', '9'], /no hidden to/],
    ['half a hidden neuron', () => ['describe', 'c4', '--hidden', '1.5'], /whole number/],
    ['an odd input size', () => ['describe', 'c4', '--size', '30'], /even sizes/],
    ['an unknown preset', () => ['run', 'nope', '--data', at('tiles'), '--out', out], /no preset "nope"/],
    ['a missing recipe', () => ['run', at('no.json'), '--data', at('tiles'), '--out', out], /no file/],
    ['a data set to remove that there is not', () => ['data', 'remove', 'nowhere'], /nothing was removed/],
    ['the synthetic data set to remove', () => ['data', 'remove', 'synthetic'], /made by code/],
    ['missing data', () => ['run', 'tiny', '--data', at('nowhere'), '--out', out], /nowhere/],
    ['a missing model', () => ['evaluate', at('no.safetensors'), '--data', at('tiles')], /no model file/],
    [
      'an unknown table',
      () => ['reproduce', 'table-9', '--out', out],
      /Choose one of: table-2, table-4, table-5/,
    ],
    ['a report that is not there', () => ['redraw', at('nowhere')], /give the folder of a report/],
    ['too many seeds', () => ['reproduce', 'table-2', '--out', out, '--seeds', '21'], /at most 20/],
    [
      'a task with data',
      () => ['reproduce', 'fluids', '--out', out, '--data', 'x=y'],
      /makes its own data.*leave out --data/,
    ],
    ['a part of a task', () => ['reproduce', 'detection', '--out', out, '--only', 'x'], /leave out --only/],
    [
      'a table too tiny',
      () => ['reproduce', 'table-2', '--out', out, '--scale', 'tiny'],
      /Choose one of: small, whole, full/,
    ],
    [
      'a task too large',
      () => ['reproduce', 'fluids', '--out', out, '--scale', 'huge'],
      /Choose one of: tiny, page, small, full/,
    ],
    ['a task too often', () => ['reproduce', 'fluids', '--out', out, '--seeds', '21'], /at most 20/],
    ['data without a name', () => ['reproduce', 'table-2', '--out', out, '--data', 'x.zip'], /eurosat=/],
    [
      'a ratio of 1.5',
      () => [
        ...['prune', at('one/models/train.safetensors'), '--ratio', '1.5'],
        ...['--data', at('tiles'), '--out', out],
      ],
      /ratio must be at least 0 and below 1/,
    ],
    ...['prune', 'curve'].map((verb): [string, () => Promise<string[]>, RegExp] => [
      `to ${verb} a comparator`,
      async () => {
        await writeFile(at('mobile.safetensors'), encodeModel(comparator()));
        const ratio = verb === 'prune' ? ['--ratio', '0.5', '--out', out] : [];
        return [verb, at('mobile.safetensors'), '--data', at('tiles'), ...ratio];
      },
      /mobilenet-v2, a comparator with a single dense layer: it has no hidden neurons/,
    ]),
    [
      'a ring of fields',
      () => ['prune', at('no.safetensors'), '--units', 'fields', '--ring', '--data', at('tiles')],
      /--ring says nothing about fields/,
    ],
    [
      'a budget without a share',
      () => [
        ...['prune', at('one/models/train.safetensors'), '--units', 'fields', '--budget', 'params'],
        ...['--data', at('tiles'), '--out', out],
      ],
      /like params=0\.5/,
    ],
    [
      'a network of naive channels',
      () => [
        ...['prune', at('one/models/train.safetensors'), '--units', 'channels', '--layer', '1'],
        ...['--ratio', '0.5', '--data', at('tiles'), '--out', out],
      ],
      /leaves no network/,
    ],
    [
      'an unknown method',
      () => ['curve', at('one/models/train.safetensors'), '--method', 'luck', '--data', at('tiles')],
      /no pruning method "luck"/,
    ],
    [
      'a truncated zip',
      async () => {
        const zip = new Uint8Array(await (await zipOf(await pictures(''))).arrayBuffer());
        await writeFile(at('cut.zip'), zip.subarray(0, zip.length / 2));
        return ['run', 'tiny', '--data', at('cut.zip'), '--out', out];
      },
      /cut\.zip/,
    ],
    [
      'a folder with one class',
      async () => {
        await write((await pictures('single/')).filter(([name]) => name.includes('/a/')));
        return ['run', 'tiny', '--data', at('single'), '--out', out];
      },
      /class/,
    ],
    [
      'a class without a picture',
      async () => {
        await write(await pictures('hollow/'));
        await mkdir(at('hollow/d'));
        return ['run', 'tiny', '--data', at('hollow'), '--out', out];
      },
      /folder d in/,
    ],
    [
      'a truncated archive',
      async () => {
        const whole = await gzipped(await tarred({ 'x/data_batch_1.bin': cifarBatch([1, 2, 3]) }));
        await writeFile(at('cut.tar.gz'), whole.subarray(0, -200));
        return ['run', 'tiny', '--data', at('cut.tar.gz'), '--out', out];
      },
      /cut\.tar(\.gz)? is truncated or damaged/,
    ],
    [
      'a teacher of other classes',
      () => ['distill', 'synthetic-tiny', '--data', at('tiles'), '--out', out],
      /tells 10 classes apart .* but the data has 3/,
    ],
    [
      'an empty folder',
      async () => {
        await mkdir(at('empty'));
        return ['run', 'tiny', '--data', at('empty'), '--out', out];
      },
      /picture/,
    ],
    [
      'a picture of the wrong size',
      async () => {
        await write(await pictures('mixed/'));
        const [[, bytes]] = await pictures('', 12);
        await write([['mixed/b/odd.png', bytes]]);
        return ['run', 'tiny', '--data', at('mixed'), '--out', out];
      },
      /odd\.png/,
    ],
    [
      'tiles of a size the network cannot read',
      async () => {
        await write(await pictures('twelve/', 12));
        return ['run', 'tiny', '--data', at('twelve'), '--out', out];
      },
      /12/,
    ],
    [
      'a file that is no model',
      async () => {
        await writeFile(at('text.safetensors'), 'just some text, long enough for a header');
        return ['evaluate', at('text.safetensors'), '--data', at('tiles')];
      },
      /text\.safetensors/,
    ],
  ];

  test.each(cases)('%s', async (name, args, sentence) => {
    // One of them as a process: what it ends with is what the others return.
    const { code, out: printed, err } = await (name === 'missing data' ? labProcess : lab)(...(await args()));
    expect({ code, printed }).toEqual({ code: 2, printed: '' });
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(existsSync(out)).toBe(false);
    expect((await readdir(top)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('a download that cannot be had', () => {
  const body = new TextEncoder().encode('not what was promised');
  const root = at('root');
  const fetching = async (url: string) => {
    const facts = { about: '', count: 1, size: 1, licence: 'none', citations: [] };
    const files = [{ url, md5: '0'.repeat(32) }];
    await write([
      [
        'root/datasets/noise.json',
        new TextEncoder().encode(JSON.stringify({ name: 'noise', title: 'Noise', ...facts, files })),
      ],
    ]);
    process.env.LAB_ROOT = root;
    try {
      // A process: the folder is chosen as it starts.
      return await labProcess('data', 'fetch', 'noise');
    } finally {
      delete process.env.LAB_ROOT;
    }
  };
  const left = async () =>
    (await readdir(root, { recursive: true })).filter((name) => /\.\w+$/.test(name)).sort();

  test('for its checksum is wrong is set aside, and nothing is imported', async () => {
    const server = await testServer();
    server.handler = whole(body);
    const { code, out, err } = await fetching(`${server.base}/noise.bin`);
    await server.close();
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/wrong md5 checksum; it was set aside as .*noise\.bin\.bad\. Run the same again/);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(await left()).toEqual(['datasets/downloads/noise/noise.bin.bad', 'datasets/noise.json']);
    await rm(root, { recursive: true });
  });

  test('for its host is out of reach leaves nothing', async () => {
    const { code, out, err } = await fetching(`${await deadAddress()}/noise.bin`);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/cannot be reached \(ECONNREFUSED\), so .* nothing was downloaded/);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(await left()).toEqual(['datasets/noise.json']);
  });
});

describe('time', () => {
  test('a network and the same without half of its fields, by both engines, in turn', async () => {
    const plan = ['--pruned', '0.5', '--runs', '2', '--batch', '1,2', '--threads', '1'];
    const { rows, peakTensorBytes, load, peakResidentBytes } = await json('time', 'synthetic-tiny', ...plan);
    expect(rows.length).toBe(8);
    for (const { network, engine, runs, p50, p95, toWhole, toLab } of rows) {
      expect(runs).toBe(2);
      expect(p50).toBeLessThanOrEqual(p95);
      expect(toWhole === null).toBe(network === 'synthetic-tiny');
      expect(toLab === null).toBe(engine === 'lab');
    }
    const [whole, , pruned] = peakTensorBytes;
    expect(pruned.network).toBe('synthetic-tiny −50 %');
    expect(pruned.bytes).toBeLessThan(whole.bytes);
    expect(load.length).toBe(2);
    expect(peakResidentBytes).toBeGreaterThan(1e7);
  });

  test.each([
    [['--engine', 'fast'], /There is no engine "fast"/],
    [['--batch', '1,0'], /--batch needs a whole number of at least 1/],
    [['--batch', '9999'], /up to 4096/],
    [['--pruned', '1'], /a share between 0 and 1/],
    [['--threads', '1,2,3', '--engine', 'onnxruntime'], /one number of threads beside 1/],
  ])('refuses %j', async (options, why) => {
    const { code, err } = await lab('time', 'synthetic-tiny', '--runs', '1', ...options);
    expect([code, err]).toEqual([2, expect.stringMatching(why)]);
  });

  test('refuses to take fields from a comparator', async () => {
    await writeFile(at('timed.safetensors'), encodeModel(comparator()));
    const { code, err } = await lab('time', at('timed.safetensors'), '--pruned', '0.5');
    expect([code, err]).toEqual([2, expect.stringMatching(/is mobilenet-v2/)]);
  });
});

describe('export', () => {
  test('writes a folder or a zip with the files that it tells, of their true sizes', async () => {
    const { files, config, check, exported } = await json('export', 'synthetic-tiny', '--out', at('taken'));
    expect((await readdir(at('taken'))).sort()).toEqual(files.map(({ name }: Named) => name).sort());
    for (const { name, bytes } of files)
      expect((await readFile(path.join(at('taken'), name))).length).toBe(bytes);
    expect(config).toMatchObject({ orientations: 4, head: 'orbit', size: 8 });
    expect(check).toHaveLength(config.classes.length);
    const network = await readFile(path.join(at('taken'), 'network.safetensors'));
    expect(exported).toBe(dataSectionBytes(network));
    const zip = await json('export', 'synthetic-tiny', '--out', at('taken.zip'));
    expect(zip.files).toEqual(files);
    expect((await readFile(at('taken.zip'))).subarray(0, 2).toString()).toBe('PK');
  });

  test('writes ONNX, run and held against the lab: a file, a folder, a zip', async () => {
    const network = ['export', 'synthetic-tiny', '--format', 'onnx', '--out'];
    const alone = await json(...network, at('tiny.onnx'), '--batch', '2');
    expect(alone).toMatchObject({
      files: [{ path: at('tiny.onnx'), bytes: (await readFile(at('tiny.onnx'))).length }],
      input: { name: 'pixels', type: 'uint8', shape: [2, 8, 8, 3] },
      check: { answersThatDiffer: 0, turns: { changed: 0 } },
    });
    expect(alone.check.tiles).toBeGreaterThan(40);
    expect(alone.check.largestDifference).toBeLessThan(1e-5);
    const folder = await json(...network, at('onnx'), '--int8', 'dynamic', '--preprocessing', 'beside');
    expect((await readdir(at('onnx'))).sort()).toEqual(['README.md', 'network.onnx', 'recipe.json']);
    expect(folder.check).toMatchObject({ answersThatDiffer: 0, differFromFloats: expect.any(Number) });
    const readme = await readFile(path.join(at('onnx'), 'README.md'), 'utf8');
    expect(readme).toContain('onnxruntime.InferenceSession("network.onnx")');
    expect(readme).toContain(`0 of ${folder.check.tiles} answers are other than the lab gives`);
    expect(readme).not.toMatch(/undefined|NaN/);
    await writeFile(at('own.safetensors'), encodeModel(tinyModel()));
    const fixed = ['--int8', 'static', '--scales', 'tensor', '--data', at('tiles')];
    const own = ['export', at('own.safetensors'), '--format', 'onnx'];
    const zip = await json(...own, '--out', at('onnx.zip'), ...fixed);
    expect((await readFile(at('onnx.zip'))).subarray(0, 2).toString()).toBe('PK');
    expect(zip.check.largestDifference).toBeGreaterThan(1e-4);
    expect(zip).toMatchObject({ tried: '9 test tiles of tiles', check: { turns: { changed: 0 } } });
  });

  test('writes a comparator as ONNX, tried on pictures that are made up', async () => {
    await writeFile(at('small.safetensors'), encodeModel(shakenModel(TINY_MOBILE)));
    const onnx = ['--format', 'onnx', '--out', at('small.onnx')];
    const made = await json('export', at('small.safetensors'), ...onnx);
    expect(made).toMatchObject({ tried: '48 made-up pictures', check: { answersThatDiffer: 0 } });
    expect(made.check.largestDifference).toBeLessThan(1e-4);
  });

  test('writes TFLite, run by LiteRT and held against the lab: a file, a folder, a zip', async () => {
    const network = ['export', 'synthetic-tiny', '--format', 'tflite', '--out'];
    const alone = await json(...network, at('tiny.tflite'), '--batch', '2');
    expect(alone).toMatchObject({
      files: [{ path: at('tiny.tflite'), bytes: (await readFile(at('tiny.tflite'))).length }],
      input: { name: 'pixels', type: 'uint8', shape: [2, 8, 8, 3] },
      check: { tiles: 48, answersThatDiffer: 0, turns: { changed: 0 } },
    });
    expect(alone.check.largestDifference).toBeLessThan(1e-5);
    const small = [...network, at('tflite'), '--int8', 'dynamic', '--preprocessing', 'beside'];
    const folder = await json(...small);
    expect((await readdir(at('tflite'))).sort()).toEqual(['README.md', 'network.tflite', 'recipe.json']);
    expect(
      folder.files.find(({ path: file }: { path: string }) => file.endsWith('.tflite')).bytes,
    ).toBeLessThan(alone.files[0].bytes);
    expect(folder).toMatchObject({
      input: { name: 'input', type: 'float32', shape: [1, 8, 8, 3] },
      check: { turns: { changed: 0 } },
    });
    expect(folder.check.largestDifference).toBeGreaterThan(1e-4);
    const readme = await readFile(path.join(at('tflite'), 'README.md'), 'utf8');
    expect(readme).toContain('Interpreter("network.tflite")');
    expect(readme).toContain(`${folder.check.answersThatDiffer} of 48 answers`);
    expect(readme).toContain('the lab’s network of floats');
    expect(readme).not.toMatch(/undefined|NaN/);
    await writeFile(at('own.safetensors'), encodeModel(tinyModel()));
    const own = ['export', at('own.safetensors'), '--format', 'tflite', '--data', at('tiles')];
    const zip = await json(...own, '--out', at('tflite.zip'));
    expect((await readFile(at('tflite.zip'))).subarray(0, 2).toString()).toBe('PK');
    expect(zip).toMatchObject({ tried: '9 test tiles of tiles', check: { answersThatDiffer: 0 } });
  });

  test('writes C, compiled and held against the lab where a compiler is', async () => {
    const network = ['export', 'synthetic-tiny', '--format', 'c', '--out'];
    const alone = await json(...network, at('tiny.h'));
    const text = await readFile(at('tiny.h'), 'utf8');
    expect(alone.files).toEqual([{ path: at('tiny.h'), bytes: Buffer.byteLength(text) }]);
    expect(text).toContain(`#define ORBIT_MEMORY_BYTES ${alone.memory}`);
    await writeFile(at('own.safetensors'), encodeModel(tinyModel()));
    const own = ['export', at('own.safetensors'), '--format', 'c', '--out', at('c')];
    const folder = await json(...own, '--int8', 'dynamic', '--data', at('tiles'));
    expect((await readdir(at('c'))).sort()).toEqual(['README.md', 'network.h']);
    const readme = await readFile(path.join(at('c'), 'README.md'), 'utf8');
    expect(readme).not.toMatch(/undefined|NaN/);
    if (await findCompiler()) {
      expect(alone).toMatchObject({
        tried: '48 made-up pictures',
        check: { answersThatDiffer: 0, turns: { changed: 0 } },
      });
      expect(alone.check.largestDifference).toBeLessThan(1e-5);
      expect(folder).toMatchObject({
        tried: '9 test tiles of tiles',
        check: { differFromFloats: expect.any(Number) },
      });
      expect(readme).toContain(`0 of ${folder.check.tiles} answers are other than the lab gives`);
      // As its README says.
      const [command] = /^cc .*$/m.exec(readme)!;
      execSync(`${command} && ./network --check`, { cwd: at('c') });
    }
    vi.stubEnv('CC', 'no-such-compiler');
    const untried = await json(...network, at('c.zip'));
    vi.unstubAllEnvs();
    expect(untried).toMatchObject({ tried: null, check: null, weights: alone.weights });
    expect((await readFile(at('c.zip'))).subarray(0, 2).toString()).toBe('PK');
  });

  test('writes no file where a folder is, in any format', async () => {
    for (const [format, ending] of [
      ['onnx', 'onnx'],
      ['tflite', 'tflite'],
      ['c', 'h'],
    ]) {
      const place = at(`folder.${ending}`);
      await mkdir(place);
      const { code, err } = await lab('export', 'synthetic-tiny', '--format', format, '--out', place);
      expect([format, code, err.trim().split('\n').length]).toEqual([format, 2, 1]);
      expect([err.includes(place), await readdir(place)]).toEqual([true, []]);
    }
  });

  test.each([
    [['--format', 'coreml'], /There is no format "coreml"\. Choose one of: zip, onnx, tflite, c\./],
    [['--batch', '2'], /--batch is of files for other programs: give --format onnx or tflite/],
    [['--format', 'tflite', '--batch', '9999'], /1 to 4096 pictures/],
    [['--format', 'tflite', '--scales', 'tensor'], /--scales is of ONNX files/],
    [['--format', 'tflite', '--int8', 'static'], /no fixed ranges: choose --int8 dynamic/],
    [['--format', 'tflite', '--int8', 'all'], /"all"/],
    [['--format', 'tflite', '--preprocessing', 'none'], /"none"/],
    [['--format', 'tflite', '--data', 'no-such-set'], /no data set named no-such-set/],
    [['--format', 'onnx', '--batch', '0'], /--batch needs a whole number of at least 1/],
    [['--format', 'onnx', '--batch', '9999'], /1 to 4096 pictures/],
    [['--format', 'onnx', '--scales', 'tensor'], /give --int8 static too/],
    [['--format', 'onnx', '--int8', 'all'], /"all"/],
    [['--format', 'onnx', '--preprocessing', 'none'], /"none"/],
    [['--format', 'onnx', '--data', 'no-such-set'], /no data set named no-such-set/],
    [['--format', 'c', '--batch', '2'], /--batch is of ONNX files/],
    [['--format', 'c', '--preprocessing', 'inside'], /--preprocessing is of ONNX files/],
    [['--format', 'c', '--int8', 'static'], /no fixed ranges: choose --int8 dynamic/],
    [['--format', 'c', '--int8', 'all'], /"all"/],
    [['--format', 'c', '--data', 'no-such-set'], /no data set named no-such-set/],
  ])('refuses %j, and writes nothing', async (options, why) => {
    const { code, err } = await lab('export', 'synthetic-tiny', '--out', at('nothing'), ...options);
    expect([code, err.trim().split('\n').length]).toEqual([2, 1]);
    expect(err).toMatch(why);
    expect(existsSync(at('nothing'))).toBe(false);
  });

  test('refuses fixed ranges without tiles, and integers of integers', async () => {
    const static8 = ['--format', 'onnx', '--int8', 'static', '--out', at('nothing')];
    await writeFile(at('mobile.safetensors'), encodeModel(comparator()));
    const without = await lab('export', at('mobile.safetensors'), ...static8);
    expect([without.code, without.err]).toEqual([2, expect.stringMatching(/say which with --data/)]);
    const rounded = quantiseModel(comparator(), { layers: 'all', range: 'tile' });
    await writeFile(at('rounded.safetensors'), encodeModel(rounded));
    const twice = await lab('export', at('rounded.safetensors'), ...static8.with(3, 'dynamic'));
    expect([twice.code, twice.err]).toEqual([2, expect.stringMatching(/in 8-bit integers already/)]);
    expect(existsSync(at('nothing'))).toBe(false);
  });

  test('refuses a comparator, and writes nothing', async () => {
    await writeFile(at('mobile.safetensors'), encodeModel(comparator()));
    const { code, err } = await lab('export', at('mobile.safetensors'), '--out', at('nowhere'));
    expect(code).toBe(2);
    expect(err).toMatch(/mobilenet-v2, a comparator: only networks of the lab's own kind/);
    expect(existsSync(at('nowhere'))).toBe(false);
  });
});

interface Named {
  readonly name: string;
}

/** Untrained. */
function comparator(): AnyModel {
  const arch = namedComparator('mobilenet-v2', { classes: 2 });
  const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
  return { arch, params: initialParams(arch, 1), classes: ['a', 'b'], normalisation, provenance: {} };
}

/** `evaluate --report`: terminal, JSON, Markdown and CSV tell the same figures, which are counted anew from the list of tiles. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Papa from 'papaparse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCodecs } from '../src/lab/data/testing/pictures';
import { encodeModel } from '../src/lab/files/modelFile';
import { tinyModel } from '../src/lab/testing/tiny';
import { lab, labJson, pictures, writeInto } from './testing/lab';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-report-'));
const at = (...name: string[]): string => path.join(top, ...name);
afterAll(() => rm(top, { recursive: true }));

const MODEL = at('net.safetensors');
const BEFORE = at('before.safetensors');
const EVALUATE = ['evaluate', MODEL, '--data', at('tiles')];
const CLASSES = ['a', 'b', 'c'];

beforeAll(async () => {
  await loadCodecs();
  await writeInto(top, await pictures('tiles/'));
  await writeFile(MODEL, encodeModel(tinyModel()));
  await symlink(at('tiles'), at('link'));
  await writeFile(BEFORE, encodeModel(tinyModel({ seed: 5 })));
  await writeFile(at('larger.safetensors'), encodeModel(tinyModel({ size: 16 })));
  await writeFile(at('other.safetensors'), encodeModel({ ...tinyModel(), classes: ['a', 'b', 'd'] }));
});

async function rowsOf(folder: string, name: string): Promise<Record<string, string>[]> {
  const { data, errors } = Papa.parse<Record<string, string>>(await readFile(at(folder, name), 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  return data;
}

const numberOf = (text: string): number | null => (text === '' ? null : Number(text));

test.each(['test', 'val', 'train', 'all'])(
  '%s tiles: every file says what JSON says',
  async (split) => {
    const args = [...EVALUATE, '--split', split, '--unsure', '0.9'];
    const told = await labJson([...args, '--report', at(split)]);
    const files = ['classes.csv', 'confusion.csv', 'reliability.csv', 'report.md', 'tiles.csv'];
    expect((await readdir(at(split))).sort()).toEqual(files);

    const tiles = await rowsOf(split, 'tiles.csv');
    expect(tiles).toHaveLength(told.n);
    const count = (is: (tile: Record<string, string>) => boolean) => tiles.filter(is).length;
    const counted = CLASSES.map((truth) =>
      CLASSES.map((answer) => count((tile) => tile.class === truth && tile.answer === answer)),
    );
    expect(told.confusion).toEqual(counted);
    expect(told.accuracy).toBe(count((tile) => tile.right === 'true') / told.n);
    expect(told.accuracy).toBe(told.angles[0].accuracy);
    expect(told.wrong).toBe(count((tile) => tile.class !== tile.answer));
    expect(told.unsure).toEqual({ below: 0.9, n: count((tile) => Number(tile.probability) < 0.9) });
    expect(told.undecided).toBe(count((tile) => tile['same answer at all turns'] === ''));
    expect(told.changed).toBe(count((tile) => tile['same answer at all turns'] === 'false'));
    const wrongSums = tiles.filter(
      (tile) => Math.abs(CLASSES.reduce((sum, c) => sum + Number(tile[`probability of ${c}`]), 0) - 1) > 1e-9,
    );
    expect(wrongSums).toEqual([]);

    const confusion = await rowsOf(split, 'confusion.csv');
    expect(confusion.map((row) => CLASSES.map((c) => Number(row[`answered ${c}`])))).toEqual(counted);
    const classes = await rowsOf(split, 'classes.csv');
    expect(
      classes.map((row) => ({
        class: row.class,
        n: Number(row.tiles),
        answered: Number(row.answered),
        right: Number(row.right),
        precision: numberOf(row.precision),
        recall: numberOf(row.recall),
        f1: numberOf(row.F1),
      })),
    ).toEqual(told.perClass);

    const { asIs, temperature, atTemperature } = told.calibration;
    const bins = await rowsOf(split, 'reliability.csv');
    const ownBins = bins.filter((row) => row.temperature === '1').slice(0, asIs.bins.length);
    expect(ownBins.map((row) => numberOf(row['mean probability']))).toEqual(
      asIs.bins.map(({ confidence }: { confidence: number | null }) => confidence),
    );
    // No split, no validation tiles; a part never chooses but by its validation tiles.
    expect(temperature === null).toBe(split === 'all');
    if (temperature) {
      expect(temperature.tiles).toBe(9);
      expect(temperature.lossAfter).toBeLessThanOrEqual(temperature.lossBefore);
      expect(bins).toHaveLength(asIs.bins.length + atTemperature.bins.length);
    }
    if (split === 'val')
      expect([told.calibration.loss, atTemperature.loss]).toEqual([
        temperature.lossBefore,
        temperature.lossAfter,
      ]);

    const share = (value: number | null) =>
      value === null ? 'not defined' : `${(100 * value).toFixed(1)} %`;
    const markdown = await readFile(at(split, 'report.md'), 'utf8');
    expect(markdown).toContain(`Accuracy **${share(told.accuracy)}**`);
    expect(markdown).toContain(`Expected calibration error ${share(asIs.error)}`);
    const { out } = await lab(...args, '--report', at(split));
    for (const { class: name, n, answered, ...figures } of told.perClass) {
      const cells = [figures.precision, figures.recall, figures.f1].map(share);
      expect(markdown).toContain(`| ${[name, n, answered, ...cells].join(' | ')} |`);
      expect(out).toMatch(new RegExp(`^${[name, n, answered, ...cells].join(' +')}$`, 'm'));
    }
    expect(out).toContain(`${told.wrong} wrong, ${told.unsure.n} unsure`);
    // What is asked without a report is what it was.
    const { accuracy: _, ...plain } = await labJson([...EVALUATE, '--split', split]);
    expect(told).toMatchObject(plain);
    expect(plain).not.toHaveProperty('confusion');
  },
  120_000,
);

test('the temperature of test tiles is that of validation tiles', async () => {
  const of = async (split: string) =>
    (await labJson([...EVALUATE, '--split', split, '--report', at('both')])).calibration.temperature;
  expect(await of('test')).toEqual(await of('val'));
}, 120_000);

test('an exported README tells the figures of the report, and none where none were measured', async () => {
  await labJson([...EVALUATE, '--report', at('told')]);
  await labJson(['export', MODEL, '--data', at('tiles'), '--out', at('exported')]);
  await labJson(['export', MODEL, '--out', at('silent')]);
  const onnx = ['export', MODEL, '--format', 'onnx'];
  await labJson([...onnx, '--data', at('tiles'), '--out', at('onnx')]);
  await labJson([...onnx, '--out', at('silent-onnx')]);
  const [report, readme, silent, ran, silentOnnx] = await Promise.all(
    [
      ...['told/report.md', 'exported/README.md', 'silent/README.md'],
      ...['onnx/README.md', 'silent-onnx/README.md'],
    ].map((file) => readFile(at(file), 'utf8')),
  );
  const linesOf = (text: string, start: string) => {
    const lines = text.split('\n');
    const from = lines.indexOf(start);
    return from < 0 ? [] : lines.slice(from, lines.indexOf('', from));
  };
  const head = '| class | tiles | answered | precision | recall | F1 |';
  expect(linesOf(report, head)).toHaveLength(2 + CLASSES.length + 1);
  expect(linesOf(readme, head)).toEqual(linesOf(report, head));
  expect(readme).toContain('Measured on 9 test tiles of tiles');
  // Of an ONNX file those of its own answers, which are the lab's here.
  expect(linesOf(ran, head)).toEqual(linesOf(report, head));
  expect(ran).toContain(/Accuracy (\*\*.*?\*\*)/.exec(report)![1]);
  expect(silentOnnx).not.toContain('right and wrong');
  const error = /Expected calibration error .*\./.exec(report)![0];
  expect(readme).toContain(error);
  const section = /## What it is right and wrong about\n[\s\S]*?(?=## Where)/;
  expect(readme).toMatch(section);
  expect(readme.replace(section, '')).toBe(silent);
}, 120_000);

test('an export with tiles of other classes is one sentence and exit 2', async () => {
  const { code, err } = await lab(
    ...['export', 'synthetic-tiny', '--data', at('tiles'), '--out', at('never')],
  );
  expect([code, err]).toEqual([2, expect.stringMatching(/tells 10 classes apart .* but the data has 3/)]);
  expect(existsSync(at('never'))).toBe(false);
});

test('before and after a step: gains and losses are those of the two lists of tiles', async () => {
  const told = await labJson([...EVALUATE, '--report', at('after'), '--before', BEFORE]);
  await labJson(['evaluate', BEFORE, '--data', at('tiles'), '--report', at('before')]);
  const [before, after] = await Promise.all(['before', 'after'].map((name) => rowsOf(name, 'tiles.csv')));
  const pairs = after.map((tile, i) => [before[i], tile]);
  const count = (was: string, is: string) =>
    pairs.filter(([a, b]) => a.right === was && b.right === is).length;
  const changed = pairs.filter(([a, b]) => a.answer !== b.answer);
  expect(changed.length).toBeGreaterThan(0);
  expect(told.before).toMatchObject({
    network: 'before.safetensors',
    accuracy: before.filter(({ right }) => right === 'true').length / before.length,
    gained: count('false', 'true'),
    lost: count('true', 'false'),
    changed: changed.length,
  });
  expect(told.accuracy - told.before.accuracy).toBeCloseTo(told.before.difference, 12);
  const changes = await rowsOf('after', 'changes.csv');
  expect(changes.map((row) => [row.tile, row['answer before'], row['answer after']])).toEqual(
    changed.map(([a, b]) => [b.tile, a.answer, b.answer]),
  );
  const markdown = await readFile(at('after', 'report.md'), 'utf8');
  expect(markdown).toContain(`${told.before.gained} tiles gained, ${told.before.lost} lost`);
  // Neither network says what it was trained on.
  expect(markdown).toContain('does not say on which');
  const itself = await labJson([...EVALUATE, '--report', at('itself'), '--before', MODEL]);
  expect(itself.before).toMatchObject({ gained: 0, lost: 0, changed: 0, p: 1, difference: 0 });
}, 120_000);

const PRUNED = 'prune-l2-none-50';

test('a run with a report for each of its networks: the files of evaluate, beside the network before', async () => {
  const recipe = {
    ...{
      version: 2,
      name: 'steps',
      arch: { id: 'tiny' },
      split: { seed: 1, train: 0.5, val: 0.25, test: 0.25 },
    },
    stages: [
      { kind: 'train', settings: { epochs: 1, batch: 4 } },
      { kind: 'prune', ratio: 0.5 },
      { kind: 'quantise' },
      { kind: 'check' },
    ],
  };
  await writeFile(at('steps.json'), JSON.stringify(recipe));
  const run = ['run', at('steps.json'), '--data', at('tiles'), '--out', at('run')];
  const told = await labJson([...run, '--report', at('steps')]);
  expect(told.reports).toEqual(['train', PRUNED, 'quantise-dense-per-tile'].map((name) => at('steps', name)));
  const network = (name: string) => at('run', 'models', `${name}.safetensors`);
  const evaluate = (name: string, ...more: string[]) =>
    lab('evaluate', network(name), '--data', at('tiles'), '--report', at(`own ${name}`), ...more);
  await evaluate('train');
  await evaluate(PRUNED, '--before', network('train'));
  for (const name of ['train', PRUNED]) {
    const files = await readdir(at('steps', name));
    expect(files).toEqual(await readdir(at(`own ${name}`)));
    expect(files.includes('changes.csv')).toBe(name === PRUNED);
    for (const file of files)
      expect(await readFile(at('steps', name, file), 'utf8'), file).toBe(
        await readFile(at(`own ${name}`, file), 'utf8'),
      );
  }
  // What is there is not trained again, and no place is found out too late.
  const { code, err } = await lab(...run.slice(0, -1), at('never'), '--report', MODEL);
  expect([code, err]).toEqual([2, expect.stringMatching(/is a file, not a folder/)]);
  expect(existsSync(at('never'))).toBe(false);
}, 120_000);

test.each([
  ['--before without a report', ['--before', BEFORE], /give --report <folder> too/],
  [
    'a network before of another size',
    ['--report', at('never'), '--before', at('larger.safetensors')],
    /reads 16×16 pixels in 3 channels, this one 8×8/,
  ],
  [
    'a network before of other classes',
    ['--report', at('never'), '--before', at('other.safetensors')],
    /other classes apart \(a, b, d\)/,
  ],
  [
    'a network before that is not there',
    ['--report', at('never'), '--before', at('no.safetensors')],
    /no model file/,
  ],
  ['--unsure without a report', ['--unsure', '0.4'], /give --report <folder> too/],
  ['--unsure that is no probability', ['--report', at('never'), '--unsure', '40'], /from 0 to 1, not 40/],
  ['--unsure that is no number', ['--report', at('never'), '--unsure', 'x'], /--unsure needs a number/],
  ['a file as folder', ['--report', MODEL], /is a file, not a folder/],
  ['the tiles’ own folder', ['--report', at('tiles')], /name another place for the report/],
  ['a folder within it', ['--report', at('tiles', 'x', 'y')], /lies in the folder that the tiles are read/],
  ['the same by a link', ['--report', at('link', 'x')], /lies in the folder that the tiles are read/],
])('%s is one sentence and exit 2', async (_, args, sentence) => {
  const { code, out, err } = await lab(...EVALUATE, ...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(sentence);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(existsSync(at('never'))).toBe(false);
  expect((await readdir(at('tiles'))).sort()).toEqual(CLASSES);
});

/** `lab classify … --csv`: many pictures, one row each, killed and gone on with, and what cannot be read. */
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Papa from 'papaparse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCodecs, picture, png, zipOf } from '../src/lab/data/testing/pictures';
import { encodeModel } from '../src/lab/files/modelFile';
import { shakenModel, tinyArch } from '../src/lab/testing/tiny';
import { lab, labJson, pictures, started, writeInto } from './testing/lab';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-batch-'));
const at = (name: string): string => path.join(top, name);
afterAll(() => rm(top, { recursive: true }));

const zip = async (files: [string, Uint8Array][]) => new Uint8Array(await (await zipOf(files)).arrayBuffer());

const NET = 'eurosat-c4-twin-small';

beforeAll(async () => {
  await loadCodecs();
  await writeInto(top, await pictures('tiles/', 8, 60));
  await writeInto(at('odd'), [
    ['a/wide.png', await png(picture(64, 48))],
    ['a/one colour.png', await png(flat(32, 90))],
    ['=1+1.png', await png(picture(32, 32, 2))],
    ['-x "q", ü 雪.png', await png(picture(32, 32, 3))],
    ['broken.png', (await png(picture(32, 32, 4))).slice(0, 60)],
    ['empty.jpg', new Uint8Array(0)],
    ['word.png', new TextEncoder().encode('no picture')],
    ['clear.png', await png(picture(32, 32, 5, 0))],
    ['notes.txt', new TextEncoder().encode('not called like one')],
    ['.hidden.png', new TextEncoder().encode('hidden')],
  ]);
});

function flat(side: number, value: number): ImageData {
  const data = new Uint8ClampedArray(side * side * 4).fill(value);
  for (let p = 0; p < side * side; p++) data[4 * p + 3] = 255;
  return { width: side, height: side, data, colorSpace: 'srgb' } as ImageData;
}

const rowsOf = async (file: string) =>
  Papa.parse<Record<string, string>>(await readFile(file, 'utf8'), { header: true, skipEmptyLines: true })
    .data;

test('each picture is a row: answer, probabilities, agreement, flags, and why one could not be read', async () => {
  const { code, out, err } = await lab('classify', NET, at('odd'), '--csv', at('odd.csv'), '--unsure', '0.9');
  expect({ code, err }).toEqual({
    code: 0,
    err: '1 file was passed over, not called like pictures: notes.txt.\n',
  });
  expect(out).toContain('8 pictures');
  const rows = await rowsOf(at('odd.csv'));
  // By their paths, and nothing that a spreadsheet would compute.
  expect(rows.map((row) => row.path)).toEqual([
    '\'-x "q", ü 雪.png',
    "'=1+1.png",
    'a/one colour.png',
    'a/wide.png',
    'broken.png',
    'clear.png',
    'empty.jpg',
    'word.png',
  ]);
  const named = (name: string) => rows.find((row) => row.path === name)!;
  expect(named('a/wide.png').flags).toContain('resized');
  expect(named('a/one colour.png').flags).toContain('blank');
  expect(named('broken.png')).toMatchObject({ answer: '', flags: 'unreadable' });
  expect(named('broken.png').note).toMatch(/broken\.png is truncated or damaged/);
  expect(named('empty.jpg').note).toMatch(/is empty/);
  expect(named('word.png').note).toMatch(/is no JPEG, PNG, WebP or TIFF/);
  expect(named('clear.png').note).toMatch(/no pixel with a value/);
  for (const row of rows.filter(({ answer }) => answer)) {
    const shares = Object.entries(row).filter(([name]) => name.startsWith('p('));
    expect(shares).toHaveLength(10);
    expect(Math.abs(shares.reduce((sum, [, share]) => sum + Number(share), 0) - 1)).toBeLessThan(1e-5);
    const largest = Math.max(...shares.map(([, share]) => Number(share)));
    expect([Number(row.probability), Number(row[`p(${row.answer})`])]).toEqual([largest, largest]);
    // The network is equivariant.
    expect(row.agreement).toBe('1');
    expect(row.flags.includes('unsure')).toBe(largest < 0.9);
  }
});

test('a plain network is found out by turns, and by more of them in the mirror', async () => {
  const disagree = async (...more: string[]) => {
    const file = at(`plain${more.length}.csv`);
    const { flags } = await labJson([
      'classify',
      'eurosat-base-small',
      at('tiles'),
      '--csv',
      file,
      '--quiet',
      ...more,
    ]);
    const rows = await rowsOf(file);
    const changed = rows.filter((row) => Number(row.agreement) < 1);
    expect(changed.every((row) => row.flags.includes('turns-disagree'))).toBe(true);
    expect(flags['turns-disagree']).toBe(changed.length);
    return changed.length;
  };
  const turned = await disagree();
  expect(turned).toBeGreaterThan(0);
  expect(await disagree('--mirrors')).toBeGreaterThanOrEqual(turned);
});

test('a folder, a zip of it and a run that was killed give the same bytes', async () => {
  const whole = at('whole.csv');
  await labJson(['classify', NET, at('tiles'), '--csv', whole, '--quiet']);
  const expected = await readFile(whole, 'utf8');
  expect(expected.split('\r\n')).toHaveLength(180 + 2);

  await writeFile(at('tiles.zip'), await zip(await pictures('', 8, 60)));
  await labJson(['classify', NET, at('tiles.zip'), '--csv', at('zip.csv'), '--quiet']);
  expect(await readFile(at('zip.csv'), 'utf8')).toBe(expected);

  const cut = at('cut.csv');
  const { process: child, ended } = started('classify', NET, at('tiles'), '--csv', cut, '--quiet');
  const done = async () => JSON.parse(await readFile(`${cut}.part.json`, 'utf8')).summary.done;
  while (!((await done().catch(() => 0)) > 0)) await pause(1);
  child.kill('SIGKILL');
  expect((await ended).code).toBe(null);
  expect(existsSync(cut)).toBe(false);
  // As if it had been in the midst of a line.
  await appendFile(`${cut}.part`, 'half a li');
  const { resumed, pictures: count } = await labJson(['classify', NET, at('tiles'), '--csv', cut, '--quiet']);
  expect(resumed).toBeGreaterThan(0);
  expect(count).toBe(180);
  expect(await readFile(cut, 'utf8')).toBe(expected);
  expect(existsSync(`${cut}.part`) || existsSync(`${cut}.part.json`)).toBe(false);
}, 120_000);

test('what was kept is taken for the same pictures and choices alone, and not where it was damaged', async () => {
  const file = at('kept.csv');
  const args = ['classify', NET, at('odd'), '--csv', file];
  await lab(...args);
  const expected = await readFile(file, 'utf8');
  const head = `${expected.split('\r\n')[0]}\r\n`;
  const kept = { identity: '0', bytes: head.length, checksum: '', summary: {} };
  const begun = async () => {
    const { code, err } = await lab(...args);
    expect(code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(expected);
    return err;
  };
  await writeFile(`${file}.part`, head);
  await writeFile(`${file}.part.json`, JSON.stringify(kept));
  expect(await begun()).toMatch(
    /is of other pictures, another network or other choices, so it is begun anew/,
  );
  await writeFile(`${file}.part.json`, JSON.stringify({ ...kept, seal: { checksum: 'x' } }));
  expect(await begun()).toMatch(/is damaged, so it is begun anew/);
  await writeFile(`${file}.part.json`, '{');
  expect(await begun()).toMatch(/cannot be read .*so it is begun anew/);
});

test('several sources begin with their names; a zip among them too', async () => {
  await writeFile(at('two.zip'), await zip([['x.png', await png(picture(32, 32, 7))]]));
  await labJson([
    'classify',
    NET,
    at('two.zip'),
    at('odd/a'),
    at('odd/=1+1.png'),
    '--csv',
    at('s.csv'),
    '--quiet',
  ]);
  expect((await rowsOf(at('s.csv'))).map((row) => row.path)).toEqual([
    "'=1+1.png",
    'a/one colour.png',
    'a/wide.png',
    'two.zip/x.png',
  ]);
});

test('three ways to make a square of a picture give three answers', async () => {
  const answers = [];
  for (const how of ['crop', 'fit', 'stretch']) {
    await labJson(['classify', NET, at('odd/a/wide.png'), '--csv', at('r.csv'), '--resize', how, '--quiet']);
    answers.push((await rowsOf(at('r.csv')))[0]['p(Forest)']);
  }
  expect(new Set(answers).size).toBe(3);
});

test('a network of 256 classes has 256 columns', async () => {
  const arch = { ...tinyArch(), classes: 256 };
  const model = { ...shakenModel(arch), classes: Array.from({ length: 256 }, (_, i) => `=class ${i}`) };
  await writeFile(at('many.safetensors'), encodeModel(model));
  await labJson(['classify', at('many.safetensors'), at('odd'), '--csv', at('m.csv'), '--quiet']);
  const [row] = await rowsOf(at('m.csv'));
  expect(Object.keys(row)).toHaveLength(6 + 256);
  expect(row.answer).toMatch(/^'=class \d+$/);
});

test('bad input is told in one sentence, and no file is left', async () => {
  const refused = async (words: RegExp, ...args: string[]) => {
    const { code, err } = await lab('classify', NET, ...args, '--quiet');
    expect(err).toMatch(words);
    expect([code, err.trim().split('\n').length]).toEqual([2, 1]);
  };
  await mkdir(at('nothing'));
  await mkdir(at('only'));
  await writeFile(at('only/a.txt'), 'text');
  await writeFile(at('cut.zip'), (await zip([['x.png', await png(picture(32, 32))]])).slice(0, 80));
  const csv = ['--csv', at('bad.csv')];
  await refused(/There is no file or folder/, at('missing'), ...csv);
  await refused(/holds no files/, at('nothing'), ...csv);
  await refused(/holds no file that is called like a picture .*a\.txt/, at('only'), ...csv);
  await refused(/cut\.zip is truncated or damaged/, at('cut.zip'), ...csv);
  await refused(/is a folder, where a file is to be written/, at('odd'), '--csv', at('only'));
  await refused(/is what is read here/, at('odd/a/wide.png'), '--csv', at('odd/a/wide.png'));
  await refused(/called "a", so their rows/, at('odd/a'), `${at('odd/a')}/`, ...csv);
  await refused(/--unsure needs a probability from 0 to 1, not 1.5/, at('odd'), ...csv, '--unsure', '1.5');
  await refused(/--unsure needs a number/, at('odd'), ...csv, '--unsure', 'half');
  await refused(/--resize does not fit/, at('odd'), ...csv, '--resize', 'squash');
  await refused(/--mirrors goes with --csv/, at('odd'), '--mirrors');
  await refused(/--fit is for scenes and single tiles/, at('odd'), ...csv, '--fit', 'crop');
  await refused(/None of the 1 pictures could be read. The first: broken.png/, at('odd/broken.png'), ...csv);
  expect((await readdir(top)).filter((name) => name.startsWith('bad.csv'))).toEqual([]);
});

test('a picture that has changed since is another one', async () => {
  const file = at('tiles/changed.csv');
  await writeInto(at('few'), (await pictures('', 8, 2)).slice(0, 3));
  await labJson(['classify', NET, at('few'), '--csv', file, '--quiet']);
  const before = await readFile(file, 'utf8');
  await utimes(at(`few/${before.split('\r\n')[1].split(',')[0]}`), 1, 1);
  const again = await labJson(['classify', NET, at('few'), '--csv', file, '--quiet']);
  expect([again.resumed, await readFile(file, 'utf8')]).toEqual([0, before]);
});

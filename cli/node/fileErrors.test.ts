import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCodecs, picture, png } from '../../src/lab/data/testing/pictures';
import { BadInput } from '../../src/lab/errors';
import { openDataset } from './data';
import { asBadInput, onDisk } from './fileErrors';
import { makeFolder, readBytes, readJson, requirePlaceFor, writeAtomically } from './files';
import { openAnyModel } from './models';
import { picturesAt } from './pictures';
import { folderStore } from './runStore';
import { unfinishedName } from './unfinished.mjs';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-lab-disk-'));
const at = (...names: string[]) => path.join(top, ...names);
beforeAll(async () => {
  await loadCodecs();
  await mkdir(at('folder'));
  await writeFile(at('file'), 'x');
  await writeFile(at('twice.json'), '{"a": [{"b": 1, "c": 2, "b": 1}]}');
  await symlink(at('nowhere'), at('dangling'));
  await symlink(at('loop'), at('loop'));
});
afterAll(() => rm(top, { recursive: true }));

const refused = async (work: Promise<unknown>, message: RegExp) => {
  await expect(work).rejects.toThrow(BadInput);
  await expect(work).rejects.toThrow(message);
};

describe('what a disk refuses is said in a sentence that names the place', () => {
  test.each([
    ['reading a folder', () => readBytes(at('folder')), /folder" is a folder, where a file is meant/],
    ['reading what is not there', () => readBytes(at('none')), /There is no file ".*none"/],
    ['reading a dangling link', () => readBytes(at('dangling')), /There is no file ".*dangling"/],
    ['JSON that says something twice', () => readJson(at('twice.json')), /twice\.json" says "b" twice/],
    ['a loop of links', () => onDisk(readFile(at('loop'))), /loop" is a link that leads back to itself/],
    ['a file as a folder', () => onDisk(readFile(at('file', 'x'))), /x" leads through a file/],
    [
      'writing onto a folder',
      () => writeAtomically(at('folder'), 'x'),
      /folder" is a folder, where a file is meant/,
    ],
    [
      'writing below a file',
      () => writeAtomically(at('file', 'x'), 'x'),
      /file" is a file that is there already, where a folder is meant/,
    ],
    ['making a folder where there can be none', () => makeFolder('/proc/none/deep'), /"\/proc/],
    ['a name that is too long', () => writeAtomically(at('n'.repeat(300)), 'x'), /longer than a name may be/],
    ['a network that is a folder', () => openAnyModel(at('folder')), /is a folder, where a file is meant/],
    ['a run in a file', () => folderStore(at('file'), { recipe: 1 }), /where a folder is meant/],
  ])('%s', (_, work, message) => refused(work(), message));

  test('a full disk, and whatever else its codes say', async () => {
    const full = await writeFile('/dev/full', 'x').catch((error) => error);
    if (full?.code === 'ENOSPC')
      expect(asBadInput(full, 'out')).toMatchObject({ message: /^"out" cannot be .* the disk is full;/ });
    for (const [code, words] of [
      ['EACCES', /may not read or write there/],
      ['EROFS', /can only be read/],
      ['ENOSPC', /the disk is full; what was finished before is kept/],
    ] as const) {
      const error = Object.assign(new Error(code), { code, syscall: 'open', path: unfinishedName(at('x')) });
      const told = asBadInput(error) as BadInput;
      expect(told).toBeInstanceOf(BadInput);
      expect(told.message).toMatch(words);
      expect(told.message).toContain(`"${at('x')}"`);
    }
    const own = Object.assign(new Error('odd'), { code: 'ECONNRESET', syscall: 'read' });
    expect(asBadInput(own)).toBe(own);
    expect(asBadInput(new TypeError('ours'))).toBeInstanceOf(TypeError);
  });

  test('folders are made where they are missing, by several at once, too', async () => {
    await Promise.all(Array.from({ length: 8 }, () => makeFolder(at('made', 'deep', 'folder'))));
    expect((await stat(at('made', 'deep', 'folder'))).isDirectory()).toBe(true);
  });

  test('nothing half-written is left behind', async () => {
    expect((await readdir(top)).filter((name) => name.includes('.part'))).toEqual([]);
  });
});

test('a place for a file is asked for before anything is computed, and nothing is made by asking', async () => {
  await refused(requirePlaceFor(at('folder')), /is a folder, where a file is to be written/);
  await refused(requirePlaceFor(at('file', 'deep', 'x')), /file" is a file, not a folder/);
  await refused(
    requirePlaceFor(at('file'), [at('new'), at('file')]),
    /file" is what is read here, and would be lost/,
  );
  await requirePlaceFor(at('file'), [at('folder'), 'a name of no file']);
  await requirePlaceFor(at('file'));
  await requirePlaceFor(at('new', 'deep', 'x'));
  expect(await readdir(top)).not.toContain('new');
});

test('a run’s folder or a file that is called like a preset does not hide it', async () => {
  const run = promisify(execFile);
  const lab = path.resolve('scripts/lab.mjs');
  for (const [cwd, kind] of [
    ['a', 'folder'],
    ['b', 'file'],
  ] as const) {
    await mkdir(at(cwd, kind === 'folder' ? 'tiny' : ''), { recursive: true });
    if (kind === 'file') await writeFile(at(cwd, 'tiny'), '{}');
    const args = [lab, 'run', 'tiny', '--data', 'none', '--out', 'out', '--quiet'];
    const { code, stderr } = await run(process.execPath, args, { cwd: at(cwd) }).catch((error) => error);
    expect([code, stderr]).toEqual([2, expect.stringContaining('There is no data set named none')]);
    expect(/is a preset and also a file here/.test(stderr)).toBe(kind === 'file');
  }
});

describe('a folder of tiles with something in it that cannot be read', () => {
  let made = 0;
  const tiles = async () => {
    const folder = at(`tiles ${made++}`);
    for (const [i, name] of ['a/0.png', 'a/1.png', 'b/0.png', 'b/1.png'].entries()) {
      await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
      await writeFile(path.join(folder, name), await png(picture(4, 4, i)));
    }
    return folder;
  };

  test('beside the tiles does no harm', async () => {
    const folder = await tiles();
    await symlink(at('nowhere'), path.join(folder, 'notes.txt'));
    await symlink(at('nowhere'), path.join(folder, 'a', 'notes'));
    execFileSync('mkfifo', [path.join(folder, 'a', 'pipe')]);
    await writeFile(Buffer.concat([Buffer.from(`${folder}/a/r`), Buffer.of(0xe9), Buffer.from('.txt')]), 'x');
    expect((await openDataset(folder)).count).toBe(4);
  });

  test('among the tiles is refused by its name', async () => {
    const dangling = await tiles();
    await symlink(at('nowhere'), path.join(dangling, 'b', '2.png'));
    await refused(openDataset(dangling), /^b\/2\.png is a link to .*nowhere, which is not there/);

    const latin = await tiles();
    const name = Buffer.concat([Buffer.from(`${latin}/For`), Buffer.of(0xea), Buffer.from('t')]);
    await mkdir(name);
    await refused(openDataset(latin), /^For.t in .* has a name that is not UTF-8/);
    const pictures = await tiles();
    await writeFile(Buffer.concat([Buffer.from(`${pictures}/b/`), Buffer.of(0xff), Buffer.from('.png')]), '');
    await refused(openDataset(pictures), /^b\/.\.png in .* has a name that is not UTF-8/);

    const pipe = await tiles();
    execFileSync('mkfifo', [path.join(pipe, 'b', '3.png')]);
    await refused(openDataset(pipe), /^b\/3\.png is no ordinary file/);
  });

  test('is a row of its own where pictures are classified', async () => {
    const folder = await tiles();
    await symlink(at('nowhere'), path.join(folder, 'b', '2.png'));
    const seen: string[] = [];
    for await (const taken of picturesAt(folder)) seen.push('problem' in taken ? taken.problem : taken.path);
    expect(seen).toHaveLength(5);
    expect(seen.at(-1)).toMatch(/^b\/2\.png is a link to/);
  });
});

/** Folders that refuse, and what dead writers left in them. */
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tinyModel } from '../../src/lab/testing/tiny';
import { refusalOf } from './folderWords';
import { openArtefacts, StoreError } from './open';
import { idOf, recordOf } from './testing/stages';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-folder-'));
const at = (name: string): string => path.join(top, name);
afterAll(() => rm(top, { recursive: true }));

/** The sentence that opening ends with. */
const refusal = async (reference: string): Promise<string> => {
  const error = await openArtefacts(reference).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(StoreError);
  return (error as Error).message;
};

test('a folder that is not there is not made: its disk may not be mounted', async () => {
  expect(await refusal(at('none'))).toMatch(
    /There is no folder ".*none".*mount the disk, or make the folder/,
  );
  expect(await readdir(top)).toEqual([]);
  await writeFile(at('file'), '');
  expect(await refusal(at('file'))).toMatch(/is a file, where the folder of a store is meant/);
  expect(await refusal('ftp://host/store')).toMatch(/a folder, or s3:\/\//);
});

test('a folder that goes away while it is used is told, and not made anew', async () => {
  await mkdir(at('mounted'));
  const store = await openArtefacts(at('mounted'));
  await rename(at('mounted'), at('elsewhere'));
  await expect(store.saveStage(recordOf(idOf(1)), tinyModel())).rejects.toThrow(
    new StoreError(
      `The store "${at('mounted')}" is away: there is no folder of that name any more. Mount its disk again.`,
      { mayPass: false },
    ),
  );
  expect(await store.has(idOf(1))).toBe(false);
  expect(await readdir(top)).not.toContain('mounted');
});

test('what was left half-written is removed when nobody can be writing it any more', async () => {
  const unfinished = path.join(at('left'), 'unfinished');
  await mkdir(unfinished, { recursive: true });
  await writeFile(path.join(unfinished, 'old.0'), 'half');
  await writeFile(path.join(unfinished, 'new.0'), 'half');
  const yesterday = new Date(Date.now() - 86400e3);
  await utimes(path.join(unfinished, 'old.0'), yesterday, yesterday);
  await openArtefacts(at('left'));
  expect(await readdir(unfinished)).toEqual(['new.0']);
});

test.each([
  ['ENOSPC', 'is full: make room there. What was finished before is kept.'],
  ['EDQUOT', 'is full: make room there. What was finished before is kept.'],
  ['EROFS', 'can only be read: mount it such that it may be written to.'],
])('a disk that takes nothing (%s) is told, and nobody is told to start again', async (code, words) => {
  const error = Object.assign(new Error(code), { code, syscall: 'open', path: '/srv/lab/records/x' });
  const told = await refusalOf(error, '/srv/lab/records/x', '/srv/lab');
  expect(told).toEqual(new StoreError(`The disk of the store "/srv/lab" ${words}`, { mayPass: false }));
});

test('a store of another version is refused, and left alone', async () => {
  await mkdir(at('later'));
  const store = await openArtefacts(at('later'));
  await store.saveStage(recordOf(idOf(1)));
  const { sealed } = await import('../../src/lab/stage/seal');
  await writeFile(
    path.join(at('later'), 'store.json'),
    JSON.stringify(sealed({ format: 'orbit-lab-store/2', id: 'x' })),
  );
  expect(await refusal(at('later'))).toMatch(/a store of another version of this lab/);
});

/** Saves a stage in a process of its own, as another user or with less room; gives the sentence it ends with, or `kept`. */
function saveElsewhere(folder: string, how: 'as nobody' | 'with little room'): string {
  const program = `
    import { openArtefacts } from './cli/artefacts/open.ts';
    import { tinyModel } from './src/lab/testing/tiny.ts';
    import { idOf, recordOf } from './cli/artefacts/testing/stages.ts';
    ${how === 'as nobody' ? 'process.setgid(65534); process.setuid(65534);' : ''}
    try {
      const store = await openArtefacts(${JSON.stringify(folder)});
      await store.saveStage(recordOf(idOf(1)), tinyModel({ hidden: 20000 }));
      console.log('kept');
    } catch (error) { console.log(error.name + ': ' + error.message); }`;
  const limit = how === 'with little room' ? 'ulimit -f 64; ' : '';
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', `${limit}exec "$0" --import tsx --input-type=module`, process.execPath],
    { input: program, encoding: 'utf8' },
  );
  return stdout.trim() || stderr;
}

test.skipIf(process.getuid?.() !== 0)(
  'a folder that may only be read is refused when it is opened',
  async () => {
    await mkdir(at('read-only'));
    await chmod(top, 0o755);
    await chmod(at('read-only'), 0o555);
    expect(saveElsewhere(at('read-only'), 'as nobody')).toMatch(
      /StoreError: .*this user may not read or write there/,
    );
  },
);

test('a disk without room keeps nothing of what does not fit, and says so', async () => {
  await mkdir(at('small'));
  expect(saveElsewhere(at('small'), 'with little room')).toMatch(
    /StoreError: .*files on that disk may not be so large/,
  );
  expect(await readdir(path.join(at('small'), 'unfinished'))).toEqual([]);
  const store = await openArtefacts(at('small'));
  expect(await store.has(idOf(1))).toBe(false);
});

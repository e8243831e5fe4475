import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureOneFile } from './oneFile.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'orbit-one-file-'));
  await source('main.ts', "import { word } from './word';\nconsole.log(word);\n");
  await source('word.ts', "export const word: string = 'first';\n");
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string) => path.join(folder, name);

/** A source saved a while ago, so that its time is before that of what is made of it. */
async function source(name: string, text: string, secondsAgo = 60): Promise<void> {
  await writeFile(at(name), text);
  const then = Date.now() / 1000 - secondsAgo;
  await utimes(at(name), then, then);
}

/** What the program says, made one file where that is needed, and when that file was written. */
async function made(): Promise<{ said: string; written: number }> {
  await ensureOneFile(at('main.ts'), at('built/main.mjs'));
  const { stdout, stderr } = spawnSync(process.execPath, [at('built/main.mjs')], { encoding: 'utf8' });
  return { said: stdout.trim() || stderr, written: (await stat(at('built/main.mjs'))).mtimeMs };
}

test('it is made once, and again where a source is another', async () => {
  const first = await made();
  expect(first.said).toBe('first');
  expect(await made()).toEqual(first);
  await source('word.ts', "export const word: string = 'other';\n", 50);
  const second = await made();
  expect(second.said).toBe('other');
  // Older than before, as what git brings back may be.
  await source('word.ts', "export const word: string = 'older';\n", 90);
  expect((await made()).said).toBe('older');
  await source('main.ts', "import { word } from './word';\nconsole.log(word, 1);\n", 40);
  expect((await made()).said).toBe('older 1');
});

test('a source saved while it is made counts as unknown: it is made again', async () => {
  await source('word.ts', "export const word: string = 'first';\n", -60);
  const first = await made();
  expect((await readFile(at('built/main.mjs'), 'utf8')).split('\n', 1)[0]).toBe('//made of null');
  expect((await made()).written).toBeGreaterThan(first.written);
});

test('a source that is gone is asked for again, and a file that says nothing of its sources is made again', async () => {
  await made();
  await rm(at('word.ts'));
  await expect(ensureOneFile(at('main.ts'), at('built/main.mjs'))).rejects.toThrow(/word/);
  await source('word.ts', "export const word: string = 'back';\n");
  await writeFile(at('built/main.mjs'), "//made of {'no JSON\nconsole.log('damaged');\n");
  expect((await made()).said).toBe('back');
});

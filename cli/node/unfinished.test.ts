import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeAtomically } from './files';
import { unfinishedName } from './unfinished.mjs';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-unfinished-'));
afterAll(() => rm(top, { recursive: true }));

test('what a dead process left half-written goes with the next file there; what a living one writes stays', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(other, 'spawn');
  const file = path.join(top, 'model.safetensors');
  const theirs = unfinishedName(path.join(top, 'stage.json'), other.pid);
  const ours = unfinishedName(path.join(top, 'another.json'));
  const elsewhere = ours.replace(/-[0-9a-f]{8}-\d+/, `-00000000-${other.pid}`);
  const strangers = ['set.bin.part', `film.${other.pid}.part`].map((name) => path.join(top, name));
  const stay = [ours, elsewhere, ...strangers].map((each) => path.basename(each));
  for (const each of [theirs, ours, elsewhere, ...strangers]) await writeFile(each, 'half');

  await writeAtomically(file, 'first');
  expect((await readdir(top)).sort()).toEqual([...stay, path.basename(theirs), 'model.safetensors'].sort());

  other.kill('SIGKILL');
  await once(other, 'exit');
  await writeAtomically(file, 'second');
  expect((await readdir(top)).sort()).toEqual([...stay, 'model.safetensors'].sort());
  expect(await readFile(file, 'utf8')).toBe('second');
});

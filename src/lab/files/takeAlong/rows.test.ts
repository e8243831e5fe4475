/** The script on many pictures: the rows that the lab writes of them, what cannot be read, and how it says what it wants. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classifyMany } from '../../batch/classifyMany';
import { listBatch } from '../../batch/listing';
import { csvHead } from '../../batch/row';
import { emptySummary } from '../../batch/summary';
import { deepPng, loadCodecs, picture, png } from '../../data/testing/pictures';
import { UNSURE } from '../../evaluate/unsure';
import { finish } from '../../stage/events';
import { testPlatform } from '../../testing/platform';
import { tinyModel } from '../../testing/tiny';
import { takeAlong } from './takeAlong';

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy, PIL']).status === 0,
);
const PATIENCE = 180_000;

/** Bright above, dark below, in colours of its own. */
function half(seed: number): ImageData {
  const data = Uint8ClampedArray.from({ length: 8 * 8 * 4 }, (_, i) => {
    const isAbove = i < 4 * 8 * 4;
    return i % 4 === 3 ? 255 : isAbove ? 255 - 20 * seed * (i % 4) : 15 * seed;
  });
  return { width: 8, height: 8, data, colorSpace: 'srgb' } as ImageData;
}

describe(`run.py on many pictures${python ? '' : ' (needs python3 with numpy and pillow: skipped)'}`, () => {
  const top = mkdtempSync(path.join(tmpdir(), 'orbit-rows-'));
  const model = { ...tinyModel({ group: 'C1', head: 'flat' }), classes: ['Forest', 'River, wide', '=x'] };
  const files = new Map<string, Uint8Array>();
  afterAll(() => rmSync(top, { recursive: true }));
  beforeAll(async () => {
    await loadCodecs();
    await testPlatform().start('cpu');
    for (const { name, bytes } of (await takeAlong(model)).files) writeFileSync(path.join(top, name), bytes);
    for (let i = 0; i < 8; i++) files.set(`a/${i}.png`, await png(picture(8, 8, i)));
    for (let i = 0; i < 8; i++) files.set(`a/half ${i}.png`, await png(half(i)));
    files.set('=1+1.png', await png(picture(8, 8, 20)));
    files.set('a/wide.png', await png(picture(21, 13, 21)));
    files.set('small ü.png', await png(picture(5, 5, 22)));
    // Of 16 bits a value.
    files.set('deep.png', deepPng(8, 20_000));
    files.set('b.png', new TextEncoder().encode('no picture'));
    files.set('notes.txt', new TextEncoder().encode('no picture'));
    mkdirSync(path.join(top, 'tiles/a'), { recursive: true });
    for (const [name, bytes] of files) writeFileSync(path.join(top, 'tiles', name), bytes);
  }, PATIENCE);

  const run = (...args: string[]) =>
    spawnSync(python!, [path.join(top, 'run.py'), ...args], { encoding: 'utf8', cwd: top });
  const rowsIn = (text: string) =>
    Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;

  test.skipIf(!python).each([false, true])(
    'writes the rows that the lab writes (mirrors: %s)',
    async (mirrors) => {
      const entries = [...files].map(([path, bytes]) => ({ path, bytes: async () => bytes, stamp: '' }));
      const { pictures } = listBatch(entries, 'tiles');
      let text = csvHead(model.classes);
      const choices = { unsure: 0.5, mirrors, resize: 'crop' } as const;
      const stage = classifyMany(model, pictures, choices, emptySummary(3), async (portion) => {
        text += portion.text;
      });
      await finish(stage);
      const out = run('tiles', '--unsure', '0.5', ...(mirrors ? ['--mirrors'] : []));
      expect(out.stderr).toBe('1 of 21 could not be read: the column note says why.\n');
      expect(out.status).toBe(0);
      expect(out.stdout.split('\r\n')[0]).toBe(text.split('\r\n')[0]);
      const [own, lab] = [rowsIn(out.stdout), rowsIn(text)];
      expect(own.map((row) => row.path)).toEqual(lab.map((row) => row.path));
      for (const [i, row] of own.entries()) {
        const { path: name, answer, agreement, flags } = lab[i];
        expect(row).toMatchObject({ path: name, answer, agreement, flags });
        for (const column of model.classes.map((each) => `p(${each})`)) {
          if (answer === '') expect(row[column]).toBe('');
          else expect(Math.abs(Number(row[column]) - Number(lab[i][column]))).toBeLessThan(2e-6);
        }
      }
      expect(own.find((row) => row.path === 'b.png')!.note).toMatch(/tiles\/b\.png/);
      expect(own.some((row) => row.flags.includes('turns-disagree'))).toBe(true);
    },
    PATIENCE,
  );

  test.skipIf(!python)('without Pillow says so once, and calls no picture unreadable', () => {
    mkdirSync(path.join(top, 'lacking'));
    writeFileSync(path.join(top, 'lacking/PIL.py'), 'raise ImportError("No module named PIL")\n');
    for (const given of ['tiles', 'tiles/a/0.png']) {
      const { status, stdout, stderr } = spawnSync(python!, [path.join(top, 'run.py'), given], {
        ...{ encoding: 'utf8', cwd: top },
        env: { ...process.env, PYTHONPATH: path.join(top, 'lacking') },
      });
      expect(status).toBe(1);
      expect(stderr).toMatch(/^Pictures are read by Pillow, which is not here: .*\n$/);
      expect(stdout).not.toContain('unreadable');
    }
  });

  test.skipIf(!python)(
    'says how it is used, and in one sentence what is wrong',
    () => {
      const bare = run();
      expect(bare).toMatchObject({ status: 2, stderr: '' });
      expect(bare.stdout).toContain('usage: run.py');
      expect(bare.stdout).toContain(`with a probability below this (${UNSURE})`);
      expect(run('--help')).toMatchObject({ status: 0, stdout: bare.stdout });
      expect(run('nowhere')).toMatchObject({ status: 1, stderr: 'There is no file or folder nowhere.\n' });
      const one = run('tiles/b.png');
      expect(one.status).toBe(1);
      expect(one.stderr.trim().split('\n')).toHaveLength(1);
      expect(one.stderr).toMatch(/^tiles\/b\.png cannot be read/);
      mkdirSync(path.join(top, 'none'), { recursive: true });
      expect(run('none').stderr).toMatch(/^none holds no file that is called like a picture/);
      const bad = run('tiles/b.png', '--csv');
      expect(bad.status).toBe(2);
      expect(rowsIn(bad.stdout)).toMatchObject([{ path: 'b.png', flags: 'unreadable' }]);
      const two = run('tiles/a', 'tiles/=1+1.png');
      expect(
        rowsIn(two.stdout)
          .map((row) => row.path)
          .slice(0, 2),
      ).toEqual(["'=1+1.png", 'a/0.png']);
    },
    PATIENCE,
  );
});

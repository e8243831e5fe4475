/** The code keeps to the table of arrows, in no circles; and the search that says so finds what is planted. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { idleArrows, misplacedRooms, wrongArrows, wrongPackages } from './arrowChecks';
import { HOUSE, PACKAGES } from './arrows';
import { circlesOf, reachedFrom, readSources, specifiersIn } from './imports';

const FOLDERS = ['src', 'cli', 'scripts', 'bench', 'e2e'];
const sources = readSources(path.resolve(), FOLDERS);

describe('the code', () => {
  test('is all read', () => {
    expect(sources.files.length).toBeGreaterThan(500);
    expect(sources.imports.length).toBeGreaterThan(2000);
  });

  test('imports what the table lets it import', () => expect(wrongArrows(HOUSE, sources)).toEqual([]));
  test('goes round in no circle', () => expect(circlesOf(sources)).toEqual([]));
  test('imports packages where they belong', () => expect(wrongPackages(PACKAGES, sources)).toEqual([]));
});

describe('the table', () => {
  test('names rooms above, so that it holds no circle', () => expect(misplacedRooms(HOUSE)).toEqual([]));
  test('allows nothing that nobody needs', () => expect(idleArrows(HOUSE, sources)).toEqual([]));
});

describe('the page', () => {
  test.each(['src/app/main.tsx', 'src/app/boot.ts'])(
    '%s loads no tensor engine: that is the worker’s',
    (entry) => {
      const reached = reachedFrom(entry, sources);
      const way: string[] = [];
      for (let file: string | null | undefined = 'src/lab/runtime/tf.ts'; file; file = reached.get(file))
        if (reached.has(file)) way.push(file);
      expect(way).toEqual([]);
      expect(reached.size).toBeGreaterThan(1);
    },
  );

  test('its worker does, so the search finds what there is', () => {
    expect([...reachedFrom('src/worker/thread/main.ts', sources).keys()]).toContain('src/lab/runtime/tf.ts');
  });
});

describe('what is planted is found', () => {
  const roots: string[] = [];
  afterAll(() => {
    for (const root of roots) rmSync(root, { recursive: true });
  });

  /** A house of these files, by their paths. */
  function planted(files: Readonly<Record<string, string>>) {
    const root = mkdtempSync(path.join(tmpdir(), 'orbit-arrows-'));
    roots.push(root);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
    return readSources(root, FOLDERS);
  }

  const FORMS = [
    "import { b } from '../nn/b';",
    "import type { B } from '../nn/b';",
    "import { type B, b } from '../nn/b';",
    "import '../nn/b';",
    "export * from '../nn/b';",
    "export type { B } from '../nn/b';",
    "export const b = () => import('../nn/b');",
    "export let b: import('../nn/b').B;",
    "export const b = new URL('../nn/b.ts', import.meta.url);",
  ];

  test.each(FORMS)('a wrong import: %s', (text) => {
    const house = planted({ 'src/lab/symmetry/a.ts': text, 'src/lab/nn/b.ts': 'export const b = 1;' });
    expect(wrongArrows(HOUSE, house)).toEqual([
      'src/lab/symmetry/a.ts imports src/lab/nn/b.ts: src/lab/symmetry may not.',
    ]);
    expect(circlesOf(house)).toEqual([]);
  });

  test('a right import is none', () => {
    const house = planted({ 'src/lab/nn/b.ts': "import '../symmetry/a';", 'src/lab/symmetry/a.ts': '' });
    expect([...wrongArrows(HOUSE, house), ...circlesOf(house)]).toEqual([]);
  });

  test('a circle, of types too, and through a third file', () => {
    const house = planted({
      'src/lab/nn/a.ts': "import type { B } from './b';\nexport type A = B;",
      'src/lab/nn/b.ts': "import { c } from './c';\nexport type B = typeof c;",
      'src/lab/nn/c.ts': "export const c = 1 as import('./a').A | 1;",
      'src/lab/nn/d.ts': "import './a';",
    });
    expect(wrongArrows(HOUSE, house)).toEqual([]);
    expect(circlesOf(house)).toEqual([
      'src/lab/nn/a.ts → src/lab/nn/b.ts → src/lab/nn/c.ts → src/lab/nn/a.ts',
    ]);
  });

  test('the view that reaches past the states, the test’s helper outside a test, the folder without a line', () => {
    const house = planted({
      'src/app/train/A.tsx':
        "import { listRuns } from '../../storage/runs';\nimport '../../lab/testing/tiny';",
      'src/app/train/A.test.tsx': "import '../../lab/nn/model';\nimport './A';",
      'src/storage/runs.ts': 'export const listRuns = 1;',
      'src/lab/testing/tiny.ts': '',
      'src/lab/nn/model.ts': '',
      'src/lab/news/a.ts': '',
    });
    expect(wrongArrows(HOUSE, house)).toEqual([
      'src/lab/news/a.ts lies in no room: give its folder a line.',
      'src/app/train/A.tsx imports src/storage/runs.ts: src/app/train may not.',
      'src/app/train/A.tsx imports src/lab/testing/tiny.ts, which is for tests.',
    ]);
  });

  test('the lab’s test that reaches a host', () => {
    const house = planted({ 'src/lab/nn/a.test.ts': "import '../../../cli/node/b';", 'cli/node/b.ts': '' });
    expect(wrongArrows(HOUSE, house)).toEqual([
      'src/lab/nn/a.test.ts imports cli/node/b.ts: src/lab/nn may not.',
    ]);
  });

  test('the package in the wrong place', () => {
    const house = planted({
      'src/lab/nn/a.ts': "import * as tf from '@tensorflow/tfjs';",
      'src/lab/data/a.ts': "import { readFile } from 'node:fs/promises';",
      'src/lab/runtime/tf.ts': "import '@tensorflow/tfjs';",
    });
    expect(wrongPackages(PACKAGES, house)).toEqual([
      'src/lab/data/a.ts imports node:fs/promises, which belongs to cli, bench, scripts, e2e, ..',
      'src/lab/nn/a.ts imports @tensorflow/tfjs, which belongs to src/lab/runtime.',
    ]);
  });

  test('the line that names what stands below it, and the one that nobody needs', () => {
    const area = (rooms: Record<string, string>) => ({ all: '', tests: '', rooms });
    expect(misplacedRooms({ 'src/lab': area({ nn: 'train', train: '' }) })).toEqual([
      'src/lab/nn names train, which does not stand above it.',
    ]);
    expect(
      idleArrows(
        { 'src/lab': area({ nn: '', train: 'nn', gone: '' }) },
        planted({ 'src/lab/train/a.ts': '' }),
      ),
    ).toEqual([
      'src/lab/nn has no file: take its line out.',
      'src/lab/train may import nn and does not: take that out.',
      'src/lab/gone has no file: take its line out.',
    ]);
  });
});

test('a text that only looks like an import is none', () => {
  const text = "// import '../a';\nconst s = `import './b'`;\nexport const t = \"from './c'\" + s;";
  expect(specifiersIn('a.ts', text)).toEqual([]);
});

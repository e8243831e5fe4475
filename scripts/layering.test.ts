/** The arrows of the architecture: what the page's scripts may reach by their imports. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const SOURCE = path.resolve('src');
const IMPORTS =
  /(?:^|\n)(?:import|export)\s+(?!type\b)(?:([^;'"]*?)\s*from\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

/** How each file is reached from `entry` by imports of values: file → the file that imports it. */
function reached(entry: string): Map<string, string | null> {
  const from = new Map<string, string | null>([[entry, null]]);
  for (const file of from.keys()) {
    if (!/\.tsx?$/.test(file)) continue;
    for (const [, names = '', fixed, lazy] of readFileSync(file, 'utf8').matchAll(IMPORTS)) {
      const target = fileOf(file, fixed ?? lazy);
      if (target && !isTypesOnly(names) && !from.has(target)) from.set(target, file);
    }
  }
  return from;
}

function isTypesOnly(names: string): boolean {
  const list = names
    .match(/^\{([^}]*)\}$/)?.[1]
    .split(',')
    .map((name) => name.trim());
  return list?.filter(Boolean).every((name) => name.startsWith('type ')) ?? false;
}

function fileOf(importer: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const base = path.resolve(path.dirname(importer), specifier.replace(/\?.*$/, ''));
  return ['', '.ts', '.tsx', '/index.ts', '/index.tsx']
    .map((ending) => base + ending)
    .find((file) => existsSync(file) && statSync(file).isFile());
}

test.each(['app/main.tsx', 'app/boot.ts'])('%s reaches no tensor engine: that is the worker’s', (entry) => {
  const files = reached(path.join(SOURCE, entry));
  const chain: string[] = [];
  let file: string | null | undefined = path.join(SOURCE, 'lab/runtime/tf.ts');
  while (file && files.has(file)) {
    chain.push(path.relative(SOURCE, file));
    file = files.get(file);
  }
  expect(chain).toEqual([]);
  expect(files.size).toBeGreaterThan(5);
});

test('the worker does reach it, so the search finds what there is', () => {
  expect([...reached(path.join(SOURCE, 'worker/thread/main.ts')).keys()]).toContain(
    path.join(SOURCE, 'lab/runtime/tf.ts'),
  );
});

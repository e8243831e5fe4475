import path from 'node:path';
import { expect, test } from 'vitest';
import { wholeScripts } from './wholeScripts';

const src = (name: string) => path.resolve('src', name);

/** Modules by what they import, all of them in src. */
function modules(imports: Readonly<Record<string, readonly string[]>>) {
  const known = new Map(Object.entries(imports).map(([name, of]) => [src(name), of.map(src)]));
  return {
    getModuleInfo: (id: string) => (known.has(id) ? { importedIds: known.get(id)! } : null),
  };
}

test('a module is in the file of the first script that imports it, however far away, and in no other', () => {
  const graph = modules({
    'a/first.ts': ['a/near.ts', 'a/circle.ts'],
    'a/near.ts': ['a/shared.ts'],
    'a/circle.ts': ['a/first.ts'],
    'a/second.tsx': ['a/shared.ts', 'a/own.ts'],
    'a/own.ts': ['../node_modules/package/index.js'],
    'a/lazy.ts': ['a/shared.ts', 'a/other.ts'],
  });
  const { groups } = wholeScripts(['a/first.ts', 'a/second.tsx']);
  const fileOf = (name: string) => groups.map((group) => group.name(src(name), graph)).filter(Boolean);
  expect(['first.ts', 'near.ts', 'circle.ts', 'shared.ts'].map((each) => fileOf(`a/${each}`))).toEqual([
    ['first'],
    ['first'],
    ['first'],
    ['first'],
  ]);
  expect(['second.tsx', 'own.ts'].map((each) => fileOf(`a/${each}`))).toEqual([['second'], ['second']]);
  // What is loaded later stays apart, and packages go by what is used of them.
  expect(['a/lazy.ts', 'a/other.ts', '../node_modules/package/index.js'].flatMap(fileOf)).toEqual([]);
  expect(groups[0].priority).toBeGreaterThan(groups[1].priority);
});

test('a bundle without the script is left as it is, whether it is made before or after one with it', () => {
  const without = modules({ 'a/other.ts': ['a/shared.ts'] });
  const within = modules({ 'a/first.ts': ['a/shared.ts'], 'a/shared.ts': [] });
  const [{ name }] = wholeScripts(['a/first.ts']).groups;
  const shared = src('a/shared.ts');
  expect([without, within, without].map((graph) => name(shared, graph))).toEqual([null, 'first', null]);
});

/** No stage of the lab or the worker returns a promise (stageReturns.ts says why). */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { promisesReturned, promisingIn } from './stageReturns';

test('no async generator returns a promise', () => {
  const files = ['src/lab', 'src/worker', 'src/storage', 'cli'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((file) => path.posix.join(folder, file.replaceAll(path.sep, '/')))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')),
  );
  const texts = files.map((file) => [file, readFileSync(file, 'utf8')] as const);
  const promising = new Set(texts.flatMap(([file, text]) => promisingIn(file, text)));
  expect(promising.size).toBeGreaterThan(100);
  const returned = texts.flatMap(([file, text]) =>
    promisesReturned(file, text, promising).map((call) => `${file}: return ${call}`),
  );
  expect(returned).toEqual([]);
});

test('… and what is planted is found, with what is awaited left alone', () => {
  const text = `
    async function sum(a: number) { return a; }
    const later = (a: number): Promise<number> => sum(a);
    const soon = (a: number) => a;
    async function* bad(a: number) {
      const inner = async () => sum(a);
      yield inner;
      if (a > 1) return later(a);
      return a > 0 ? sum(a) : Promise.all([a]);
    }
    async function* good(a: number) {
      if (a > 1) return await later(a);
      return a > 0 ? yield* bad(a) : soon(a);
    }`;
  const promising = promisingIn('x.ts', text);
  expect(promising).toEqual(['sum', 'later', 'inner']);
  expect(promisesReturned('x.ts', text, new Set(promising))).toEqual([
    'later(a)',
    'sum(a)',
    'Promise.all([a])',
  ]);
});

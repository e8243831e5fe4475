import { expect, test } from 'vitest';
import { givenByInput, givenOf } from './dropped';

const file = (name: string) => new File(['x'], name);
const at = (...paths: string[]) => paths.map((path) => ({ path, file: file(path) }));

test('one file is a zip or a packed set, whatever it is called', () => {
  expect(givenOf(at('./EuroSAT.zip'))).toMatchObject({ name: 'EuroSAT', source: { kind: 'file' } });
  expect(givenByInput([file('tiles.bin')])).toMatchObject({ name: 'tiles.bin', source: { kind: 'file' } });
});

test('a folder is named by its top, and paths lose the beginning a drop gives them', () => {
  const given = givenOf(at('/mine/a/1.png', '/mine/b/1.png'));
  expect(given.name).toBe('mine');
  expect(given.source).toMatchObject({
    kind: 'folder',
    files: [{ path: 'mine/a/1.png' }, { path: 'mine/b/1.png' }],
  });
});

test('class folders dropped by themselves have no name in common', () => {
  expect(givenOf(at('/a/1.png', '/b/1.png'))).toMatchObject({
    name: 'Dropped folders',
    source: { kind: 'folder' },
  });
});

test('a folder with a single file is a folder, and nothing is refused', () => {
  expect(givenOf(at('/mine/1.png')).source.kind).toBe('folder');
  expect(() => givenOf([])).toThrow(/no files in what you gave/);
});

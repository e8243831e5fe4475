import { expect, test } from 'vitest';
import { givenByInput, givenOf, sourceOf } from './dropped';

const file = (name: string) => new File(['x'], name);
const at = (...paths: string[]) => paths.map((path) => ({ path, file: file(path) }));

test('one file is a set by itself, whatever it is called', () => {
  const [zip, other] = [file('EuroSAT.zip'), file('tiles.bin')];
  expect(givenOf([{ path: './EuroSAT.zip', file: zip }])).toEqual({ name: 'EuroSAT', content: zip });
  expect(givenByInput([other])).toEqual({ name: 'tiles', content: other });
});

test('a folder is handed over in portions, each when it is asked for', async () => {
  const files = at(...Array.from({ length: 120 }, (_, i) => `mine/${i % 2}/${i}.png`));
  const { source, transfer } = sourceOf(givenOf(files));
  if (source.kind !== 'folder') throw new Error('not a folder');
  expect(transfer).toEqual([source.port]);
  const { port, count } = source;
  const got: (number | null)[] = [];
  for (let isMore = true; isMore; ) {
    const files = await new Promise<unknown[] | null>((resolve) => {
      port.onmessage = ({ data }) => resolve(data);
      port.postMessage('next');
    });
    got.push(files?.length ?? null);
    isMore = files !== null;
  }
  port.close();
  expect([count, ...got]).toEqual([120, ...new Array(7).fill(16), 8, null]);
});

test('a folder is named by its top, and paths lose the beginning a drop gives them', () => {
  const given = givenOf(at('/mine/a/1.png', '/mine/b/1.png'));
  expect(given.name).toBe('mine');
  expect(given.content).toMatchObject([{ path: 'mine/a/1.png' }, { path: 'mine/b/1.png' }]);
});

test('class folders dropped by themselves have no name in common', () => {
  expect(givenOf(at('/a/1.png', '/b/1.png'))).toMatchObject({
    name: 'Dropped folders',
    content: { length: 2 },
  });
});

test('files chosen together are one data set', () => {
  const given = givenOf(at('train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz'));
  expect(given).toMatchObject({ name: 'Dropped files', content: { length: 2 } });
});

test('a folder with a single file is a folder, and nothing is refused', () => {
  expect(givenOf(at('/mine/1.png')).content).toMatchObject([{ path: 'mine/1.png' }]);
  expect(() => givenOf([])).toThrow(/no files in what you gave/);
});

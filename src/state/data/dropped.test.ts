import { expect, test } from 'vitest';
import { givenByInput, givenOf, refuseLoose, sourceOf } from './dropped';

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

test('thousands of loose files are refused before one of them is read; few are an official set', () => {
  const loose = at(...Array.from({ length: 3_000 }, (_, i) => `${i}.png`));
  const unread = loose.map(({ path, file }) => {
    const fail = () => {
      throw new Error(`${path} was read`);
    };
    return { path, file: Object.assign(file, { arrayBuffer: fail, stream: fail, slice: fail }) };
  });
  const refusal = /^3,000 files in no folder, 0\.png among them: nothing says what class each is of/;
  expect(() => refuseLoose(givenOf(unread))).toThrow(refusal);
  expect(() => refuseLoose(givenOf(at(...loose.slice(0, 2).map(({ path }) => path))))).toThrow(
    /^2 files in no/,
  );
  const bitmaps = at(...loose.map(({ path }) => path.replace('png', 'bmp')));
  expect(() => refuseLoose(givenOf(bitmaps))).toThrow(/^3,000 files in no folder/);
  refuseLoose(givenOf(at('train-images-idx3-ubyte', 'train-labels-idx1-ubyte')));
  refuseLoose(givenOf(at('a/1.png', 'b/1.png', 'notes.txt')));
  refuseLoose(givenOf(at('one.png')));
});

import { expect, test, vi } from 'vitest';
import { givenByDrop, givenByInput, givenOf, refuseLoose, sourceOf } from './dropped';

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

/** A folder as Chromium gives it: by entries, which may fail, and by handles, which leave out what is unsafe. */
function droppedFolder(names: readonly string[], { entriesFail = false } = {}): DragEvent {
  const entry = (name: string) => ({
    isFile: true,
    fullPath: `/mine/${name}/1.png`,
    file: (got: (file: File) => void) => got(file('1.png')),
  });
  const reader = () => {
    const batches = [names.map(entry), []];
    return {
      readEntries: (got: (batch: object[]) => void, failed: (error: Error) => void) =>
        entriesFail ? failed(new Error('EncodingError')) : got(batches.shift()!),
    };
  };
  const child = (name: string) => ({
    kind: 'directory',
    name,
    values: async function* () {
      yield { kind: 'file', name: '1.png', getFile: async () => file('1.png') };
    },
  });
  const handle = {
    ...{ kind: 'directory', name: 'mine' },
    values: async function* () {
      yield* names.filter((name) => /^\w/.test(name)).map(child);
    },
  };
  const item = {
    kind: 'file',
    getAsFile: () => file('mine'),
    webkitGetAsEntry: () => ({ isDirectory: true, isFile: false, createReader: reader }),
    getAsFileSystemHandle: async () => handle,
  };
  return { type: 'drop', dataTransfer: { items: [item] } } as unknown as DragEvent;
}

test('a dropped folder is listed with the names that a browser holds for unsafe, by the other way where one fails', async () => {
  vi.stubGlobal('isSecureContext', true);
  const paths = async (event: DragEvent) => {
    const { content } = await givenByDrop(event);
    return (content as readonly { path: string }[]).map(({ path }) => path);
  };
  const names = ['\u202eForest', 'Sea', ' River', 'a|b'];
  expect(await paths(droppedFolder(names))).toEqual(names.map((name) => `mine/${name}/1.png`));
  expect(await paths(droppedFolder(['Forest', 'Sea'], { entriesFail: true }))).toEqual([
    'mine/Forest/1.png',
    'mine/Sea/1.png',
  ]);
  vi.unstubAllGlobals();
});

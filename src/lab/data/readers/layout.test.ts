import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { entriesOf, loadCodecs, picture, png } from '../testing/pictures';
import { datasetHash } from '../tiles';
import { readImageFolder } from './imageFolder';
import { folderLayout } from './layout';

const NONE = new Uint8Array(0);
const layout = (...paths: string[]) =>
  folderLayout(entriesOf(Object.fromEntries(paths.map((p) => [p, NONE]))), 'mine');
/** The class and part of each picture, by its key. */
const told = (...paths: string[]) => {
  const { classes, pictures, parts } = layout(...paths);
  return Object.fromEntries(
    pictures.map(({ key, label }, i) => [key, parts ? `${classes[label]} ${parts[i]}` : classes[label]]),
  );
};

describe('a class is the topmost folder that differs', () => {
  test('whatever lies below it, and it is said', () => {
    const { classes, notes } = layout('x/a/2023/1.png', 'x/a/2024/1.png', 'x/b/2023/1.png', 'x/b/2.png');
    expect(classes).toEqual(['a', 'b']);
    expect(notes).toEqual([
      expect.stringMatching(
        /^3 pictures in folders below a class \(2023, 2024\) belong to that class: classes are the topmost folders\. .*--classes innermost/,
      ),
    ]);
    expect(layout('a/1.png', 'b/1.png').notes).toEqual([]);
  });

  const name = fc.constantFrom('a', 'b', 'c', '2019', 'sub');
  const tree = fc.uniqueArray(
    fc.tuple(name, fc.array(name, { maxLength: 3 }), fc.constantFrom('1.png', '2.JPG', '3.jfif')),
    { minLength: 2, maxLength: 20, selector: ([top, below, file]) => [top, ...below, file].join('/') },
  );
  test('for any folders, below any others', () => {
    fc.assert(
      fc.property(tree, fc.array(name, { maxLength: 2 }), (files, above) => {
        fc.pre(new Set(files.map(([top]) => top)).size > 1);
        const paths = files.map(([top, below, file]) => [...above, top, ...below, file].join('/'));
        const { classes, pictures, parts } = layout(...paths);
        expect(parts).toBeNull();
        for (const { key, label } of pictures) expect(key.split('/')[0]).toBe(classes[label]);
      }),
    );
  });

  test('pictures beside the class folders belong to none', () => {
    expect(() => layout('x/1.png', 'x/a/1.png', 'x/b/1.png')).toThrow(/^x\/1\.png lies in no class folder/);
    expect(() => layout('1.png', '2.png')).toThrow(/lies in no class folder/);
    expect(() => layout('x/a/1.png', 'x/a/2.png')).toThrow(/one class only \(a\)/);
  });
});

describe('a class is the folder that a picture lies in, where that is asked for', () => {
  const innermost = (...paths: string[]) =>
    folderLayout(entriesOf(Object.fromEntries(paths.map((p) => [p, NONE]))), 'mine', null, 'innermost');

  test('whatever lies above it, and it is said', () => {
    const { classes, pictures, notes } = innermost('x/A/sea/1.png', 'x/A/wood/1.png', 'x/B/2/sea/1.png');
    expect(classes).toEqual(['sea', 'wood']);
    expect(pictures.map(({ key, label }) => `${key} ${classes[label]}`)).toEqual([
      'A/sea/1.png sea',
      'A/wood/1.png wood',
      'B/2/sea/1.png sea',
    ]);
    expect(notes).toEqual([
      'Classes are the folders that the pictures lie in; those above them (2, A, B) tell nothing.',
    ]);
    expect(innermost('a/1.png', 'b/1.png')).toMatchObject({ classes: ['a', 'b'], notes: [] });
  });

  test('with official parts above or below the classes', () => {
    for (const at of [
      (part: string, c: string) => `A/${part}/${c}`,
      (part: string, c: string) => `A/${c}/${part}`,
    ]) {
      const paths = ['train', 'test'].flatMap((part) => ['sea', 'wood'].map((c) => `${at(part, c)}/1.png`));
      const { classes, parts } = innermost(...paths, ...paths.map((path) => path.replace('A', 'B')));
      expect(classes).toEqual(['sea', 'wood']);
      expect(parts?.filter((part) => part === 'train')).toHaveLength(4);
    }
  });

  test('and one class alone is refused', () => {
    expect(() => innermost('A/sea/1.png', 'B/sea/1.png')).toThrow(/one class only \(sea\)/);
  });
});

describe('official parts', () => {
  const part = fc.constantFrom(
    ...(['train', 'training'] as const).flatMap((a) =>
      (['test', 'testing', 'val', 'valid', 'validation'] as const).map((b) => [a, b] as const),
    ),
  );
  const cased = (text: string, how: number) =>
    [...text].map((c, i) => ((how >> i) & 1 ? c.toUpperCase() : c)).join('');
  test('are kept whatever their case, above the classes or below them', () => {
    fc.assert(
      fc.property(part, fc.nat(), fc.boolean(), fc.boolean(), ([a, b], how, isAbove, isDeep) => {
        const names = [cased(a, how), cased(b, how >> 3)];
        const paths = names.flatMap((part) =>
          ['cat', 'dog'].map(
            (c) => `${isAbove ? `${part}/${c}` : `${c}/${part}`}/${isDeep ? 'x/' : ''}1.png`,
          ),
        );
        const { classes, pictures, parts, notes } = layout(...paths.map((path) => `set/${path}`));
        expect(classes).toEqual(['cat', 'dog']);
        for (const [i, { key }] of pictures.entries()) {
          // Where nothing is for testing, what was held out is.
          expect(parts![i]).toBe(key.split('/').includes(names[0]) ? 'train' : 'test');
        }
        expect(notes.some((note) => note.includes('are kept as the parts of the split: 2 train, 2 '))).toBe(
          true,
        );
        expect(notes.some((note) => note.startsWith('There is no test part'))).toBe(!/^test/.test(b));
      }),
    );
  });

  test('of three kinds stay three', () => {
    expect(told('Train/a/1.png', 'Val/a/2.png', 'Test/a/3.png', 'Test/b/1.png')).toEqual({
      'Train/a/1.png': 'a train',
      'Val/a/2.png': 'a val',
      'Test/a/3.png': 'a test',
      'Test/b/1.png': 'b test',
    });
  });

  test('in which only some pictures lie, or that hold no classes, are asked about', () => {
    expect(() => layout('train/a/1.png', 'test/b/1.png', 'extra/a/2.png')).toThrow(
      /^The folders test, train look like the parts of a data set, but extra\/a\/2\.png lies in none/,
    );
    expect(() => layout('a/train/1.png', 'a/test/1.png', 'b/1.png')).toThrow(/b\/1\.png lies in none/);
    expect(() => layout('train/1.png', 'test/1.png')).toThrow(
      /test, train are the parts of a data set, so each must/,
    );
    expect(() => layout('val/a/1.png', 'test/b/1.png')).toThrow(/none to train on/);
  });

  test('one name alone is a class like any other', () => {
    expect(told('train/1.png', 'bus/1.png', 'car/1.png')).toMatchObject({ 'train/1.png': 'train' });
    expect(told('valid/1.png', 'invalid/1.png')).toMatchObject({ 'valid/1.png': 'valid' });
    expect(layout('x/train/a/1.png', 'x/train/b/1.png').parts).toBeNull();
  });
});

describe('what is passed over', () => {
  test('is counted by its ending; hidden pictures are counted by their folders', () => {
    const { pictures, notes } = layout(
      ...['a/1.png', 'a/2.jfif', 'b/1.jpe', 'a/3.bmp', 'a/4.BMP', 'b/3.gif', 'b/README', 'a/Thumbs.db'],
      ...['@eaDir/a/1.png', 'a/@eaDir/1.png/THUMB.jpg', '__MACOSX/a/._1.png', '.DS_Store', 'b/.git/x.png'],
    );
    expect(pictures.map(({ key }) => key)).toEqual(['a/1.png', 'a/2.jfif', 'b/1.jpe']);
    expect(notes).toEqual([
      '5 files passed over, not called like pictures that the lab reads (JPEG, PNG, WebP, TIFF): 2 .bmp, 1 .db, 1 .gif, 1 without an ending.',
      '4 pictures passed over, hidden or in the folders of a system (.git, @eaDir, __MACOSX).',
    ]);
    expect(() => layout('a/1.bmp', 'b/1.bmp')).toThrow(/holds no picture .*2 .bmp/);
  });
});

test('a name with an accent is one class in either spelling', () => {
  const forms = ['NFC', 'NFD'] as const;
  const { classes, pictures } = layout(
    ...forms.flatMap((form, i) => ['Forêt', 'Gewässer'].map((name) => `${name}/${i}.png`.normalize(form))),
  );
  expect(classes).toEqual(['Forêt', 'Gewässer'].map((name) => name.normalize('NFC')));
  expect(pictures.map(({ label }) => label)).toEqual([0, 0, 1, 1]);
  expect(() => layout(...forms.map((form) => 'Forêt/1.png'.normalize(form)), 'b/1.png')).toThrow(/twice/);
});

describe('a list of pictures', () => {
  let tiles: Uint8Array[];
  beforeAll(async () => {
    await loadCodecs();
    tiles = await Promise.all([0, 1, 2, 3, 4, 5].map((seed) => png(picture(4, 4, seed))));
  });
  const text = (words: string) => new TextEncoder().encode(words);
  const read = async (files: Record<string, Uint8Array>) => {
    const notes: string[] = [];
    const dataset = await readImageFolder('mine', entriesOf(files), { onNote: (note) => notes.push(note) });
    const { classes, labels, keys, parts } = dataset;
    const rows = keys.map((key, i) => [key, classes[labels[i]], ['train', 'val', 'test'][parts![i]]]);
    return { dataset, rows, notes };
  };

  test('tells classes and parts of pictures in one folder', async () => {
    const files = Object.fromEntries(tiles.map((bytes, i) => [`set/images/${i}.png`, bytes]));
    const list = [
      ['Part', 'File name', 'Class'],
      ['TRAIN', './images/0.png', 'a'],
      ['train', 'images\\1.png', '"b, too"'],
      ['Validation', '2.png', 'a'],
      ['test', 'set/images/3.png', 'a'],
      ['Testing', 'images/4.png', '"b, too"'],
    ];
    const csv = text(`\ufeff${list.map((row) => row.join(',')).join('\r\n')}\r\n\r\n`);
    const { rows, notes } = await read({ ...files, 'set/split.csv': csv });
    expect(rows).toEqual([
      ['0.png', 'a', 'train'],
      ['1.png', 'b, too', 'train'],
      ['2.png', 'a', 'val'],
      ['3.png', 'a', 'test'],
      ['4.png', 'b, too', 'test'],
    ]);
    expect(notes).toEqual([
      'set/split.csv says which tile is in which part, and its class: 2 train, 1 val, 2 test.',
      '1 of 6 pictures are not in set/split.csv and were left out.',
    ]);
    const semicolons = text(list.map((row) => row.join(';').replaceAll('"', '')).join('\n'));
    expect((await read({ ...files, 'set/split.csv': semicolons })).rows).toEqual(rows);
  });

  test('tells the parts of pictures in folders of classes', async () => {
    const paths = ['a/0.png', 'a/1.png', 'b/0.png', 'b/1.png'];
    const files = Object.fromEntries(paths.map((path, i) => [path, tiles[i]]));
    const csv = (change: string) =>
      text(`path,split\na/0.png,train\na/1.png,test\nb/0.png,${change}\nb/1.png,test`);
    const one = await read({ ...files, 'list.csv': csv('train') });
    expect(one.rows.map(([, ...row]) => row.join(' '))).toEqual(['a train', 'a test', 'b train', 'b test']);
    // Other tiles may teach: it is another data set.
    const other = await read({ ...files, 'list.csv': csv('val') });
    const { parts: _, ...without } = one.dataset;
    const hashes = [one.dataset, other.dataset, without].map(datasetHash);
    expect(new Set(hashes).size).toBe(3);
  });

  test('is refused where it does not fit, by line or name', async () => {
    const files = { 'a/0.png': tiles[0], 'b/0.png': tiles[1], 'b/1.png': tiles[2] };
    const refused = async (csv: string, message: RegExp) => {
      const reading = read({ ...files, 'list.csv': text(csv) });
      await expect(reading).rejects.toThrow(BadInput);
      await expect(reading).rejects.toThrow(message);
    };
    await refused(
      'path,part\na/0.png,train\nb/0.png,held out',
      /^Line 3 of list\.csv has the part "held out"/,
    );
    await refused('path,part\na/0.png,train\n,test', /^Line 3 of list\.csv names no picture/);
    await refused(
      'path,part\na/0.png,train\na/7.png,test\nb/8.png,test',
      /lists a\/7\.png \(and 1 more\), which is not there/,
    );
    await refused(
      'path,part\n0.png,train\nb/1.png,test',
      /lists 0\.png, which may be a\/0\.png or b\/0\.png/,
    );
    await refused('path,part\na/0.png,train\na/0.png,test', /lists a\/0\.png twice/);
    const two = read({
      ...files,
      'a.csv': text('path,part\na/0.png,train'),
      'b.csv': text('path,part\na/0.png,test'),
    });
    await expect(two).rejects.toThrow(/both say which tile is in which part/);
  });

  test('may be one for each part, called by it, whatever its lines look like', async () => {
    const paths = ['a/a_0.png', 'a/a_1.png', 'a/a_2.v2.png', 'b/b_0.png', 'b/b_1.png', 'b/b_2.png'];
    const files = Object.fromEntries(paths.map((path, i) => [`set/${path}`, tiles[i]]));
    const parts = ['train', 'train', 'test', 'train', 'train', 'test'];
    const lists = (name: (part: string) => string, line: (path: string) => string, title = '') =>
      Object.fromEntries(
        ['train', 'test'].map((part) => {
          const own = paths.filter((_, i) => parts[i] === part).map(line);
          return [`set/${name(part)}`, text([title, ...own].join('\n'))];
        }),
      );
    const last = (path: string) => path.slice(2);
    for (const given of [
      lists(
        (part) => `${part}.txt`,
        (path) => path,
      ),
      lists(
        (part) => `${part}.txt`,
        (path) => `${path.replace('.png', '')}\r`,
      ),
      lists(
        (part) => `eurosat-${part}ing.txt`,
        (path) => `${last(path)} 7`,
      ),
      // As Kaggle has it: a table for each part, with a class and a number of it.
      lists(
        (part) => `${part}.csv`,
        (path) => `1,set/${path},0,${path[0]}`,
        ',Filename,Label,ClassName',
      ),
      lists((part) => `${part}_list.csv`, last),
    ]) {
      const { rows, notes } = await read({ ...files, ...given });
      expect(rows.map(([, ...row]) => row)).toEqual(paths.map((path, i) => [path[0], parts[i]]));
      expect(notes[0]).toMatch(
        /^set\/.*train.* and set\/.*test.* say which tile is in which part.*4 train, 2 test/,
      );
    }
  });

  test('of one part, of none that teaches, or about something else is none', async () => {
    const files = { 'a/0.png': tiles[0], 'b/0.png': tiles[1] };
    for (const others of [
      { 'train.txt': 'a/0.png' },
      { 'val.txt': 'a/0.png', 'test.txt': 'b/0.png' },
      { 'train.txt': 'how we trained', 'test.txt': 'how we tested' },
      { 'train.txt': 'a/0.png', 'a/test.txt': 'b/0.png' },
    ]) {
      const texts = Object.entries(others).map(([name, words]) => [name, text(words)]);
      const { parts } = await readImageFolder('mine', entriesOf({ ...files, ...Object.fromEntries(texts) }));
      expect(parts).toBeUndefined();
    }
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    await readImageFolder('mine', entriesOf({ ...files, 'val.txt': text('a/0.png') }), { onNote });
    expect(notes).toContainEqual(expect.stringMatching(/^Not followed: val\.txt\. Lists count where/));
    const two = {
      'train.txt': text('a/0.png'),
      'training.txt': text('b/0.png'),
      'test.txt': text('b/0.png'),
    };
    await expect(read({ ...files, ...two })).rejects.toThrow(/both list the train part; leave one out/);
    const gone = { 'train.txt': text('a/0.png\na/9.png'), 'test.txt': text('b/0.png') };
    await expect(read({ ...files, ...gone })).rejects.toThrow(
      /^train\.txt and test\.txt list a\/9\.png, which is not there/,
    );
  });

  test('is one by its columns: other tables are passed over', async () => {
    const files = { 'a/0.png': tiles[0], 'b/0.png': tiles[1] };
    for (const csv of ['path,class\na/0.png,a', 'path,set\na/0.png,A7', '', 'a,b\n"']) {
      const { parts } = await readImageFolder('mine', entriesOf({ ...files, 'list.csv': text(csv) }));
      expect(parts).toBeUndefined();
    }
  });
});

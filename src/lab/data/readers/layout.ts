/**
 * What a listing of paths means as a data set. A picture's class is the topmost folder that differs among the pictures:
 * `River/1.jpg`, `2750/River/1.jpg`, `River/2019/1.jpg`; or, where that is asked for, the one it lies in:
 * `sensorA/River/1.jpg`, `sensorB/River/1.jpg`. Folders called train, val or test are no classes but the parts of
 * the set, above the classes or below them: `Train/cat/1.png`, `cat/train/1.png`. A list of pictures (splitFile.ts) says
 * more than folders. Whatever was understood in one of several ways, and whatever was passed over, is told.
 */

import { BadInput } from '../../errors';
import type { SplitName } from '../dataset';
import { partCounts, partNamed } from '../parts';
import { isHidden, isHiddenName, isPicture, isPicturePath } from './called';
import type { ClassLevel, Entry } from './entry';
import { type Listed, listed, type SplitFile } from './splitFile';

export interface LaidOutPicture {
  readonly entry: Entry;
  /** The path below the folder that all pictures share. */
  readonly key: string;
  /** Index into the layout's classes. */
  readonly label: number;
}

export interface FolderLayout {
  /** Sorted by name. */
  readonly classes: readonly string[];
  /** Sorted by path, whatever the order of the listing. */
  readonly pictures: readonly LaidOutPicture[];
  /** The official part of each picture; null where there are none. */
  readonly parts: readonly SplitName[] | null;
  /** What to tell, as sentences. */
  readonly notes: readonly string[];
}

/** Labels are bytes. */
const MAX_CLASSES = 256;
const KINDS = 'JPEG, PNG, WebP, TIFF';

/** A picture and where it lies. Names are compared in one spelling (NFC): a letter with an accent has two. */
interface Located {
  readonly entry: Entry;
  readonly path: string;
  readonly folders: readonly string[];
}

/** What folders, or a list, say of the pictures. */
interface Told {
  /** Of each picture. */
  readonly classNames: readonly string[];
  readonly parts: readonly SplitName[] | null;
  readonly notes: readonly string[];
}

/**
 * Sorts a listing into classes and parts. Hidden files, and files that are no pictures, are passed over.
 *
 * @param source what to call the folder or zip in an error.
 * @param split a list of pictures that lies among the files.
 * @throws BadInput when there is no picture, fewer than two classes, a picture outside of any class folder, a class folder
 * without a picture, or when only some pictures lie in a part.
 */
export function folderLayout(
  entries: readonly Entry[],
  source: string,
  split: SplitFile | null = null,
  wanted: ClassLevel = 'topmost',
): FolderLayout {
  const visible = entries.filter(({ path }) => !isHidden(path));
  const files = visible.filter(isPicture).map(locate).sort(byPath);
  const passed = passedOver(entries, split);
  if (files.length === 0) {
    const instead = passed.length === 0 ? '' : ` ${passed.join(' ')}`;
    throw new BadInput(
      `${source} holds no picture (${KINDS}); give a folder with one subfolder per class.${instead}`,
    );
  }
  for (let i = 1; i < files.length; i++) {
    if (files[i].path === files[i - 1].path) throw new BadInput(`${source} holds ${files[i].path} twice.`);
  }
  const chosen = split ? listed(split, files) : null;
  const taken = chosen ? chosen.files : files;
  const told = chosen
    ? toldByList(chosen, visible, source, wanted)
    : toldByFolders(files, visible, source, wanted);
  const classes = [...new Set(told.classNames)].sort();
  if (classes.length < 2) {
    throw new BadInput(
      `${source} holds one class only (${classes[0]}); a net needs at least two to tell apart.`,
    );
  }
  if (classes.length > MAX_CLASSES) {
    throw new BadInput(
      `${source} holds ${classes.length} classes; the lab takes ${MAX_CLASSES} at most: leave some out, or put those together that are alike.`,
    );
  }
  const labels = new Map(classes.map((name, label) => [name, label]));
  const root = sharedFolders(taken.map(({ folders }) => folders)).reduce(
    (sum, name) => sum + name.length + 1,
    0,
  );
  const pictures = taken.map(({ entry, path }, i) => ({
    entry,
    key: path.slice(root),
    label: labels.get(told.classNames[i])!,
  }));
  const { parts, notes } = settled(told);
  return { classes, pictures, parts, notes: [...told.notes, ...notes, ...passed] };
}

function locate(entry: Entry): Located {
  const path = entry.path.normalize('NFC');
  return { entry, path, folders: path.split('/').slice(0, -1) };
}

/** Parts as a list tells them, and classes as it does or else the folders. */
function toldByList(
  { files, classNames, parts, notes }: Listed<Located>,
  entries: readonly Entry[],
  source: string,
  wanted: ClassLevel,
): Told {
  if (classNames) return { classNames, parts, notes };
  const told = toldByFolders(files, entries, source, wanted, true);
  return { classNames: told.classNames, parts, notes: [...notes, ...told.notes] };
}

/** Classes and parts as the folders tell them. hasList: a list tells the parts. */
function toldByFolders(
  files: readonly Located[],
  entries: readonly Entry[],
  source: string,
  wanted: ClassLevel,
  hasList = false,
): Told {
  const stray = files.find(({ folders }) => folders.length === 0);
  if (stray) throw noClassFolder(stray.path);
  const level = partLevel(files, hasList);
  const parts = level === null ? null : files.map(({ folders }) => partNamed(folders[level])!);
  const above = files.map(({ folders }) => folders.filter((_, i) => i !== level));
  const depth = classLevel(files, above, level);
  const partNotes: string[] = [];
  if (parts && level !== null && !hasList) {
    const names = few([...new Set(files.map(({ folders }) => folders[level]))].sort());
    partNotes.push(`The folders ${names} are kept as the parts of the split: ${partCounts(parts)}.`);
  }
  if (wanted === 'innermost') {
    const { classNames, notes } = innermost(above, depth);
    return { classNames, parts, notes: [...notes, ...partNotes] };
  }
  const classNames = above.map((folders) => folders[depth]);
  refuseEmptyClass(files, entries, source, level !== null && level <= depth ? depth + 1 : depth);
  const deeper = new Set(above.flatMap((folders) => folders[depth + 1] ?? []));
  const notes: string[] = [];
  if (deeper.size > 0) {
    const some = above.filter((folders) => folders.length > depth + 1).length;
    notes.push(
      `${count(some, 'picture')} in folders below a class (${few([...deeper].sort())}) belong to that class: classes are the topmost folders. Where they are those that the pictures lie in, import them so: with --classes innermost on the command line, with “Classes are” on the page.`,
    );
  }
  return { classNames, parts, notes: [...notes, ...partNotes] };
}

/** Classes as the folders that pictures lie in; what lies above them, from `depth` on, tells nothing. */
function innermost(above: readonly (readonly string[])[], depth: number): Pick<Told, 'classNames' | 'notes'> {
  const others = [...new Set(above.flatMap((folders) => folders.slice(depth, -1)))].sort();
  const notes =
    others.length > 0
      ? [`Classes are the folders that the pictures lie in; those above them (${few(others)}) tell nothing.`]
      : [];
  return { classNames: above.map((folders) => folders.at(-1)!), notes };
}

/** Which folder of each path names its part; null where none does. Throws `BadInput` where some pictures lie in none. */
function partLevel(files: readonly Located[], hasList: boolean): number | null {
  const deepest = Math.max(...files.map(({ folders }) => folders.length));
  for (let level = 0; level < deepest; level++) {
    const named = files.filter(({ folders }) => partNamed(folders[level] ?? ''));
    const names = new Set(named.map(({ folders }) => partNamed(folders[level])));
    if (names.size < 2) continue;
    if (named.length === files.length) return level;
    if (hasList) return null;
    const out = files.find(({ folders }) => !partNamed(folders[level] ?? ''))!;
    const folders = [...new Set(named.map((each) => each.folders[level]))].sort();
    throw new BadInput(
      `The folders ${few(folders)} look like the parts of a data set, but ${out.path} lies in none of them: move it into one, or leave it out; or rename these folders if they are classes.`,
    );
  }
  return null;
}

/** How deep the folder lies that is the class: the first that is not the same for all. Throws `BadInput` where some have none. */
function classLevel(
  files: readonly Located[],
  above: readonly (readonly string[])[],
  level: number | null,
): number {
  const bare = above.findIndex((folders) => folders.length === 0);
  if (bare >= 0 && level !== null) {
    const names = few([...new Set(files.map(({ folders }) => folders[level]))].sort());
    throw new BadInput(
      `${files[bare].path} lies in no class folder: ${names} are the parts of a data set, so each must hold one subfolder per class. Rename them if they are classes.`,
    );
  }
  const shared = sharedFolders(above).length;
  const direct = above.findIndex((folders) => folders.length === shared);
  if (direct < 0) return shared;
  if (above.some((folders) => folders.length > shared)) throw noClassFolder(files[direct].path);
  return shared - 1; // All lie in one folder: one class.
}

const noClassFolder = (path: string): BadInput =>
  new BadInput(`${path} lies in no class folder; give the folder that holds one subfolder per class.`);

/** Parts as a split can keep them: where none is for testing, what was held out is, and validation is drawn from the rest. */
function settled({ parts }: Told): Pick<FolderLayout, 'parts' | 'notes'> {
  if (!parts) return { parts, notes: [] };
  const has = (part: SplitName) => parts.includes(part);
  if (!has('train')) {
    throw new BadInput(
      'There are official parts, but none to train on; add the training part, or rename the folders to have the data split at random.',
    );
  }
  if (has('test')) return { parts, notes: [] };
  if (!has('val'))
    return { parts: null, notes: ['All tiles are in the training part, so they are split at random.'] };
  return {
    parts: parts.map((part) => (part === 'val' ? 'test' : part)),
    notes: [
      'There is no test part, so the validation part is kept as the test part, which chooses nothing; tiles to validate on are drawn from the training part.',
    ],
  };
}

/** A folder beside the class folders that holds no picture at any depth is a class somebody forgot. */
function refuseEmptyClass(
  files: readonly Located[],
  entries: readonly Entry[],
  source: string,
  depth: number,
): void {
  const full = new Set(
    files.flatMap(({ folders }) => folders.map((_, i) => folders.slice(0, i + 1).join('/'))),
  );
  const levels = new Set(files.map(({ folders }) => folders.slice(0, depth).join('/')));
  for (const { path } of entries) {
    const folders = path.normalize('NFC').split('/').slice(0, -1);
    if (folders.length <= depth) continue;
    const folder = folders.slice(0, depth + 1).join('/');
    if (levels.has(folders.slice(0, depth).join('/')) && !full.has(folder)) {
      throw new BadInput(
        `The folder ${folder} in ${source} holds no picture (${KINDS}); fill it or remove it.`,
      );
    }
  }
}

/** What is left out of a listing, and why: by the endings of names, and by hidden folders. */
function passedOver(entries: readonly Entry[], split: SplitFile | null): string[] {
  const files = entries.filter(({ path }) => !path.endsWith('/') && !split?.paths.includes(path));
  const others = files.filter(({ path }) => !isHidden(path) && !isPicturePath(path));
  const hidden = files.filter(({ path }) => isHidden(path) && isPicturePath(path));
  const notes: string[] = [];
  if (others.length > 0) {
    notes.push(
      `${count(others.length, 'file')} passed over, not called like pictures that the lab reads (${KINDS}): ${few(endings(others))}.`,
    );
  }
  if (hidden.length > 0) {
    const where = new Set(hidden.map(({ path }) => path.split('/').find(isHiddenName)!));
    notes.push(
      `${count(hidden.length, 'picture')} passed over, hidden or in the folders of a system (${few([...where].sort())}).`,
    );
  }
  return notes;
}

/** "24 .bmp", "2 without an ending", the most frequent first. */
function endings(files: readonly Entry[]): string[] {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const ending = /[^/](\.[^./\s]{1,12})$/.exec(path)?.[1].toLowerCase() ?? 'without an ending';
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([ending, n]) => `${n} ${ending}`);
}

/** "a, b, c and 4 more". */
export function few(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

const count = (n: number, what: string): string =>
  `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`;

/** The folders that all paths begin with. */
function sharedFolders(paths: readonly (readonly string[])[]): readonly string[] {
  let shared = paths[0];
  for (const path of paths) {
    let n = 0;
    while (n < shared.length && shared[n] === path[n]) n++;
    shared = shared.slice(0, n);
  }
  return shared;
}

/** By UTF-16 code unit: the same order on every machine, unlike `localeCompare`. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

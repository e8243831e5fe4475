/**
 * What a listing of paths means as a data set: a picture's class is the folder it lies in. Layouts seen in
 * the wild all reduce to that: `River/River_1.jpg`, `2750/River/River_1.jpg`, `train/cat/0001.png`.
 */

import { BadInput } from '../../errors';
import type { Entry } from './entry';

export interface LaidOutPicture {
  readonly entry: Entry;
  /** The path below the folder that all classes share. */
  readonly key: string;
  /** Index into the layout's classes. */
  readonly label: number;
}

export interface FolderLayout {
  /** Sorted by name. */
  readonly classes: readonly string[];
  /** Sorted by path, whatever the order of the listing. */
  readonly pictures: readonly LaidOutPicture[];
}

/** Labels are bytes. */
const MAX_CLASSES = 256;
const PICTURE = /\.(jpe?g|png|webp|tiff?)$/i;

/**
 * Sorts a listing into classes. Hidden files, `__MACOSX` and files that are no pictures are passed over.
 *
 * @param source what to call the folder or zip in an error.
 * @throws BadInput when there is no picture, fewer than two classes, a picture outside of any class folder,
 * or a class folder without a picture.
 */
export function folderLayout(entries: readonly Entry[], source: string): FolderLayout {
  const visible = entries.filter(({ path }) => !isHidden(path));
  const files = visible.filter(isPicture).sort(byPath);
  if (files.length === 0) {
    throw new BadInput(
      `${source} holds no picture (JPEG, PNG, WebP, TIFF); give a folder with one subfolder per class.`,
    );
  }
  for (let i = 1; i < files.length; i++) {
    if (files[i].path === files[i - 1].path) throw new BadInput(`${source} holds ${files[i].path} twice.`);
  }
  const stray = files.find(({ path }) => parentOf(path) === '');
  if (stray) {
    throw new BadInput(
      `${stray.path} lies in no class folder; give the folder that holds one subfolder per class.`,
    );
  }

  const classFolders = new Set(files.map(({ path }) => parentOf(path)));
  refuseEmptyClass(visible, classFolders, source);
  const classes = [...new Set([...classFolders].map(lastName))].sort();
  if (classes.length < 2) {
    throw new BadInput(
      `${source} holds one class only (${classes[0]}); a net needs at least two to tell apart.`,
    );
  }
  if (classes.length > MAX_CLASSES) {
    throw new BadInput(`${source} holds ${classes.length} classes; the lab takes ${MAX_CLASSES} at most.`);
  }

  const labels = new Map(classes.map((name, label) => [name, label]));
  const root = commonParent([...classFolders]);
  const pictures = files.map((entry) => ({
    entry,
    key: entry.path.slice(root.length),
    label: labels.get(lastName(parentOf(entry.path)))!,
  }));
  return { classes, pictures };
}

/** A folder beside the class folders that holds no picture at any depth is a class somebody forgot. */
function refuseEmptyClass(
  entries: readonly Entry[],
  classFolders: ReadonlySet<string>,
  source: string,
): void {
  const withPictures = new Set<string>();
  for (const folder of classFolders) for (const above of ancestors(folder)) withPictures.add(above);
  const levels = new Set([...classFolders].map(parentOf));
  for (const { path } of entries) {
    for (const folder of ancestors(parentOf(path))) {
      if (levels.has(parentOf(folder)) && !withPictures.has(folder)) {
        throw new BadInput(
          `The folder ${folder} in ${source} holds no picture (JPEG, PNG, WebP, TIFF); fill it or remove it.`,
        );
      }
    }
  }
}

/** True for what folderLayout takes for a picture. */
export function isPicture({ path }: Entry): boolean {
  return isPicturePath(path) && !isHidden(path);
}

/** True for a file that is called like a picture. */
export function isPicturePath(path: string): boolean {
  return PICTURE.test(path);
}

/** True for what an operating system leaves in a folder. */
export function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
}

/** `a/b/c.jpg` → `a/b`; a directory `a/b/` is its own parent `a/b`; top level → ``. */
function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function lastName(folder: string): string {
  return folder.slice(folder.lastIndexOf('/') + 1);
}

/** `a/b` → `a/b`, `a`. */
function ancestors(folder: string): string[] {
  const list: string[] = [];
  for (let at = folder; at !== ''; at = parentOf(at)) list.push(at);
  return list;
}

/** The longest folder, with its `/`, that all class folders lie below. */
function commonParent(classFolders: readonly string[]): string {
  let root = parentOf(classFolders[0]);
  while (root !== '' && !classFolders.every((folder) => folder.startsWith(`${root}/`))) root = parentOf(root);
  return root === '' ? '' : `${root}/`;
}

/** By UTF-16 code unit: the same order on every machine, unlike `localeCompare`. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** What a person dropped or chose, as a source of tiles and the name it would have. */
import { fromEvent } from 'file-selector';
import { BadInput } from '../lab/errors';
import { idFor } from '../library/datasets';
import type { ImportSource } from '../worker/protocol';

export interface Given {
  readonly name: string;
  readonly source: ImportSource;
}

/** Files and folders of a drop, with their paths. Walks folders, so it takes a while for many files. */
export async function givenByDrop(event: DragEvent): Promise<Given> {
  const files = (await fromEvent(event)) as readonly (File & { relativePath?: string })[];
  return givenOf(files.map((file) => ({ path: file.relativePath ?? file.name, file })));
}

/** The files of `<input type="file">`, a folder's with their paths. */
export function givenByInput(files: readonly File[]): Given {
  return givenOf(files.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** One file by itself is a zip or a packed set; files of a folder are named by their path. Throws `BadInput` for none. */
export function givenOf(listed: readonly { readonly path: string; readonly file: File }[]): Given {
  // Drops begin paths with `/` or `./`.
  const files = listed.map(({ path, file }) => ({ path: path.replace(/^\.?\//, ''), file }));
  if (files.length === 0) {
    throw new BadInput(
      'There are no files in what you gave. Give a zip, or a folder with one subfolder per class.',
    );
  }
  const [{ path, file }] = files;
  if (files.length === 1 && !path.includes('/')) return { name: idFor(path), source: { kind: 'file', file } };
  const tops = new Set(files.map((each) => each.path.split('/')[0]));
  // Several folders dropped at once are the classes themselves; they have no name in common.
  const name = tops.size === 1 ? idFor(path.split('/')[0]) : 'Dropped folders';
  return { name, source: { kind: 'folder', files } };
}

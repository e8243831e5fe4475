/** What a person dropped or chose, as a source of tiles and the name it would have. */
import { fromEvent } from 'file-selector';
import { isPicturePath } from '../../lab/data/readers/called';
import { BadInput } from '../../lab/errors';
import type { ImportSource, PathedFile } from '../../worker/protocol/choices';
import { idFor } from './names';

export interface Given {
  readonly name: string;
  /** A zip, a packed set or an official file; or the files of a folder, or several at once. */
  readonly content: File | readonly PathedFile[];
}

/** Files handed over in one message: a browser takes up to half a millisecond for each. */
const PORTION = 16;

/** Files and folders of a drop, with their paths. Walks folders, so it takes a while for many files. */
export async function givenByDrop(event: DragEvent): Promise<Given> {
  const loose = looseFiles(event);
  if (loose) return givenOf(loose.map((file) => ({ path: file.name, file })));
  const files = await walk(event);
  return givenOf(files.map((file) => ({ path: file.relativePath ?? file.name, file })));
}

type WalkedFile = File & { relativePath?: string };

/**
 * All files of a drop. Chromium has two ways into a folder. The newer one leaves out, without a word, names that it holds
 * for unsafe (with a right-to-left mark, a bar, a space in front); the older one lists them, but fails on some systems. So
 * the older one is taken, and the newer where that fails: what is asked for both has to be asked within the event.
 */
async function walk({ dataTransfer, type }: DragEvent): Promise<readonly WalkedFile[]> {
  const items = [...(dataTransfer?.items ?? [])].map((item) => {
    const [entry, file, handle] = [item.webkitGetAsEntry?.(), item.getAsFile(), handleOf(item)];
    return { kind: item.kind, handle, webkitGetAsEntry: () => entry, getAsFile: () => file };
  });
  const list = (items: readonly object[]) =>
    fromEvent({ type, dataTransfer: { items } }) as Promise<unknown> as Promise<readonly WalkedFile[]>;
  try {
    return await list(items);
  } catch (error) {
    if (!items.some(({ handle }) => handle)) throw error;
    return list(items.map((item) => ({ ...item, getAsFileSystemHandle: () => item.handle })));
  }
}

/** Where a browser has such handles; one that it refuses is missed only where it is asked for. */
function handleOf(item: DataTransferItem): Promise<unknown> | undefined {
  // Chromium is known to crash on this question elsewhere.
  if (!globalThis.isSecureContext) return undefined;
  const { getAsFileSystemHandle } = item as { getAsFileSystemHandle?: () => Promise<unknown> };
  const handle = getAsFileSystemHandle?.call(item);
  handle?.catch(() => {});
  return handle;
}

/**
 * The files of a drop that holds no folder; null where one is among them, or the browser does not tell. Asking for each
 * by itself, as folders want it, takes a browser ten milliseconds.
 */
function looseFiles({ dataTransfer }: DragEvent): File[] | null {
  const items = [...(dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file');
  const isLoose = (item: DataTransferItem) => item.webkitGetAsEntry?.()?.isFile === true;
  return dataTransfer && items.length > 0 && items.every(isLoose) ? [...dataTransfer.files] : null;
}

/** The files of `<input type="file">`, a folder's with their paths. */
export function givenByInput(files: readonly File[]): Given {
  return givenOf(files.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** One file by itself is a zip, a packed set or an official file; files of a folder are named by their path. Throws `BadInput` for none. */
export function givenOf(listed: readonly PathedFile[]): Given {
  // Drops begin paths with `/` or `./`.
  const files = listed.map(({ path, file }) => ({ path: path.replace(/^\.?\//, ''), file }));
  if (files.length === 0) {
    throw new BadInput(
      'There are no files in what you gave. Give a zip, or a folder with one subfolder per class.',
    );
  }
  const [{ path, file }] = files;
  if (files.length === 1 && !path.includes('/')) return { name: idFor(path), content: file };
  const tops = new Set(files.map((each) => each.path.split('/')[0]));
  return { name: tops.size === 1 ? idFor(path.split('/')[0]) : nameOfSeveral(files), content: files };
}

/** The files of a published set are few; more lie loose because their folders were left behind. */
const MOST_LOOSE = 64;

/**
 * Many files without a folder are no data set, which can be said before one of them is read: handing over thousands takes
 * a browser minutes. Throws `BadInput` for them.
 */
export function refuseLoose({ content }: Given): void {
  if (content instanceof File || content.length <= 1 || content.some(({ path }) => path.includes('/')))
    return;
  const picture = content.find(({ path }) => isPicturePath(path));
  if (!picture && content.length <= MOST_LOOSE) return;
  throw new BadInput(
    `${content.length.toLocaleString('en-US')} files in no folder, ${content[0].path} among them: nothing says what class each is of. ` +
      'Put the pictures of each class into a folder of its own, and give the folder above these.',
  );
}

/** Several folders dropped at once are the classes themselves, several files the parts of an official set: no name in common. */
const nameOfSeveral = (files: readonly PathedFile[]): string =>
  files.some(({ path }) => path.includes('/')) ? 'Dropped folders' : 'Dropped files';

/** What the worker is told; files of a folder follow through the port whenever it asks for more. */
export function sourceOf({ content }: Given): { source: ImportSource; transfer: Transferable[] } {
  if (content instanceof File) return { source: { kind: 'file', file: content }, transfer: [] };
  const { port1, port2 } = new MessageChannel();
  let at = 0;
  port1.onmessage = () => {
    port1.postMessage(at < content.length ? content.slice(at, at + PORTION) : null);
    at += PORTION;
  };
  return { source: { kind: 'folder', count: content.length, port: port2 }, transfer: [port2] };
}

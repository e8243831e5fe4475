/** What a file is by its name alone. */
import type { Entry } from './entry';

const PICTURE = /\.(jpe?g|jpe|jfif|png|webp|tiff?)$/i;

/** What systems keep for themselves in a folder: thumbnails, bins, metadata. */
const SYSTEM = ['__MACOSX', '@eaDir', '#recycle', '$RECYCLE.BIN', 'System Volume Information', 'lost+found'];

/** True for a file that is called like a picture. */
export function isPicturePath(path: string): boolean {
  return PICTURE.test(path);
}

/** True for what an operating system leaves in a folder. */
export function isHidden(path: string): boolean {
  return path.split('/').some(isHiddenName);
}

export function isHiddenName(name: string): boolean {
  return name.startsWith('.') || SYSTEM.includes(name);
}

/** True for what is taken for a picture of a set. */
export function isPicture({ path }: Entry): boolean {
  return isPicturePath(path) && !isHidden(path);
}

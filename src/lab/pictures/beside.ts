/** What lies beside a picture and says where it lies: a world file, and a projection file for its coordinate system. */
import type { Picture } from './picture';
import { isProjectionFile, projectionFileNames } from './projectionFile';
import { isWorldFile, placedBy, worldFileNames } from './worldFile';

/** Files that are no pictures themselves. */
export const isBeside = (name: string): boolean => isWorldFile(name) || isProjectionFile(name);

/** Names beside a picture of this name, those that count first in front. */
export const besideNames = (name: string): string[] => [
  ...worldFileNames(name),
  ...projectionFileNames(name),
];

/** More bytes than such a file has. */
export const MOST_BESIDE = 2 ** 16;

/**
 * The picture, where it says nothing of its place itself, as the files beside it have it.
 *
 * @param textAt the text of a file, undefined where there is none.
 */
export async function placedBeside<P extends Picture>(
  picture: P,
  name: string,
  textAt: (name: string) => Promise<string | undefined>,
): Promise<P> {
  if (picture.georeference) return picture;
  const world = await firstOf(worldFileNames(name), textAt);
  if (world === undefined) return picture;
  return placedBy(picture, world, await firstOf(projectionFileNames(name), textAt));
}

async function firstOf(
  names: readonly string[],
  textAt: (name: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  for (const name of names) {
    const text = await textAt(name);
    if (text !== undefined) return text;
  }
  return undefined;
}

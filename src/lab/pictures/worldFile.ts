/**
 * World files: six numbers in a text beside a picture, which say where it lies and not in which coordinate system. Of
 * `map.tif` it is `map.tfw`, `map.tifw` or `map.wld`. A picture that says where it lies needs none.
 */
import type { Affine } from './georeference';
import type { Picture } from './picture';

/** The names, beside a picture of this name, under which its world file may lie. */
export function worldFileNames(name: string): string[] {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = [name.slice(0, dot), name.slice(dot + 1)];
  if (dot <= 0 || !/^(tiff?|jpe?g|png|webp)$/i.test(ending)) return [];
  const endings = [`${ending[0]}${ending.at(-1)}w`, `${ending}w`, 'wld'];
  return [...endings, ...endings.map((e) => e.toUpperCase())].map((e) => `${stem}.${e}`);
}

export function isWorldFile(name: string): boolean {
  return /\.(tfw|jgw|pgw|wpw|tiff?w|jpe?gw|pngw|webpw|wld)$/i.test(name);
}

/** Numbers in order: x and y of a step to the right, x and y of a step down, x and y of the first pixel's centre. */
export function parseWorldFile(text: string): Affine | null {
  const numbers = text.trim().split(/\s+/).map(Number);
  if (numbers.length !== 6 || !numbers.every(Number.isFinite)) return null;
  const [xRight, yRight, xDown, yDown, x, y] = numbers;
  if (xRight * yDown === xDown * yRight) return null;
  return [x - (xRight + xDown) / 2, xRight, xDown, y - (yRight + yDown) / 2, yRight, yDown];
}

/** The picture, where it says nothing of its place itself, placed by the text of its world file. */
export function placedBy(picture: Picture, text: string): Picture {
  if (picture.georeference) return picture;
  const affine = parseWorldFile(text);
  const note = affine
    ? 'it lies where its world file says, in a coordinate system that is not named; a map of it does the same'
    : 'its world file is none: it needs six numbers';
  const keys = { directory: [], doubles: [], ascii: '' };
  return { ...picture, georeference: affine && { affine, epsg: null, keys }, placeNotes: [note] };
}

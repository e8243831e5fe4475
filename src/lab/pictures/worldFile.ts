/**
 * World files: six numbers in a text beside a picture, which say where it lies and not in which coordinate system (a
 * projection file may). Of `map.tif` it is `map.tfw`, `map.tifw` or `map.wld`. A picture that says where it lies needs none.
 */
import type { Affine } from './georeference';
import type { Picture } from './picture';
import { type CoordinateSystem, parseProjection } from './projectionFile';

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

/** The picture, where it says nothing of its place itself, placed by the text of its world file and of its projection. */
export function placedBy<P extends Picture>(picture: P, text: string, projection?: string): P {
  if (picture.georeference) return picture;
  const affine = parseWorldFile(text);
  if (!affine) {
    return { ...picture, georeference: null, placeNotes: ['its world file is none: it needs six numbers'] };
  }
  const { epsg, keys } = (projection && parseProjection(projection)) || NAMELESS;
  const unnamed =
    projection === undefined
      ? 'that is not named'
      : 'that its projection file (.prj) names by no EPSG code that the lab knows';
  const note =
    epsg === null
      ? `it lies where its world file says, in a coordinate system ${unnamed}; a map of it does the same`
      : 'it lies where its world file says, in the coordinate system of its projection file (.prj)';
  return { ...picture, georeference: { affine, epsg, keys }, placeNotes: [note] };
}

const NAMELESS: CoordinateSystem = { epsg: null, keys: { directory: [], doubles: [], ascii: '' } };

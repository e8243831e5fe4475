/** Tiles of a batch, each turned by an element of its own: exactly, a permutation of pixels. */
import type { Group } from '../symmetry/group';
import { turnSource } from '../symmetry/turn';

/** tiles: N × size × size × channels; elements: their numbers in the group, tile by tile. */
export function turnEach(
  tiles: Float32Array,
  size: number,
  channels: number,
  group: Group,
  elements: ArrayLike<number>,
): Float32Array {
  const sources = group.elements.map((element) => turnSource(size, element));
  const perTile = size * size * channels;
  const out = new Float32Array(tiles.length);
  for (let n = 0; n < elements.length; n++) {
    const source = sources[elements[n]];
    for (let p = 0; p < source.length; p++) {
      const from = n * perTile + source[p] * channels;
      for (let c = 0; c < channels; c++) out[n * perTile + p * channels + c] = tiles[from + c];
    }
  }
  return out;
}

/** An element for each tile, all equally likely. `identity`: whether the one that changes nothing is among them. */
export function drawElements(
  tiles: number,
  { order }: Group,
  identity: boolean,
  draw: () => number,
): Uint8Array {
  const first = identity || order === 1 ? 0 : 1;
  return Uint8Array.from({ length: tiles }, () => first + Math.floor(draw() * (order - first)));
}

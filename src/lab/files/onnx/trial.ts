/** The pictures that an ONNX file is tried on: tiles of a data set, or, where none is at hand, pictures made by a formula. */
import type { Dataset, Splits } from '../../data/dataset';
import type { ArchInput } from '../../nn/arch';
import { uniform } from '../../random';
import type { Pictures } from './compare';
import type { Trial } from './make';

/** Tiles of a part at most: to see whether a file computes what it should, more say nothing new. */
export const MOST_TRIED = 200;

/** Training tiles give ranges, test tiles check: at most so many of each, evenly taken. */
export function trialOn(dataset: Dataset, { train, test }: Splits, most = MOST_TRIED): Trial {
  return { pictures: dataset, calibration: evenly(train, most), check: evenly(test, most) };
}

function evenly(tiles: Uint32Array, most: number): Uint32Array {
  if (tiles.length <= most) return tiles;
  return Uint32Array.from({ length: most }, (_, i) => tiles[Math.floor((i * tiles.length) / most)]);
}

const MADE_UP = 48;
/** Sides of the squares of one colour that they are made of. */
const GRAINS = [1, 2, 4, 8];

/** Noise of several grains, always the same. Ranges found on it are none of tiles: nothing is for calibration. */
export function madeUpTrial({ size, channels }: ArchInput): Trial {
  const perTile = size * size * channels;
  const pixels = new Uint8Array(MADE_UP * perTile);
  for (let tile = 0; tile < MADE_UP; tile++) {
    const grain = GRAINS[tile % GRAINS.length];
    const across = Math.ceil(size / grain);
    const next = uniform(tile, 'made-up picture');
    const squares = Uint8Array.from({ length: across * across * channels }, () => Math.floor(256 * next()));
    for (let i = 0; i < perTile; i++) {
      const [position, channel] = [Math.floor(i / channels), i % channels];
      const [y, x] = [Math.floor(position / size / grain), Math.floor((position % size) / grain)];
      pixels[tile * perTile + i] = squares[(y * across + x) * channels + channel];
    }
  }
  const pictures: Pictures = { size, channels, count: MADE_UP, pixels };
  const check = Uint32Array.from({ length: MADE_UP }, (_, i) => i);
  return { pictures, calibration: new Uint32Array(), check };
}

/** A zip as large as the published EuroSAT: 27,000 tiles of 64×64 in ten folders, JPEG. */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { EUROSAT_CLASSES, EUROSAT_COUNT } from '../src/lab/data/readers/eurosat';

const FOLDER = path.resolve(import.meta.dirname, '../../shared/data/eurosat');

/** Whether there are tiles to make it of. */
export const hasTiles = (): boolean => existsSync(FOLDER);

/**
 * Writes it, from the tiles at hand, each of them many times: their decoding and their sizes are real, and what a network
 * would learn of them is not asked.
 */
export async function writeBigZip(file: string, count = EUROSAT_COUNT): Promise<number> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { level: 0, useWebWorkers: false });
  const each = Math.ceil(count / EUROSAT_CLASSES.length);
  let left = count;
  for (const name of EUROSAT_CLASSES) {
    const names = (await readdir(path.join(FOLDER, name))).filter((one) => one.endsWith('.jpg'));
    const tiles = await Promise.all(names.map((one) => readFile(path.join(FOLDER, name, one))));
    for (let i = 0; i < Math.min(each, left); i++) {
      await zip.add(`2750/${name}/${name}_${i + 1}.jpg`, new Uint8ArrayReader(tiles[i % tiles.length]));
    }
    left -= Math.min(each, left);
  }
  const bytes = await zip.close();
  await writeFile(file, bytes);
  return bytes.length;
}

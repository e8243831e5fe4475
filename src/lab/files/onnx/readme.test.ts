/** The line of Python that a README gives for any picture, beside what the lab makes of it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadCodecs, picture, png, rgb } from '../../data/testing/pictures';
import { resizeSquare } from '../../pictures/resize';
import { squareOf } from './readme';

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import PIL']).status === 0,
);

test.skipIf(!python).each([
  [8, 8],
  [16, 16],
  [64, 64],
  [24, 16],
  [16, 40],
  [100, 32],
])(
  'a picture of %i×%i is cut and averaged as the lab does, its side being a multiple',
  async (width, height) => {
    await loadCodecs();
    const folder = mkdtempSync(path.join(tmpdir(), 'lab-square-'));
    try {
      const image = picture(width, height, 3);
      writeFileSync(path.join(folder, 'picture.png'), await png(image));
      const line = squareOf('"picture.png"', { size: 8, channels: 3 });
      const program = `import sys; from PIL import Image, ImageOps; sys.stdout.buffer.write(${line}.tobytes())`;
      const { stdout, stderr } = spawnSync(python!, ['-c', program], { cwd: folder });
      expect(String(stderr)).toBe('');
      const own = resizeSquare({ width, height, data: rgb(image) }, 8, 'crop');
      expect(stdout.length).toBe(own.length);
      expect(Math.max(...own.map((value, i) => Math.abs(value - stdout[i])))).toBeLessThanOrEqual(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

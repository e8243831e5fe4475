/**
 * `npm run recording`: an animated picture of a collapse and its recovery for the README. Frames are taken at slider
 * positions and as epochs end, never by the clock, so that a slow machine makes the same picture.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import gifenc from 'gifenc';
import { loadDecoders } from '../cli/node/decoders';
import { decodePicture } from '../src/lab/pictures/decode/decode';
import type { Picture } from '../src/lab/pictures/picture';
import { expect, test } from './fixtures';
import { drag, facts, finetuning, letGo, moveTo, openLab } from './lab';

const { GIFEncoder, quantize, applyPalette } = gifenc;

/** Share of the neurons removed at the end of the drag, and positions on the way. */
const REACH = 0.93;
const STEPS = 26;
/** Milliseconds that frames stay. */
const SHOWN = { drag: 90, rest: 900, epoch: 240, end: 3500 };
/** The palette's last place stands for "as before". */
const COLOURS = 128;

interface Frame {
  readonly picture: Picture;
  readonly delay: number;
}

test('a collapse and its recovery', async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 760 });
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  await openLab(page, '?hide=numbers,strip,model,engine');
  await page.evaluate(() => document.fonts.ready);
  await loadDecoders();
  const frames: Frame[] = [];
  const take = async (delay: number) => frames.push({ picture: await pictureOf(page), delay });

  await take(SHOWN.rest);
  await drag(page, 0);
  for (let step = 1; step <= STEPS; step++) {
    await moveTo(page, (REACH * step) / STEPS);
    await take(step === STEPS ? SHOWN.rest : SHOWN.drag);
  }
  await letGo(page);
  // The pointer would leave its mark on what it stands over.
  await page.mouse.move(2, 2);
  let seen = 0;
  await expect
    .poll(
      async () => {
        const now = await finetuning(page);
        if (now && now.epochs.length > seen) {
          seen = now.epochs.length;
          await take(SHOWN.epoch);
        }
        return now?.status;
      },
      { timeout: 90_000, intervals: [10] },
    )
    .toBe('done');
  await take(SHOWN.end);

  const bytes = encode(frames);
  const folder = process.env.LAB_SCREENSHOTS ?? 'test-results/screenshots';
  await writeFile(path.join(folder, 'collapse-and-recovery.gif'), bytes);
  const { setting, main } = await facts(page);
  const tuned = await finetuning(page);
  console.log(
    `${frames.length} frames, ${(bytes.length / 1e6).toFixed(2)} MB. For the alternative text: ${setting.removed} of ` +
      `${main.units} neurons removed; validation accuracy ${main.baseline}, ${main.accuracy} pruned, ` +
      `${tuned?.status === 'done' ? `${tuned.result.accuracy} after ${tuned.epochs.length} epochs` : 'not tuned'}.`,
  );
  expect(bytes.length).toBeLessThan(1.2e6);
});

/** The curve and the fine-tuning, side by side. */
async function pictureOf(page: Page): Promise<Picture> {
  const boxes = await Promise.all(
    ['prune-title', 'finetune-title'].map((id) => page.locator(`[aria-labelledby=${id}]`).boundingBox()),
  );
  const [x, y] = [Math.min(...boxes.map((b) => b!.x)) - 6, Math.min(...boxes.map((b) => b!.y)) - 6];
  const right = Math.max(...boxes.map((b) => b!.x + b!.width)) + 6;
  const bottom = Math.max(...boxes.map((b) => b!.y + b!.height)) + 6;
  // Cards may grow with their sentences; the picture does not.
  const height = Math.min(bottom, 740) - y;
  const clip = { x, y, width: right - x, height };
  return decodePicture(await page.screenshot({ clip }), 'frame.png');
}

/** One palette for all frames, and of each frame only what changed. */
function encode(frames: readonly Frame[]): Uint8Array {
  const { width, height } = frames[0].picture;
  const samples = [0, STEPS, frames.length - 1].map((i) => rgbaOf(frames[i].picture));
  const together = new Uint8Array(samples.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const sample of samples) {
    together.set(sample, at);
    at += sample.length;
  }
  const palette = quantize(together, COLOURS - 1, { format: 'rgb565' });
  const same = palette.length;
  const gif = GIFEncoder();
  let before: Uint8Array | null = null;
  for (const { picture, delay } of frames) {
    const now = applyPalette(rgbaOf(picture, width, height), palette, 'rgb565');
    const index: Uint8Array = before ? now.map((colour, i) => (colour === before![i] ? same : colour)) : now;
    gif.writeFrame(index, width, height, {
      palette: before ? undefined : [...palette, [0, 0, 0]],
      delay,
      transparent: before !== null,
      transparentIndex: same,
      dispose: 1,
    });
    before = now;
  }
  gif.finish();
  return gif.bytes();
}

/** With a fourth channel, cut or filled with white to a size. */
function rgbaOf(picture: Picture, width = picture.width, height = picture.height): Uint8Array {
  const out = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < Math.min(height, picture.height); y++) {
    for (let x = 0; x < Math.min(width, picture.width); x++) {
      for (let c = 0; c < 3; c++)
        out[4 * (y * width + x) + c] = picture.data[3 * (y * picture.width + x) + c];
    }
  }
  return out;
}

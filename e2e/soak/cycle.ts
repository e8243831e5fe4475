/** What somebody does with the page in a minute, and undoes: at its end the page holds what it held before. */
import type { Page } from 'playwright';
import { zipFolder } from '../../src/lab/files/takeAlong/takeAlong';
import { tiffFile } from '../../src/lab/pictures/tiff/file';

const VIEWS = ['Prune', 'Rotate', 'Fields', 'Train', 'Pipeline', 'Adapt', 'Data', 'Learn', 'Paper'] as const;
type View = (typeof VIEWS)[number];
const METHODS = ['L2', 'L1', 'Variance', 'Random'] as const;
const MINUTES = { timeout: 180_000 };

/** The tiny pair: every step is over in seconds, and the paths are those of large networks. The slider has the page's own. */
const NETS = 'rotate.nets=synthetic-tiny,synthetic-tiny-plain';
const FORM = 'train.arch=tiny&train.size=8&train.epochs=2&train.batch=32&train.rate=0.01&train.seed=3';
export const START = `?backend=wasm#view=prune&${NETS}&${FORM}`;

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

/** Waits until the page is there. */
export async function opened(page: Page): Promise<void> {
  await page.waitForFunction(() => window.__orbitLab?.lab().status === 'ready', undefined, MINUTES);
}

/** Every step of a cycle, by name: a failure says in which. */
export const STEPS: Readonly<Record<string, (page: Page, cycle: Cycle) => Promise<void>>> = {
  'prune past the cliff, fine-tune, reset': pruneAndReset,
  'train a network, delete it': trainAndDelete,
  'import tiles, remove them': importAndRemove,
  'map a scene, take it away': mapAndRemove,
  'look at every view': lookAround,
};

type Given = { readonly name: string; readonly bytes: Buffer };

interface SoakFiles {
  readonly tiles: Buffer;
  readonly scene: Buffer;
}

export interface Cycle extends SoakFiles {
  /** Counted from 0. */
  readonly number: number;
}

/** Sixty tiles in three folders, in a zip, and a scene: colours that wander, so that no two are equal. */
export async function soakFiles(): Promise<SoakFiles> {
  const tiles = Array.from({ length: 60 }, (_, n) => ({
    name: `Class${n % 3}/${n}.tif`,
    bytes: tiff(64, 64, 40 * n),
  }));
  return { tiles: Buffer.from(await zipFolder('mine', tiles)), scene: Buffer.from(tiff(640, 512, 0)) };
}

/** RGB, in one strip, as it is. */
function tiff(width: number, height: number, offset: number): Uint8Array {
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return (offset + (x >> 4) * 37 + (y >> 4) * 53 + (i % 3) * 71 + x) % 256;
  });
  const short = (tag: number, ...values: number[]) => ({ tag, type: 'short', values }) as const;
  return tiffFile(
    [
      ...[short(256, width), short(257, height), short(258, 8, 8, 8), short(259, 1), short(262, 2)],
      ...[short(277, 3), short(278, height), short(284, 1)],
    ],
    [pixels],
  );
}

async function goTo(page: Page, view: View): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('link', { name: view, exact: true })
    .click();
}

/**
 * Gives a file to the input beside the button of that name, as the chooser would. Inside the page: an input that Playwright
 * is told of is held by it, and with it all of a view that is long gone.
 */
async function give(page: Page, name: string, { name: file, bytes }: Given): Promise<void> {
  await button(page, name).waitFor(MINUTES);
  await page.evaluate(
    ([file, content]) => {
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      const given = new DataTransfer();
      given.items.add(new File([bytes], file));
      const input = document.querySelector<HTMLInputElement>('input[type=file]:not([webkitdirectory])')!;
      input.files = given.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    [file, bytes.toString('base64')],
  );
}

/** At another place each time: what was fine-tuned once is kept, and is not done again. */
async function pruneAndReset(page: Page, { number }: Cycle): Promise<void> {
  await goTo(page, 'Prune');
  await page.getByRole('radio', { name: `Method: ${METHODS[number % METHODS.length]}`, exact: true }).check();
  const slider = page.getByRole('slider', { name: 'Hidden neurons removed' });
  await slider.press('End');
  for (let n = Math.floor(number / METHODS.length) % 15; n > 0; n--) await slider.press('ArrowLeft');
  await page.waitForFunction(
    () => {
      const { finetunings, settled } = window.__orbitLab.experiment();
      const { method, compensation, removed, scope } = settled;
      return finetunings[`${method} ${compensation} ${removed} ${scope}`]?.status === 'done';
    },
    undefined,
    MINUTES,
  );
  await button(page, 'Reset').click();
}

async function trainAndDelete(page: Page): Promise<void> {
  await goTo(page, 'Train');
  await button(page, 'Train').click();
  await page.waitForFunction(
    () => {
      const { live, rows } = window.__orbitLab.training();
      return live === null && rows?.[0]?.status === 'done';
    },
    undefined,
    MINUTES,
  );
  await button(page, /^Actions for tiny/)
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.waitForFunction(() => window.__orbitLab.training().rows?.length === 0, undefined, MINUTES);
}

async function importAndRemove(page: Page, { tiles }: Cycle): Promise<void> {
  await goTo(page, 'Data');
  await give(page, 'Choose files', { name: 'mine.zip', bytes: tiles });
  await page.getByRole('heading', { level: 2, name: 'mine', exact: true }).waitFor(MINUTES);
  await button(page, 'Remove').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('mine was removed from this browser.').waitFor(MINUTES);
}

async function mapAndRemove(page: Page, { scene }: Cycle): Promise<void> {
  await goTo(page, 'Rotate');
  await give(page, 'Choose pictures', { name: 'scene.tif', bytes: scene });
  const done = page.getByTestId('mind').filter({ hasText: /^(The same map|Changed its mind)/ });
  await done.nth(1).waitFor(MINUTES);
  await page.getByRole('button', { name: 'Take scene.tif off the strip' }).click();
}

async function lookAround(page: Page): Promise<void> {
  for (const view of VIEWS) {
    await goTo(page, view);
    await page.getByRole('main').waitFor(MINUTES);
    await page.waitForTimeout(300);
  }
}

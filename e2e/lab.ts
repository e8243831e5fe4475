/** What every spec does with the lab: open it, read its stores, move its slider. */
import path from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import type { Hooks } from '../src/app/hooks';

declare global {
  interface Window {
    __orbitLab: Hooks;
  }
}

/** The 8×8 pair: opens in a second or two. */
export const TINY = '#model=tiny';

/** Opens an address, with the details behind the stage open, and waits as `opened` does. */
export async function openLab(page: Page, address = '', ready = true): Promise<void> {
  await withDetails(page);
  await page.goto(address);
  await opened(page, ready);
}

/** Whoever uses this page was here before, and wants its details, from the next address on. */
export async function withDetails(page: Page): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('orbit-lab details', 'true'));
}

/** Waits until the slider is alive; with `ready`, until all tiles are done. */
export async function opened(page: Page, ready = true): Promise<void> {
  // A lesson may cover it.
  const any = page.getByRole('slider', { name: 'Hidden neurons removed', includeHidden: true });
  await expect(any).toBeAttached({ timeout: 60_000 });
  if (ready)
    await expect
      .poll(() => page.evaluate(() => window.__orbitLab.lab().status), { timeout: 60_000 })
      .toBe('ready');
}

export function slider(page: Page): Locator {
  return page.getByRole('slider', { name: 'Hidden neurons removed' });
}

/**
 * Has jobs wait after what is named, or lets them go on (null): whatever a walk does in the midst of a job, the job is still
 * there. Kept over a reload; a control (pause, stop, …) reaches a held job.
 */
export const hold = (page: Page, at: Parameters<Hooks['hold']>[0]): Promise<void> =>
  page.evaluate((at) => window.__orbitLab.hold(at), at);

/** The address of what is on the page; the bar follows it within half a second. */
export const linkHere = (page: Page): Promise<string> => page.evaluate(() => window.__orbitLab.address());

/** The sheet of the lesson that is open. */
export const lessonPanel = (page: Page): Locator => page.getByRole('complementary', { name: /^Lesson/ });

/** Draws a curve from the upper left to somewhere at the right, and bets on it. */
export async function bet(page: Page, end: number): Promise<void> {
  const plot = (await page.getByTestId('sketch').boundingBox())!;
  await page.mouse.move(plot.x + 2, plot.y + 0.1 * plot.height);
  await page.mouse.down();
  await page.mouse.move(plot.x + plot.width, plot.y + end * plot.height, { steps: 20 });
  await page.mouse.up();
  await lessonPanel(page).getByRole('button', { name: 'That is my bet' }).click();
}

/** The settled setting and the equivariant network's figures there, read from the stores. */
export function facts(page: Page) {
  return page.evaluate(() => {
    const { setting, past, future } = window.__orbitLab.experiment();
    const { main, peer } = window.__orbitLab.study();
    const at = (sheet: typeof main) => {
      const curve = sheet!.curves.find(
        (c) => c.method === setting.method && c.compensation === setting.compensation,
      )!;
      const kept = Math.max(1, sheet!.units - Math.round((setting.removed / main!.units) * sheet!.units));
      return {
        units: sheet!.units,
        tiles: sheet!.tiles,
        baseline: curve.accuracy[0][sheet!.units],
        accuracy: curve.accuracy[0][kept],
        changed: curve.changed[kept],
        undecided: curve.undecided[kept],
        params: sheet!.params[kept],
      };
    };
    return {
      setting,
      past: past.length,
      future: future.length,
      main: at(main),
      peer: peer && at(peer),
    };
  });
}

/** The fine-tuning of the settled setting, or null. */
export function finetuning(page: Page) {
  return page.evaluate(() => {
    const { finetunings, settled } = window.__orbitLab.experiment();
    const { method, compensation, removed, scope } = settled;
    return finetunings[`${method} ${compensation} ${removed} ${scope}`] ?? null;
  });
}

/** Takes the thumb with the mouse and drags it to a share of the track; the button stays down. */
export async function drag(page: Page, share: number): Promise<void> {
  const thumb = (await slider(page).boundingBox())!;
  await page.mouse.move(thumb.x + thumb.width / 2, thumb.y + thumb.height / 2);
  await page.mouse.down();
  await moveTo(page, share);
}

/** Moves the pointer along the slider to a share of its track. */
export async function moveTo(page: Page, share: number): Promise<void> {
  const track = (await slider(page).locator('xpath=../..').boundingBox())!;
  await page.mouse.move(track.x + track.width * share, track.y + track.height / 2, { steps: 12 });
  await shown(page);
}

/** Lets go of the slider, and waits until the page has settled on what is shown. */
export async function letGo(page: Page): Promise<void> {
  await page.mouse.up();
  await shown(page);
}

/** Presses a key of the slider, and waits until the page has settled on it. */
export async function press(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key);
  await shown(page);
}

/** Waits until what the page does in the next frame is done: the slider follows the pointer frame by frame. */
function shown(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
      }),
  );
}

/**
 * Waits until what fades in or out has done so: in the middle it would be measured at half its contrast. An animation
 * that is cancelled meanwhile (its element went away) has ended as well; one that never ends is not waited for.
 */
export function animationsEnded(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

/** 0.6125 → "61.3 %", as the page writes it. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A recipe file for the tiny network, which goes through all of it in seconds. */
export const tinyRecipe = (
  name: string,
  split: { readonly train: number; readonly val: number; readonly test: number },
  stages: readonly object[],
) => ({ version: 2, name, arch: { id: 'tiny' }, seed: 3, split, stages });

/** Presses Tab until it reaches the target; fails where it does not within twenty. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) break;
  }
  await expect(target).toBeFocused();
}

/** Drops a file or folder of this machine, as a hand would. */
export async function dropFile(page: Page, zone: Locator, ...files: string[]): Promise<void> {
  const { x, y } = (await zone.boundingBox())!;
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await cdp.send('Input.dispatchDragEvent', { type, x: x + 10, y: y + 10, data });
  }
}

/** Drops a file that is on no disk on the page. */
export async function dropBytes(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const files = await page.evaluateHandle(
    ([content, called]) => {
      const transfer = new DataTransfer();
      const data = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([data], called));
      return transfer;
    },
    [Buffer.from(bytes).toString('base64'), name] as const,
  );
  await page.dispatchEvent('#main', 'drop', { dataTransfer: files });
}

/** Pictures of the whole page in a folder, dark and light; none without a folder. */
export async function pictures(page: Page, folder: string | undefined, name: string): Promise<void> {
  if (!folder) return;
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await animationsEnded(page);
    await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}.png`), fullPage: true });
  }
}

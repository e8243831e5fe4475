/** What every spec of this suite does with the lab, by functions that run in the page. */

import type { Point, Tab } from './engine';
import { expect } from './fixtures';

/** The 8×8 pair: opens in a second or two. */
export const TINY = '?backend=wasm#model=tiny';

/** Opens an address and waits until all tiles are done. */
export async function openLab(tab: Tab, address: string): Promise<void> {
  await tab.go(address);
  await ready(tab);
}

export async function ready(tab: Tab): Promise<void> {
  await expect
    .poll(() =>
      tab.evaluate(() => {
        if (!window.__orbitLab) return 'no script of the page has run';
        const { trouble, status } = window.__orbitLab.lab();
        const { steps } = window.__orbitLab.opening();
        const so = steps.map(({ what, at }) => `${what} at ${at} ms`).join(', ');
        return (
          trouble?.message ?? (status === 'ready' ? status : `${status}: ${so}; now ${performance.now()}`)
        );
      }),
    )
    .toBe('ready');
}

/** Where the middle of the thumb is, and the ends of its track. */
export async function sliderAt(
  tab: Tab,
): Promise<{ readonly thumb: Point; readonly at: (share: number) => Point }> {
  const { thumb, left, width } = await tab.evaluate(() => {
    const element = document.querySelector('[role=slider][aria-label="Hidden neurons removed"]')!;
    const middle = (box: DOMRect) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    const track = element.parentElement!.parentElement!.getBoundingClientRect();
    return { thumb: middle(element.getBoundingClientRect()), left: track.x, width: track.width };
  });
  return { thumb, at: (share) => ({ x: left + width * share, y: thumb.y }) };
}

/** Drags the thumb to a share of its track, and lets go. */
export async function dragTo(tab: Tab, share: number): Promise<void> {
  const { thumb, at } = await sliderAt(tab);
  await tab.perform([{ to: thumb }, { pointer: 'down' }, { to: at(share / 2) }, { to: at(share) }]);
  await framesShown(tab);
  await tab.perform([{ to: at(share) }, { pointer: 'up' }]);
  await framesShown(tab);
}

/** Presses the button of that name with the pointer. */
export async function click(tab: Tab, name: string): Promise<void> {
  const find = (name: string): Point | null => {
    const button = [...document.querySelectorAll('button')].find(
      (each) => each.textContent?.trim() === name && !each.disabled,
    );
    button?.scrollIntoView({ block: 'center' });
    const box = button?.getBoundingClientRect();
    return box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;
  };
  await expect.poll(() => tab.evaluate(find, name)).not.toBeNull();
  await tab.perform([{ to: (await tab.evaluate(find, name))! }, { pointer: 'down' }, { pointer: 'up' }]);
}

/** Waits until what the page does in the next frame is done: the slider follows the pointer frame by frame. */
export const framesShown = (tab: Tab): Promise<void> =>
  tab.evaluate(
    () =>
      new Promise<void>((resolve) => {
        setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
      }),
  );

/**
 * A finger that goes up or down over a slider scrolls the page, and one that goes sideways moves the slider: Mantine takes
 * every touch at once. So its sliders see the start of a touch only when it goes their way. A tap they see as a click.
 * `touch-action: pan-y` (app.css) has the browser take the other ones.
 */
import { useEffect } from 'react';

const SLIDER = '.mantine-Slider-root';
/** Pixels from which on a touch goes somewhere. */
const FAR = 4;

interface Start {
  readonly target: EventTarget;
  readonly x: number;
  readonly y: number;
}

/** Whether a finger that moved so far moves a slider. */
export const goesSideways = (across: number, down: number): boolean =>
  Math.abs(across) >= FAR && Math.abs(across) > Math.abs(down);

export function SidewaysSliders() {
  useEffect(() => {
    let start: Start | null = null;
    const begin = (event: TouchEvent) => {
      start = null;
      if (!event.isTrusted || !(event.target as Element).closest?.(SLIDER)) return;
      event.stopPropagation();
      const [{ clientX: x, clientY: y }] = event.changedTouches;
      if (event.touches.length === 1) start = { target: event.target!, x, y };
    };
    const move = (event: TouchEvent) => {
      if (!start) return;
      const { target, x, y } = start;
      const [{ clientX, clientY }] = event.changedTouches;
      if (!goesSideways(clientX - x, clientY - y)) return;
      start = null;
      const { touches, targetTouches, changedTouches } = event;
      const lists = { touches: [...touches], targetTouches: [...targetTouches] };
      const all = { ...lists, changedTouches: [...changedTouches], bubbles: true, cancelable: true };
      target.dispatchEvent(new TouchEvent('touchstart', all));
    };
    const end = () => {
      start = null;
    };
    const listeners = [
      ['touchstart', begin],
      ['touchmove', move],
      ['touchend', end],
      ['touchcancel', end],
    ] as const;
    for (const [type, listener] of listeners)
      addEventListener(type, listener as EventListener, { capture: true, passive: true });
    return () => {
      for (const [type, listener] of listeners) removeEventListener(type, listener as EventListener, true);
    };
  }, []);
  return null;
}

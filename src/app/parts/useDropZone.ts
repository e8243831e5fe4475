/**
 * Files dropped anywhere on the page are taken by what is shown: by the view's own zone, wherever beside it they fall.
 * Text that is dropped into a field stays the field's, and a network is taken by the page (`PageDrop`).
 */
import { useEffect, useRef, useState } from 'react';

/** The zones on the page; the one that came last takes. */
const zones: ((event: DragEvent) => void)[] = [];

/** Whether something on the page takes files; those of a drop are given to it. */
export function giveToZone(event: DragEvent): boolean {
  const take = zones.at(-1);
  take?.(event);
  return take !== undefined;
}

export const hasFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes('Files') ?? false;

/** Takes what is dropped while it is shown; whether something is held over the page. */
export function useDropZone(take: (event: DragEvent) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    const zone = (event: DragEvent) => latest.current(event);
    const hold = (event: DragEvent) => {
      if (hasFiles(event)) setOver(true);
    };
    const leave = ({ relatedTarget }: DragEvent) => {
      if (relatedTarget === null) setOver(false);
    };
    // Before all others: what the page itself takes (a network) goes no further.
    const end = () => setOver(false);
    zones.push(zone);
    addEventListener('dragover', hold);
    addEventListener('dragleave', leave);
    addEventListener('drop', end, true);
    return () => {
      zones.splice(zones.indexOf(zone), 1);
      removeEventListener('dragover', hold);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', end, true);
    };
  }, []);
  return over;
}

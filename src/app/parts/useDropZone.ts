/** An element that takes dropped files: whether some are held over it, and the handlers that it spreads. */
import { type DragEvent, useEffect, useState } from 'react';

export function useDropZone(take: (event: DragEvent) => void) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // What the page itself takes (a network) never arrives here.
    const end = () => setOver(false);
    addEventListener('drop', end, true);
    return () => removeEventListener('drop', end, true);
  }, []);
  const zone = {
    onDragOver(event: DragEvent) {
      if (!event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave(event: DragEvent) {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop(event: DragEvent) {
      // Text that is dropped into a field stays the field's.
      if (!event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      setOver(false);
      take(event);
    },
  };
  return { over, zone };
}

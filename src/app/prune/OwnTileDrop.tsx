/** A tile that is dropped on the view, details open or not: it is asked about, and they open where the answer stands. */
import { useEffect, useRef } from 'react';
import { classify } from '../../state/drivers/session';
import { showDetails } from '../../state/prune/details';
import { useTile } from '../../state/prune/tile';
import { useDropZone } from '../parts/useDropZone';
import { TILE_TITLE } from './TileCard';

export function OwnTileDrop() {
  const dropped = useRef(false);
  useDropZone(({ dataTransfer }) => {
    const file = dataTransfer?.files[0];
    if (!file) return;
    dropped.current = true;
    showDetails();
    void classify(file);
  });
  const { status } = useTile(({ tile }) => tile);
  useEffect(() => {
    if (!dropped.current || (status !== 'done' && status !== 'failed')) return;
    dropped.current = false;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    document
      .getElementById(TILE_TITLE)
      ?.closest('section')
      ?.scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'center' });
  }, [status]);
  return null;
}

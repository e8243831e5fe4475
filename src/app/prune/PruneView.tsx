/**
 * The first view: the stage, on one screen; behind it, for those who want them, the details. `between` stands before them,
 * where there are any.
 */
import { type HotkeyItem, useHotkeys } from '@mantine/hooks';
import { type ReactNode, Suspense } from 'react';
import { useDetailsShown } from '../../state/prune/details';
import { redo, undo } from '../../state/prune/experiment';
import { Hideable } from '../parts/Hideable';
import { lazyView } from '../parts/lazyView';
import { OwnTileDrop } from './OwnTileDrop';
import { Stage } from './Stage';

const Details = lazyView(async () => ({ default: (await import('./Details')).Details }));

/** Of the details, for who leads to them. */
const DETAILS = 'prune-details';

export function PruneView({ between }: { between: ReactNode }) {
  const keys: HotkeyItem[] = [
    ['mod+Z', undo],
    ['mod+shift+Z', redo],
    ['mod+Y', redo],
  ];
  // Radio buttons and the slider have no undo of their own, so no element is left out.
  useHotkeys(keys, []);
  const isShown = useDetailsShown();
  return (
    <>
      <Hideable part="tile">
        <OwnTileDrop />
      </Hideable>
      <Stage details={DETAILS} />
      {isShown && (
        <div id={DETAILS} style={{ marginTop: 16 }}>
          {between}
          <Suspense fallback={<div className="card" style={{ minHeight: 480 }} aria-busy="true" />}>
            <Details />
          </Suspense>
        </div>
      )}
    </>
  );
}

/** The picture that a step of a lesson brings along, in front of the view that the lesson drives. */
import { Suspense } from 'react';
import { createPortal } from 'react-dom';
import { lazyView } from '../parts/lazyView';

const BenchOrbit = lazyView(() => import('../orbit/BenchOrbit'));

export function LessonFigure() {
  const place = document.getElementById('lesson-figure');
  if (!place) return null;
  return createPortal(
    <Suspense fallback={<div className="card" style={{ minHeight: 480 }} aria-busy="true" />}>
      <BenchOrbit />
    </Suspense>,
    place,
  );
}

/** A part of the page that a teacher can hide. */
import type { ReactNode } from 'react';
import { type Part, useIsHidden } from '../../state/page/flags';

export function Hideable({ part, children }: { part: Part; children: ReactNode }) {
  return useIsHidden(part) ? null : children;
}

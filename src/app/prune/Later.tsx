/**
 * Mounts its children a little later, each `Later` in a task of its own: drawing the view for the first time is then
 * several short tasks instead of a long one. Whoever uses it keeps the place.
 */
import { type ReactNode, startTransition, useEffect, useState } from 'react';

type Mount = () => void;
const waiting: Mount[] = [];

export function Later({ place = null, children }: { place?: ReactNode; children: ReactNode }) {
  const [due, setDue] = useState(false);
  useEffect(() => enqueue(() => startTransition(() => setDue(true))), []);
  return due ? children : place;
}

/** Runs mounts in the order in which they came, one per task; returns how to take one back. */
function enqueue(mount: Mount): () => void {
  waiting.push(mount);
  if (waiting.length === 1) setTimeout(next);
  return () => {
    const at = waiting.indexOf(mount);
    if (at >= 0) waiting.splice(at, 1);
  };
}

function next(): void {
  waiting[0]?.();
  waiting.shift();
  // After the paint, so that what was mounted is seen before the next one is.
  if (waiting.length > 0) requestAnimationFrame(() => setTimeout(next));
}

import type { Progress } from '../../state/page/lab';

/** "Painting the first tiles: 96 of 256". */
export function progressText(progress: Progress | null): string {
  if (!progress) return 'Starting …';
  const { what, done, total } = progress;
  const text = what.charAt(0).toUpperCase() + what.slice(1);
  return total > 1 ? `${text}: ${done} of ${total}` : `${text} …`;
}

import type { Progress } from '../../state/page/lab';
import { capital } from '../../state/words/format';

/** "Painting the first tiles: 96 of 256". */
export function progressText(progress: Progress | null): string {
  if (!progress) return 'Starting …';
  const { what, done, total } = progress;
  const text = capital(what);
  return total > 1 ? `${text}: ${done} of ${total}` : `${text} …`;
}

/** What is left of what was kept: said of what there is, never by heart. */
import { type KeptCounts, useLibrary } from '../page/library';
import { count } from './format';

/** That the browser's storage was deleted under the page, and what went with it. */
export function deletedSentence({ runs, datasets, networks, points }: KeptCounts): string {
  const gone = [
    [runs, 'run'],
    [datasets, 'data set'],
    [networks, 'network'],
    [points, 'measurement'],
  ] as const;
  const parts = gone.filter(([n]) => n > 0).map(([n, noun]) => count(n, noun));
  const deleted = 'What this browser had stored for this page was deleted meanwhile';
  if (parts.length === 0) return `${deleted}; nothing of yours was in it.`;
  const list = parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
  return `${deleted}, and with it ${list}. What is open on this page is still here: save it as files where you want to keep it.`;
}

/** `kept` says what is kept; where the storage was deleted, that is said instead. */
export const unlessDeleted = (kept: string): string => {
  const { lost } = useLibrary.getState();
  return lost ? deletedSentence(lost) : kept;
};

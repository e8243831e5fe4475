/** Whether the details behind the stage are open: a wish that is kept for the next visit, and no part of the link. */
import { create } from 'zustand';
import { keep, recall } from '../page/kept';
import { useLesson } from '../page/lesson';

const KEY = 'orbit-lab details';

export const useDetails = create<{ readonly open: boolean }>()(() => ({ open: recall(KEY) === true }));

export const toggleDetails = (): void => put(!useDetails.getState().open);

export const showDetails = (): void => put(true);

function put(open: boolean): void {
  useDetails.setState({ open });
  keep(KEY, open);
}

/** A lesson leads to all parts of the view, so it has them open for as long as it lasts. */
export function useDetailsShown(): boolean {
  const wish = useDetails(({ open }) => open);
  const lesson = useLesson(({ open }) => open !== null);
  return wish || lesson;
}

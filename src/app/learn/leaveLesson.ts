/** Back to the list, to where the lesson stands in it; what was set on the page stays. */
import { closeLesson } from '../../state/page/lesson';
import { showView } from '../../state/page/view';
import { whenThere } from './places';

/** id: of the lesson, where there is such a one. */
export function leaveLesson(id: string | null): void {
  showView('learn');
  closeLesson();
  scrollTo(0, 0);
  if (id) whenThere(`[data-lesson-entry=${id}] button`, (button) => button.focus());
}

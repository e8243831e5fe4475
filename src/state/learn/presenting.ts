/** A lesson in front of a class: it begins clean, whatever was tried alone before; afterwards that is there again. */

import { changeLesson, useLesson } from '../page/lesson';
import { settle } from '../prune/experiment';
import { beginClass, endClass, forgetLesson } from './lessonProgress';
import { useBoardTile } from './lessons/boardTile';
import { forgetSketch } from './sketching';

/** Only the first class of a page that was reloaded is one that goes on. */
let mayGoOn = true;

const isReloaded = (): boolean =>
  performance.getEntriesByType('navigation').some((entry) => 'type' in entry && entry.type === 'reload');

/** From now on it is the class's turn; returns how to end that. */
export function startClass(): () => void {
  const goesOn = mayGoOn && isReloaded();
  mayGoOn = false;
  if (!goesOn) cleanBoards();
  beginClass(goesOn);
  return () => {
    cleanBoards();
    endClass();
  };
}

/** What stands on the boards is of whoever worked on them last. */
function cleanBoards(): void {
  useBoardTile.setState({ at: 0, turns: null });
  forgetSketch();
}

/** From the beginning, with the whole network. */
export function nextClass(id: string): void {
  forgetLesson(id);
  cleanBoards();
  settle({ removed: 0 });
  changeLesson({ step: 1 });
}

export function togglePresenting(): void {
  const { open } = useLesson.getState();
  // At its first step a lesson begins with the whole network, as it does from the list.
  if (open && !open.presenting && open.step === 1) settle({ removed: 0 });
  changeLesson({ presenting: !open?.presenting });
}

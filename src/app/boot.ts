/**
 * The first script, and a small one: starts the worker, so that it loads and reads its script beside the page's own; then
 * the session, which tells the worker what to open; then the page. Nothing else belongs here.
 */
import '../state/drivers/firstWorker';
import { isFramedElsewhere, sayWhereItIs } from './frames';
import { sayWhereSlow } from './slow';

/** How often a script is asked for, and the pause before the second time, in milliseconds; later ones are longer. */
const TIMES = 5;
const PAUSE = 100;

/** Nothing can be said without the page's scripts: one that did not load (WebKit's at times do not) is asked for again. */
async function surely<T>(load: () => Promise<T>, time = 1): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (time === TIMES) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSE * time));
    return surely(load, time + 1);
  }
}

/** This script runs as soon as it is there, for the worker's sake: the page may not be. */
const pageThere = new Promise<void>((resolve) => {
  if (document.readyState !== 'loading') resolve();
  else document.addEventListener('DOMContentLoaded', () => resolve(), { once: true });
});

if (isFramedElsewhere()) void pageThere.then(sayWhereItIs);
else {
  // The session's scripts are few: while the page's are read, the worker computes.
  const session = surely(() => import('../state/drivers/session')).then(({ beginSession }) => beginSession());
  const shown = Promise.all([surely(() => import('./main')), session, pageThere]);
  void shown.then(([{ showPage }]) => showPage());
  sayWhereSlow(shown);
}

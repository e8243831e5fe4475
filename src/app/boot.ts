/**
 * The first script, and a small one: starts the worker, so that it loads and reads its script beside the page's own; then
 * the session, which tells the worker what to open; then the page. Nothing else belongs here.
 */
import '../state/drivers/firstWorker';
import { isFramedElsewhere, sayWhereItIs } from './frames';

if (isFramedElsewhere()) sayWhereItIs();
else {
  // The session's scripts are few: while the page's are read, the worker computes.
  const session = import('../state/drivers/session').then(({ beginSession }) => beginSession());
  void Promise.all([import('./main'), session]).then(([{ showPage }]) => showPage());
}

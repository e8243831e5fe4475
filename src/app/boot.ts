/**
 * The first script, and a small one: starts the worker, so that it loads and reads its script beside the page's own,
 * then the page. Nothing else belongs here.
 */
import '../state/drivers/firstWorker';

void import('./main');

/** Builds the page, and the page for tests, where a source is newer. */
import { ensureBuilt } from './setup.mjs';

ensureBuilt();
ensureBuilt('testing');

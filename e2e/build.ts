/** Has the page built, and the page for tests, where a source is newer. */
import { ensureBuilt } from '../scripts/setup.mjs';

export default function build(): void {
  ensureBuilt();
  ensureBuilt('testing');
}

/**
 * `node scripts/testing.mjs --port 4183`: what the tests in a browser open. Builds the page and the page for tests where a
 * source is newer, and serves the second as `npm start` does the first.
 */
import { parseArgs } from 'node:util';
import { ensureBuilt, root } from './setup.mjs';

const { values } = parseArgs({ options: { port: { type: 'string' } } });
ensureBuilt();
ensureBuilt('testing');

const { preview } = await import('vite');
await preview({
  root,
  mode: 'testing',
  logLevel: 'warn',
  preview: { port: Number(values.port), strictPort: true },
});

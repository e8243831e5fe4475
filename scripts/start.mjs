/** `npm start [-- --port 4173]`: installs what is missing, builds what is stale, serves the built site. */
import util from 'node:util';
import { ensureBuilt, ensureInstalled, fail, requireNode, root } from './setup.mjs';

requireNode();
const port = portFrom(process.argv.slice(2));
ensureInstalled();
ensureBuilt();

// Vite takes the next free port where this one is in use, so the address is read back from it.
const { preview } = await import('vite');
const server = await preview({ root, logLevel: 'warn', preview: { port } });
console.log(`\nOrbit Lab is open at ${server.resolvedUrls.local[0]}  (Ctrl+C ends it)\n`);

function portFrom(args) {
  let values;
  try {
    ({ values } = util.parseArgs({ args, options: { port: { type: 'string', default: '4173' } } }));
  } catch (error) {
    fail(`${error.message}. Usage: npm start -- --port 4173`);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    fail(`--port takes a number from 1 to 65535, not "${values.port}".`);
  }
  return port;
}

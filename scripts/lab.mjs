/**
 * `npm run -s lab -- <verb> …`. The command line is made one file first, where a source has changed since: a process of some
 * thousand modules takes a second longer to start.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureKernels } from './kernels.mjs';
import { ensureOneFile } from './oneFile.mjs';
import { root } from './setup.mjs';

await ensureKernels();
// Below node_modules, from where it finds the packages.
const file = path.join(root, 'node_modules/.cache/orbit-lab/lab.mjs');
await ensureOneFile(path.join(root, 'cli/main.ts'), file);
process.setSourceMapsEnabled(true);
await import(pathToFileURL(file).href);

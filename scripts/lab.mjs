/**
 * `npm run -s lab -- <verb> …`. The command line is made one file first, always anew, so that it is never stale: that
 * takes a tenth of a second, and a process of some two hundred modules takes more than a second longer to start.
 */
import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { sweepUnfinished, unfinishedName } from '../cli/node/unfinished.mjs';
import { ensureKernels } from './kernels.mjs';
import { root } from './setup.mjs';

await ensureKernels();

const entry = path.join(root, 'cli/main.ts');
// Below node_modules, from where it finds the packages. Two that start at once do not read each other's half-written file.
const file = path.join(root, 'node_modules/.cache/orbit-lab/lab.mjs');
const unfinished = unfinishedName(file);
await sweepUnfinished(path.dirname(file));

/** In one file too, each source of the command line finds other files of the project from where it lies itself. */
const ownAddresses = {
  name: 'own-addresses',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]cli[\\/].*\.ts$/ }, async ({ path: source }) => {
      const address = JSON.stringify(pathToFileURL(source).href);
      const text = await readFile(source, 'utf8');
      return { contents: text.replaceAll('import.meta.url', address), loader: 'ts' };
    });
  },
};

await build({
  entryPoints: [entry],
  outfile: unfinished,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  sourcemap: 'inline',
  sourcesContent: false,
  plugins: [ownAddresses],
  logLevel: 'error',
});
await rename(unfinished, file);
process.setSourceMapsEnabled(true);
await import(pathToFileURL(file).href);

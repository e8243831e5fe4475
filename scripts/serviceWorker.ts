/** A part of the build: the service worker (src/offline/serviceWorker.ts), told of every file that was built. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin, type ResolvedConfig } from 'vite';

/** Not kept: the service worker itself is the browser's to keep. */
const NAME = 'sw.js';

/** Kept when they were asked for, not before: ONNX Runtime and LiteRT, which are larger than all the rest, and what makes files for them. */
export const LATER = /\/(?:ort[.-]|onnxFile-|litert_|tfliteFile-)[^/]*\.(?:wasm|js)$/;

interface Entry {
  readonly url: string;
  /** Changes with the file; null where its name does. */
  readonly revision: string | null;
}

/** Adds `sw.js` to a build; the development server has none. headers: what it adds to all it hands out. */
export function serviceWorker(headers: Readonly<Record<string, string>>): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved: (resolved) => {
      config = resolved;
    },
    async closeBundle() {
      const { outDir, assetsDir, target } = config.build;
      const folder = path.resolve(config.root, outDir);
      const entries = await entriesOf(folder, assetsDir);
      await build({
        configFile: false,
        root: config.root,
        logLevel: 'warn',
        define: {
          __FILES__: JSON.stringify(entries.filter(({ url }) => !LATER.test(url))),
          __LATER__: JSON.stringify(entries.map(({ url }) => url).filter((url) => LATER.test(url))),
          __HEADERS__: JSON.stringify(headers),
          'process.env.NODE_ENV': '"production"',
        },
        build: {
          outDir,
          emptyOutDir: false,
          copyPublicDir: false,
          target,
          rolldownOptions: {
            input: 'src/offline/serviceWorker.ts',
            output: { format: 'iife', entryFileNames: NAME },
          },
        },
      });
    },
  };
}

/** Every file under a folder, by its address; those in `hashed` have their content's hash in their names. */
export async function entriesOf(folder: string, hashed: string): Promise<Entry[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile() && entry.name !== NAME)
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const url = path.relative(folder, file).split(path.sep).join('/');
      if (url.startsWith(`${hashed}/`)) return { url, revision: null };
      const hash = createHash('sha256').update(await readFile(file));
      return { url, revision: hash.digest('hex').slice(0, 16) };
    }),
  );
}

/**
 * Makes a program one file, and again where a source has changed. The first line of that file says of what it was made, its
 * sources with their sizes and times: so what is looked at and what is started are never of two builds, whoever else
 * builds at the same time.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { sweepUnfinished, unfinishedName } from '../cli/node/unfinished.mjs';
import { root } from './setup.mjs';

/**
 * Packages that go into the file: every command loads them, and Node reads them from hundreds of modules or, where they
 * are written in the older way, twice. The others are found where they are installed.
 */
const INSIDE = /^(@tensorflow\/tfjs(-core|-backend-cpu)?|@bufbuild\/protobuf|zod)(\/|$)/;

/** What decides the file beside its sources: how it is made, and which packages are installed. */
const ALWAYS = ['scripts/oneFile.mjs', 'tsconfig.json', 'node_modules/.package-lock.json'];

const MARK = '//made of ';
/** Bytes of that line, by far. */
const LONGEST = 1 << 19;

/** What older packages among them ask for by `require` are Node’s own modules. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

/** `entry` as one file of JavaScript at `file`, as its sources are now. */
export async function ensureOneFile(entry, file) {
  if (isFresh(file)) return;
  const begun = Date.now();
  // It starts a process of its own, which only who builds should wait for.
  const { build, stop } = await import('esbuild');
  const { metafile, outputFiles } = await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: 'inline',
    sourcesContent: false,
    plugins: [ownAddresses, packages],
    banner: { js: `${MARK}\n${REQUIRE}` },
    mainFields: ['module', 'main'],
    metafile: true,
    write: false,
    absWorkingDir: root,
    logLevel: 'error',
  });
  // Else it stays, with some hundred megabytes, for as long as the command runs: a worker's days.
  await stop();
  const sources = Object.keys(metafile.inputs).filter((source) => !source.includes('node_modules/'));
  const made = Object.fromEntries([...ALWAYS, ...sources].map((source) => [source, stateOf(source)]));
  // A source that was saved meanwhile may be in the file as it was or as it is: then it is made again the next time.
  const isKnown = Object.values(made).every((state) => state !== null && state[0] < begun);
  const unfinished = unfinishedName(file);
  await mkdir(path.dirname(file), { recursive: true });
  await sweepUnfinished(path.dirname(file));
  await writeFile(
    unfinished,
    outputFiles[0].text.replace(MARK, () => MARK + JSON.stringify(isKnown ? made : null)),
  );
  await rename(unfinished, file);
}

/** Whether a file is there, and all that it was made of is as it was. */
function isFresh(file) {
  const made = madeOf(file);
  return made !== null && Object.entries(made).every(([source, was]) => isSame(stateOf(source), was));
}

/** What a file says that it was made of; null where it is not there, or says nothing of the kind. */
function madeOf(file) {
  let opened;
  try {
    opened = openSync(file, 'r');
    // The line alone: of the whole file, which has megabytes, every command would wait for the reading.
    const start = Buffer.alloc(LONGEST);
    const [first] = start.toString('utf8', 0, readSync(opened, start)).split('\n', 1);
    return first.startsWith(MARK) ? JSON.parse(first.slice(MARK.length)) : null;
  } catch {
    return null;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/** When a source was changed, in milliseconds, and its bytes; null where there is none. */
function stateOf(source) {
  const found = statSync(path.join(root, source), { throwIfNoEntry: false });
  return found ? [found.mtimeMs, found.size] : null;
}

const isSame = (now, was) => now !== null && now[0] === was[0] && now[1] === was[1];

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

/** Which packages go into the file; of TensorFlow.js what the page takes too. */
const packages = {
  name: 'packages',
  setup({ onResolve }) {
    onResolve({ filter: /^@tensorflow\/tfjs$/ }, () => ({
      path: path.join(root, 'src/lab/runtime/tfjsParts.ts'),
    }));
    onResolve({ filter: /^[^./]/ }, ({ path: name, importer, kind }) =>
      kind === 'entry-point' || INSIDE.test(name) || importer.includes('node_modules')
        ? undefined
        : { external: true },
    );
  },
};

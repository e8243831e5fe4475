/**
 * Builds the kernels (kernels, AssemblyScript) into two files of WebAssembly: one whose memory threads share, and one
 * for pages where memory cannot be shared. Takes seconds; done again where a source is newer.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

const sources = path.join(root, 'kernels');
const folder = path.join(root, 'src/lab/runtime/kernels/built');

const builds = {
  'threads.wasm': ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'],
  'single.wasm': ['--enable', 'threads'],
};

/** Builds what is missing or older than its sources. */
export async function ensureKernels() {
  const newest = Math.max(...readdirSync(sources).map((file) => statSync(path.join(sources, file)).mtimeMs));
  mkdirSync(folder, { recursive: true });
  for (const [file, options] of Object.entries(builds)) {
    const target = path.join(folder, file);
    if (existsSync(target) && statSync(target).mtimeMs > newest) continue;
    await compile(target, options);
  }
}

/** Two that build at once do not read each other's half-written file. */
async function compile(target, options) {
  const unfinished = `${target}.${process.pid}`;
  // A compiler of some megabytes, which every command would wait for.
  const { default: asc } = await import('assemblyscript/asc');
  const { error, stderr } = await asc.main(
    [
      path.relative(root, path.join(sources, 'index.ts')),
      ...['--baseDir', root, '--outFile', path.relative(root, unfinished)],
      ...['-O3', '--converge', '--noAssert', '--runtime', 'stub'],
      ...['--enable', 'simd', '--enable', 'bulk-memory', '--importMemory', '--memoryBase', '4096'],
      ...['--initialMemory', '16', ...options],
    ],
    {},
  );
  if (error) throw new Error(`The kernels were not built: ${error.message}\n${stderr}`);
  renameSync(unfinished, target);
}

if (import.meta.filename === process.argv[1]) await ensureKernels();

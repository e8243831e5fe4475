/**
 * A folder of at most 40 MB that measures on a machine with a GPU and nothing else, without a network: Node, Dawn, Vulkan's
 * loader, and the bench as one script. `bash FOLDER/run.sh` there. Linux on x64, as this machine.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, createWriteStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { Say } from '../format';
import { fetchDawn } from './fetched';

const MOST_BYTES = 40e6;

/** What the loader and NVIDIA's driver open, from the system's package manager. */
const PACKAGES = ['libvulkan1', 'libegl1', 'libglvnd0', 'libgl1', 'libglx0', 'libopengl0', 'libgles2'];

export async function pack(folder: string, say: Say): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `A folder is packed on Linux x64, for such a machine; this is ${process.platform} ${process.arch}.`,
    );
  }
  mkdirSync(folder, { recursive: true });
  await compress(process.execPath, path.join(folder, 'node.xz'));
  await compress(path.join(fetchDawn(), 'dist/linux-x64/dawn.node'), path.join(folder, 'dawn.node.xz'));
  copyFileSync('bench/gpu/run.sh', path.join(folder, 'run.sh'));
  await bundle(path.join(folder, 'bench.mjs'));
  const loader = fetchLoader(folder);
  const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0);
  say([
    `${folder}: ${(bytes / 1e6).toFixed(1)} MB. On the machine with the GPU: bash ${path.basename(folder)}/run.sh`,
    loader
      ? `With Vulkan's loader (${PACKAGES.join(', ')}).`
      : 'Without Vulkan’s loader: libvulkan1 has to be there.',
  ]);
  if (bytes > MOST_BYTES) throw new Error(`The folder is larger than ${MOST_BYTES / 1e6} MB.`);
}

function compress(from: string, to: string): Promise<void> {
  rmSync(to, { force: true });
  const { status, stdout, stderr } = spawnSync('xz', ['-T0', '-c', from], { maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`xz failed on ${from}: ${stderr}`);
  return new Promise((resolve, reject) =>
    createWriteStream(to)
      .on('error', reject)
      .on('finish', () => resolve())
      .end(stdout),
  );
}

/** The packages into the folder, or false where there is no way to get them. */
function fetchLoader(folder: string): boolean {
  for (const file of readdirSync(folder)) if (file.endsWith('.deb')) rmSync(path.join(folder, file));
  return spawnSync('apt-get', ['download', '-qq', ...PACKAGES], { cwd: folder }).status === 0;
}

/** Some of tfjs's packages are CommonJS and ask for what only that has. */
const COMMON = [
  "import { createRequire as madeRequire } from 'node:module';",
  "import { fileURLToPath as pathOfUrl } from 'node:url';",
  "import { dirname as folderOf } from 'node:path';",
  'const require = madeRequire(import.meta.url);',
  'const __filename = pathOfUrl(import.meta.url);',
  'const __dirname = folderOf(__filename);',
].join(' ');

async function bundle(outfile: string): Promise<void> {
  await build({
    entryPoints: ['bench/gpu/packed.ts'],
    outfile,
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', minify: true, keepNames: true },
    banner: { js: COMMON },
    logLevel: 'error',
  });
}

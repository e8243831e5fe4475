/** The Chromium that the browser tests use: where it is, and the flags that make it run without a GPU. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/** Flags for every test browser: works as root in a container, makes no requests of its own. */
export const quiet = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
];

/** The same, with WebGPU emulated on the CPU by SwiftShader. */
export const softwareGpu = [
  ...quiet,
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-angle=swiftshader',
];

/**
 * The first Chromium that answers to `--version`, or undefined: the one named by `LAB_CHROMIUM`, then the usual names
 * on the PATH, then the one that Playwright downloaded. Before the others its build without windows, which is the one
 * that Playwright takes by itself and needs a sixth less of the processor's time.
 */
export function findChromium() {
  // A name that somebody gave is taken at its word, so that a wrong one is reported and not replaced.
  if (process.env.LAB_CHROMIUM) return process.env.LAB_CHROMIUM;
  const names = [
    'chromium-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
  ];
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const installed = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...installed, playwrightsOwn()].find((file) => existsSync(file) && answers(file));
}

/** Tries to get a Chromium, from Playwright, then from the system's package manager; its path, or undefined. */
export function installChromium() {
  console.log('No Chromium was found: downloading one for the browser tests by Playwright …');
  runs(process.execPath, [require.resolve('@playwright/test/cli'), 'install', 'chromium']);
  const downloaded = findChromium();
  if (downloaded) return downloaded;

  const [command, ...options] = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get'];
  // Nobody expects tests to change the machine: it is said first, and can be declined.
  console.log(
    `Playwright has none for this machine, so its package manager is asked: ${[command, ...options].join(' ')} install -y chromium-headless-shell, or else chromium. (LAB_CHROMIUM names a browser instead; LAB_SKIP_E2E=1 leaves the browser suites out.)`,
  );
  const installs = (name) => runs(command, [...options, 'install', '-y', name]);
  if (runs(command, [...options, 'update'])) installs('chromium-headless-shell') || installs('chromium');
  return findChromium();
}

/** A snap's stub, or a browser that misses system libraries, exists but does not answer. */
function answers(file) {
  return runs(file, ['--version'], 30_000);
}

function playwrightsOwn() {
  try {
    return require('@playwright/test').chromium.executablePath();
  } catch {
    return ''; // Playwright has no browser for this system.
  }
}

/** True where the command ends well; what it prints is dropped, and it is never asked anything. */
function runs(command, args, timeout = 600_000) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { env, stdio: 'ignore', timeout }).status === 0;
}

/** What `npm start` and `npm test` share: the right Node, the dependencies, the build. Node's own modules only. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Ends the process with one line on standard error. */
export function fail(line) {
  console.error(line);
  process.exit(1);
}

/** Ends the process where Node is too old to run the project. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22) return;
  fail(`Orbit Lab needs Node 20.19, 22.12 or newer; this is ${process.versions.node} (https://nodejs.org).`);
}

/** Runs `npm ci` where the installed packages differ from package-lock.json. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.log('Installing the dependencies (npm ci) …');
  // Development packages too, whatever NODE_ENV says: the build needs them. Without a network npm's own patience
  // with each package would add up to many minutes.
  const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const done = npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error', ...patience]);
  if (done.status === 0) return;
  const output = `${done.error ?? ''}${done.stderr}`;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/.test(output)) {
    fail(
      'The dependencies could not be installed: the package registry cannot be reached. Is this machine online?',
    );
  }
  const why =
    output.split('\n').find((line) => /^npm (error|ERR!) (?!code)/.test(line)) ??
    `npm ended with ${done.status}`;
  fail(`The dependencies could not be installed: ${why.replace(/^npm (error|ERR!) /, '')}`);
}

/**
 * Builds the site into dist where a source is newer than the last finished build, or, as `testing`, the page for the
 * tests in a browser into dist-testing.
 */
export function ensureBuilt(mode = 'production') {
  // The last file that a build writes.
  const last = path.join(root, mode === 'testing' ? 'dist-testing' : 'dist', 'sw.js');
  const manifests = readdirSync(path.join(root, 'datasets')).filter((name) => name.endsWith('.json'));
  const sources = [
    ...['src', 'kernels', 'public', 'scripts', 'docs', 'index.html', 'vite.config.ts', 'package-lock.json'],
    ...manifests.map((name) => path.join('datasets', name)),
  ];
  if (newest(last) > Math.max(...sources.map((name) => newest(path.join(root, name))))) return;
  console.log(mode === 'testing' ? 'Building the page for tests …' : 'Building …');
  const done = npm(['run', '--silent', 'build', '--', '--mode', mode, '--logLevel', 'warn']);
  if (done.status !== 0) {
    console.error(`${done.stdout}${done.stderr}`);
    fail('The build failed; the reason is above.');
  }
  if (mode === 'testing') paintTiles(path.join(root, 'dist-testing', 'painted.bin'));
}

/** The tiles of the page for tests, painted once for all that open it. */
function paintTiles(file) {
  const tsx = path.join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const done = spawnSync(process.execPath, [tsx, path.join(root, 'scripts', 'paintedTiles.ts'), file], {
    stdio: 'inherit',
  });
  if (done.status !== 0) fail('The tiles of the page for tests could not be painted; the reason is above.');
}

/**
 * True where every package of package-lock.json is installed in its version. npm keeps the list of what it installed
 * in node_modules/.package-lock.json, and writes it last.
 */
function isInstalled() {
  const record = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = packagesOf(path.join(root, 'package-lock.json'));
  const installed = packagesOf(record);
  return Object.entries(wanted).every(
    ([name, { version, optional, devOptional }]) =>
      // Optional packages for other systems are left out.
      name === '' || installed[name]?.version === version || ((optional || devOptional) && !installed[name]),
  );
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** The latest change under a path; a folder's own time tells that something in it was removed. */
function newest(place) {
  if (!existsSync(place)) return 0;
  const entry = statSync(place);
  if (!entry.isDirectory()) return entry.mtimeMs;
  return Math.max(entry.mtimeMs, ...readdirSync(place).map((name) => newest(path.join(place, name))));
}

/** Runs the npm that runs us, or the one on the PATH (a .cmd file on Windows, which needs a shell). */
function npm(args) {
  const script = process.env.npm_execpath;
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
  return script
    ? spawnSync(process.execPath, [script, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

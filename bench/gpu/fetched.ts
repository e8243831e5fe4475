/**
 * Dawn for Node is npm's `webgpu`: 130 MB for five systems, which nobody needs but who measures here. So it is no
 * dependency of the project; it is fetched, in this version, the first time it is asked for.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const VERSION = '0.6.2';
const folder = path.resolve(`node_modules/.cache/dawn-${VERSION}`);

/** The folder of the package. */
export function fetchDawn(): string {
  const home = path.join(folder, 'node_modules/webgpu');
  if (existsSync(path.join(home, 'index.js'))) return home;
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  const command = ['install', '--prefix', folder, ...options, `webgpu@${VERSION}`];
  const { status, stderr } = spawnSync('npm', command, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm's webgpu ${VERSION} could not be fetched: ${stderr.trim()}`);
  return home;
}

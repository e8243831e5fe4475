/**
 * `npm run screenshots` and `npm run recording`: build the page, and remake the pictures or the animated one under
 * docs/images.
 */
import { spawnSync } from 'node:child_process';
import { ensureInstalled, requireNode, root } from './setup.mjs';

const [what = 'screenshots', ...rest] = process.argv.slice(2);
const [tool, ...args] = [
  ...['@playwright/test/cli.js', 'test', what],
  ...['--config', 'e2e/playwright.config.ts', '--project', 'wasm'],
  ...rest,
];

requireNode();
ensureInstalled();
const { status } = spawnSync(process.execPath, [`node_modules/${tool}`, ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, LAB_SCREENSHOTS: 'docs/images' },
});
process.exitCode = status ?? 1;

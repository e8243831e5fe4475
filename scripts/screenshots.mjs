/**
 * `npm run screenshots` and `npm run recording`: build the page, and remake the pictures or the animated one under
 * docs/images.
 */
import { spawnSync } from 'node:child_process';
import { ensureInstalled, requireNode, root } from './setup.mjs';

const [what = 'screenshots'] = process.argv.slice(2);
const playwright = ['@playwright/test/cli.js', 'test', what, '--config', 'e2e/playwright.config.ts'];

requireNode();
ensureInstalled();
for (const [tool, ...args] of [
  ['vite/bin/vite.js', 'build', '--logLevel', 'warn'],
  [...playwright, '--project', 'wasm'],
]) {
  const { status } = spawnSync(process.execPath, [`node_modules/${tool}`, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, LAB_SCREENSHOTS: 'docs/images' },
  });
  if (status !== 0) process.exit(status ?? 1);
}

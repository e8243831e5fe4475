/** `npm run screenshots`: builds the page and remakes the pictures under docs/images. */
import { spawnSync } from 'node:child_process';
import { ensureInstalled, requireNode, root } from './setup.mjs';

requireNode();
ensureInstalled();
for (const command of [
  ['vite/bin/vite.js', 'build', '--logLevel', 'warn'],
  [
    '@playwright/test/cli.js',
    'test',
    'screenshots',
    '--config',
    'e2e/playwright.config.ts',
    '--project',
    'wasm',
  ],
]) {
  const [tool, ...args] = command;
  const { status } = spawnSync(process.execPath, [`node_modules/${tool}`, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, LAB_SCREENSHOTS: 'docs/images' },
  });
  if (status !== 0) process.exit(status ?? 1);
}

import { defineConfig } from '@playwright/test';
import { findChromium, quiet, softwareGpu } from '../scripts/chromium.mjs';

const port = Number(process.env.LAB_E2E_PORT ?? 4183);
const executablePath = findChromium();

/**
 * The end-to-end tests: a real browser on the page as it is built for tests, which is done where it is stale. `wasm` is a browser without a GPU;
 * `webgpu` has one emulated in software, and runs only `*.webgpu.spec.ts`.
 */
export default defineConfig({
  testDir: '.',
  // Others are vitest's.
  testMatch: '**/*.spec.ts',
  // A suite of its own.
  testIgnore: '**/engines/**',
  outputDir: '../test-results/e2e',
  // Covered elsewhere as well, or once more of the same: `npm test -- --thorough`.
  grepInvert: process.env.VITE_LAB_THOROUGH === '1' ? undefined : /@thorough/,
  workers: 2,
  // A machine that does other things beside takes several times as long.
  timeout: 300_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  // Each test has a fresh browser, which would keep all of the page again; offline.spec.ts allows it.
  use: { baseURL: `http://localhost:${port}/`, serviceWorkers: 'block' },
  webServer: {
    command: `node scripts/testing.mjs --port ${port}`,
    cwd: '..',
    url: `http://localhost:${port}/`,
    // It may have to build first.
    timeout: 300_000,
    reuseExistingServer: false,
  },
  projects: [
    {
      name: 'wasm',
      // The recording tests nothing: it is made on request (`npm run recording`).
      testIgnore: [
        '**/engines/**',
        '**/*.webgpu.spec.ts',
        ...(process.env.LAB_SCREENSHOTS ? [] : ['**/recording.spec.ts']),
      ],
      use: { browserName: 'chromium', launchOptions: { executablePath, args: quiet } },
    },
    {
      name: 'webgpu',
      testMatch: '**/*.webgpu.spec.ts',
      use: { browserName: 'chromium', launchOptions: { executablePath, args: softwareGpu } },
    },
  ],
});

import { defineConfig } from '@playwright/test';
import { ENGINES } from './fixtures';

/**
 * The suite of three browser engines, on the page built for tests: small, and about what differs among them.
 * Each is a project; one that is not installed is skipped, with a word about what is missing.
 */
export default defineConfig<{ engine: string }>({
  testDir: '.',
  globalSetup: '../build.ts',
  outputDir: '../../test-results/engines',
  workers: 2,
  // A machine that does other things beside takes several times as long.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  forbidOnly: Boolean(process.env.CI),
  projects: Object.keys(ENGINES).map((name) => ({ name, use: { engine: name } })),
});
